// Bundles the emulator into dist/: the library, the command, and what both share or load only when it is wanted.
// @livegate/protocol is inlined (it is not published); every other package stays the installer's. Declarations go to
// dist/types/. `node build.mjs --outdir <folder>` builds elsewhere.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeDeclarations } from '@livegate/protocol/declarations';
import { build } from 'esbuild';

const folder = resolve(fileURLToPath(new URL('.', import.meta.url)));
const { values } = parseArgs({ options: { outdir: { type: 'string', default: `${folder}/dist` } } });
const outdir = resolve(values.outdir);

await rm(outdir, { recursive: true, force: true });
await Promise.all([
  build({
    absWorkingDir: folder,
    entryPoints: ['src/index.ts', 'src/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    external: ['@echogarden/*', '@peculiar/x509', 'reflect-metadata', 'ws', 'yaml'],
    sourcemap: true,
    logLevel: 'warning',
  }),
  writeDeclarations(['index'], { folder, outdir }),
]);
