/**
 * The web module as others get it.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const web = fileURLToPath(new URL('../../web', import.meta.url));

/** Builds the module into a new folder and answers it. The caller removes it. */
export async function buildWeb(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-web-'));
  await run(process.execPath, [join(web, 'build.mjs'), '--outdir', folder]);
  return folder;
}
