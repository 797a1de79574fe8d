// Bundles the module into dist/: the entries for bundlers and browsers, what they share in core.js, and the audio
// worklets and worker as files beside them, each complete in itself, because they are loaded by address.
// @livegate/protocol is inlined (it is not published), firebase and react stay the page's own. Declarations go to
// dist/types/. `node build.mjs --outdir <folder>` builds elsewhere.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeDeclarations } from '@livegate/protocol/declarations';
import { build } from 'esbuild';
import { buildAroundCore } from './core-file.mjs';
import { protocolImports } from './protocol-imports.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { outdir: { type: 'string', default: `${here}dist` } } });
const outdir = resolve(values.outdir);
const ENTRIES = ['index', 'react', 'firestore', 'testing'];

const shared = {
  absWorkingDir: here,
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [protocolImports],
};

await rm(outdir, { recursive: true, force: true });
await Promise.all([
  // Beside the worklets, because core.js names them.
  buildAroundCore(ENTRIES, { ...shared, external: ['firebase', 'firebase/*', 'react'] }),
  // Bundlers copy these as they are, so they are as small as they get here.
  build({
    ...shared,
    entryPoints: ['src/capture.worklet.ts', 'src/playback.worklet.ts', 'src/live.worker.ts'],
    minify: true,
  }),
  writeDeclarations(ENTRIES, { folder: resolve(here), outdir }),
]);
