/**
 * Builds the pages: one for each module, all by the same bundler, the web module as it is published.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../../scripts/root.ts';
import { ADAPTERS } from './adapters.ts';
import type { ServedFile } from './bench-server.ts';
import { RECORDER, RECORDER_PATH } from './ear.ts';
import { REFERENCE, REFERENCE_PATH } from './reference-microphone.ts';

const SCRIPT = 'text/javascript';

/** Builds web/ into a folder, hands it to `use`, removes it. */
export async function withBuiltWeb<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-bench-'));
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'web', 'build.mjs'), '--outdir', folder]);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files of {@link BenchServer}, by path: `/<adapter>` and `/codec` are pages. */
export async function buildPages(webFolder: string): Promise<Map<string, ServedFile>> {
  const files = new Map<string, ServedFile>();
  const page = (name: string, script: string): void => {
    const body = `<!doctype html><title>${name}</title><script type="module" src="${script}"></script>`;
    files.set(`/${name}`, { type: 'text/html', body });
  };
  const names = [...ADAPTERS.map((adapter) => `with-${adapter}`), 'codec'];
  const { outputFiles } = await build({
    entryPoints: names.map((name) => fileURLToPath(new URL(`page/${name}.ts`, import.meta.url))),
    outdir: join(webFolder, 'pages'),
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    alias: { '@livegate/web': join(webFolder, 'index.js') },
    nodePaths: [join(ROOT, 'node_modules')],
    logLevel: 'silent',
  });
  for (const { path, contents } of outputFiles)
    files.set(`/${path.slice(join(webFolder, 'pages').length + 1)}`, { type: SCRIPT, body: contents });
  for (const adapter of ADAPTERS) page(adapter, `/with-${adapter}.js`);
  page('codec', '/codec.js');
  // Worklets, the workers, and whatever chunks they or the module load by address.
  for (const name of await readdir(webFolder))
    if (name.endsWith('.js') && !files.has(`/${name}`))
      files.set(`/${name}`, { type: SCRIPT, body: await readFile(join(webFolder, name)) });
  files.set(RECORDER_PATH, { type: SCRIPT, body: RECORDER });
  files.set(REFERENCE_PATH, { type: SCRIPT, body: REFERENCE });
  return files;
}
