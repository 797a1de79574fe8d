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

const pages = { [FIELDS_PAGE]: fieldsPage, [MODELS_PAGE]: modelsPage, [UNCONFIRMED_PAGE]: unconfirmedPage };
for (const [path, write] of Object.entries(pages)) {
  writeFileSync(path, write());
  console.log(`written: ${path}`);
}
