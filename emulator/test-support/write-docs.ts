/**
 * `node emulator/test-support/write-docs.ts`: writes the pages of `emulator/docs` that come from tables.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { FIELDS_PAGE, fieldsPage } from './docs-pages.ts';

writeFileSync(FIELDS_PAGE, fieldsPage());
console.log(`written: ${FIELDS_PAGE}`);
