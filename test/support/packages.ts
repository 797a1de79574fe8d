/**
 * The packages as others get them.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the module into a new folder and answers it. The caller removes it. */
export async function buildWeb(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-web-'));
  await run(process.execPath, [join(ROOT, 'web/build.mjs'), '--outdir', folder]);
  return folder;
}

/** Runs npm and answers what it said. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const isWindows = process.platform === 'win32';
  const { stdout } = await run(isWindows ? 'npm.cmd' : 'npm', args, { cwd, shell: isWindows });
  return stdout;
}

/** Packs a package, built, as it would be published; answers the tarball's path in `target`. */
export async function packPackage(name: 'web' | 'emulator', target: string): Promise<string> {
  await npm(['pack', '--pack-destination', target], join(ROOT, name));
  const tarball = (await readdir(target)).find((file) => file.startsWith(`livegate-${name}-`));
  if (tarball === undefined) throw new Error('npm pack made no tarball.');
  return join(target, tarball);
}
