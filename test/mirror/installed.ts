/**
 * What of @firebase/ai is installed, and where the table is kept.
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const manifest = createRequire(import.meta.url).resolve('@firebase/ai/package.json');

/** Of the installed package. */
export const INSTALLED_VERSION: string = JSON.parse(readFileSync(manifest, 'utf8')).version;
/** The committed table. */
export const TABLE_PATH = fileURLToPath(new URL('live-api.md', import.meta.url));

/** Its published declarations, all in one file. */
export function installedDeclarations(): string {
  return readFileSync(join(dirname(manifest), 'dist', 'ai-public.d.ts'), 'utf8');
}
