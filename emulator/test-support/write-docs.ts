/**
 * `node emulator/test-support/write-docs.ts`: writes the pages of `emulator/docs` that come from tables.
 * @module
 */
import { writeFileSync } from 'node:fs';
import {
  FIELDS_PAGE,
  fieldsPage,
  MODELS_PAGE,
  modelsPage,
  UNCONFIRMED_PAGE,
  unconfirmedPage,
} from './docs-pages.ts';
import { describedSchema, SCHEMA_FILE } from './scenario-schema.ts';

const pages = { [FIELDS_PAGE]: fieldsPage, [MODELS_PAGE]: modelsPage, [UNCONFIRMED_PAGE]: unconfirmedPage };
for (const [path, write] of Object.entries(pages)) {
  writeFileSync(path, write());
  console.log(`written: ${path}`);
}
writeFileSync(SCHEMA_FILE, JSON.stringify(describedSchema()));
console.log(`written: ${SCHEMA_FILE}; npm run format lays it out`);
