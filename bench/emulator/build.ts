/**
 * The emulator as its package has it, built beside the repository's own files.
 * @module
 */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { runTool } from '../../scripts/tool.ts';

/** Where the parts are. */
export interface EmulatorBuild {
  readonly index: string;
  readonly command: string;
}

/** Builds it. Its dependencies are found in the repository's node_modules. */
export async function buildEmulator(): Promise<EmulatorBuild> {
  const source = join(ROOT, 'emulator');
  const folder = join(ROOT, '.livegate', 'bench-emulator');
  await mkdir(folder, { recursive: true });
  await cp(join(source, 'package.json'), join(folder, 'package.json'));
  await cp(join(source, 'bin'), join(folder, 'bin'), { recursive: true });
  const code = await runTool(join(source, 'build.mjs'), ['--outdir', join(folder, 'dist')], {
    output: 'quiet',
  });
  if (code !== 0) throw new Error('The emulator could not be built; the reason stands above.');
  return { index: join(folder, 'dist', 'index.js'), command: join(folder, 'bin', 'livegate-emulator.mjs') };
}
