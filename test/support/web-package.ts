/**
 * The web module as others get it.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
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

/** Runs npm and answers what it said. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const isWindows = process.platform === 'win32';
  const { stdout } = await run(isWindows ? 'npm.cmd' : 'npm', args, { cwd, shell: isWindows });
  return stdout;
}

/** Packs the module, built, as it would be published; answers the tarball's path in `target`. */
export async function packWeb(target: string): Promise<string> {
  await npm(['pack', '--pack-destination', target], web);
  const tarball = (await readdir(target)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball.');
  return join(target, tarball);
}
