/**
 * `node emulator/test-support/write-docs.ts`: writes the pages of `emulator/docs` that come from tables.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { FIELDS_PAGE, fieldsPage, UNCONFIRMED_PAGE, unconfirmedPage } from './docs-pages.ts';

writeFileSync(FIELDS_PAGE, fieldsPage());
writeFileSync(UNCONFIRMED_PAGE, unconfirmedPage());
console.log(`written: ${FIELDS_PAGE}, ${UNCONFIRMED_PAGE}`);
