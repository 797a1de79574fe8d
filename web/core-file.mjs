// esbuild gives each set of entries that share a module a chunk of its own, and a page fetches five small ones with its
// first script: what they lose in compression, and in names between them, is a tenth of it. This puts all that the main
// entry needs at once into one file, core.js, and lets the other entries, those fetched by import() among them, import
// from it what they share with it.
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

const CORE = './core.js';
/** `import { … } from "./core.js"` and `export { … } from "./core.js"` as esbuild writes them. */
const FROM_CORE = /\b(?:import|export)\s*\{([^}]*)\}\s*from\s*"\.\/core\.js"/g;

/**
 * Builds `entries` (names in src/, the first of which is the main one), what they fetch by `import()` under its
 * module's name, and core.js. Rejects where two modules of core.js export the same name.
 * @param {readonly string[]} entries
 * @param {import('esbuild').BuildOptions & { outdir: string, absWorkingDir: string }} options
 */
export async function buildAroundCore(entries, options) {
  const { inputs } = await scan(entries, options);
  const folder = options.absWorkingDir;
  const first = `src/${entries[0]}.ts`;
  const core = await neededAtOnce(first, options);
  const late = Object.values(inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ kind, external, path }) => kind === 'dynamic-import' && !external && !core.has(path))
    .map(({ path }) => path);
  const others = [...new Set([...entries.map((name) => `src/${name}.ts`), ...late])];

  const files = new Set([...core].map((path) => resolve(folder, path)));
  const plugins = options.plugins ?? [];
  const { metafile } = await build({
    ...options,
    entryPoints: others,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    metafile: true,
    plugins: [outside('import-statement', (path) => (files.has(path) ? CORE : undefined)), ...plugins],
  });
  const scripts = Object.keys(metafile.outputs).filter((path) => path.endsWith('.js'));
  const wanted = new Set();
  for (const path of scripts)
    for (const [, names] of (await readFile(resolve(folder, path), 'utf8')).matchAll(FROM_CORE))
      for (const name of names.split(',')) wanted.add(name.trim().split(' as ')[0]);

  const homes = await homesOf(core, options);
  const lines = [...wanted].sort().map((name) => {
    const [home, another] = homes.get(name) ?? [];
    if (home === undefined || another !== undefined)
      throw new Error(`${name} must be exported by one module of ${CORE}, not by ${home} and ${another}.`);
    return `export { ${name} } from ${JSON.stringify(resolve(folder, home))};`;
  });
  const fetched = new Set(late.map((path) => resolve(folder, path)));
  const { outdir, ...rest } = options;
  await build({
    ...rest,
    outfile: join(outdir, 'core.js'),
    stdin: { contents: lines.join('\n'), sourcefile: 'core.ts', resolveDir: folder, loader: 'ts' },
    plugins: [
      outside('dynamic-import', (path) =>
        fetched.has(path) ? `./${basename(path).replace(/\.ts$/, '.js')}` : undefined,
      ),
      ...plugins,
    ],
  });
}

/** Who imports what, and how. */
async function scan(entries, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: entries.map((name) => `src/${name}.ts`),
    splitting: true,
    write: false,
    metafile: true,
  });
  return metafile;
}

/** The modules that the main entry needs at once, less those of which it uses nothing. */
async function neededAtOnce(main, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: [main],
    write: false,
    metafile: true,
    plugins: [outside('dynamic-import', (path) => path), ...(options.plugins ?? [])],
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return new Set(
    used.filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path !== main).map(([path]) => path),
  );
}

/** Name → the modules that export it. */
async function homesOf(modules, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: [...modules],
    bundle: false,
    external: undefined,
    plugins: [],
    write: false,
    metafile: true,
  });
  const homes = new Map();
  for (const { entryPoint, exports } of Object.values(metafile.outputs))
    for (const name of entryPoint === undefined ? [] : exports)
      homes.set(name, [...(homes.get(name) ?? []), entryPoint]);
  return homes;
}

/** Leaves imports of a kind to the address that `addressOf` answers for their file. */
function outside(kind, addressOf) {
  return {
    name: 'outside',
    setup(all) {
      all.onResolve({ filter: /\.ts$/ }, (asked) => {
        if (asked.kind !== kind || asked.importer === '') return undefined;
        const path = addressOf(resolve(asked.resolveDir, asked.path));
        return path === undefined ? undefined : { path, external: true, sideEffects: false };
      });
    },
  };
}
