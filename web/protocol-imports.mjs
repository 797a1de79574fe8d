// esbuild puts everything that an index re-exports into one chunk as soon as two chunks want anything of it. This
// plugin lets each file import what it names from the file of @livegate/protocol that has it, so that a page fetches
// with its first script what that needs, and no more.
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const INDEX = fileURLToPath(import.meta.resolve('@livegate/protocol'));

/** Name → file, as the index exports it. */
async function filesByName() {
  const files = new Map();
  for (const [, names, file] of (await readFile(INDEX, 'utf8')).matchAll(
    /export \{([^}]*)\} from '([^']+)'/g,
  ))
    for (const name of names.split(',')) files.set(name.trim(), join(dirname(INDEX), file));
  return files;
}

/** The plugin. Fails where a file imports a name that the index does not export by itself. */
export const protocolImports = {
  name: 'protocol-imports',
  async setup(build) {
    const files = await filesByName();
    build.onLoad({ filter: /web[\\/]src[\\/][\w.-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      // What is written here stands in the source maps: it must be the same wherever the module is built.
      const from = (file) => JSON.stringify(relative(dirname(path), file).split(sep).join('/'));
      const contents = source.replace(
        /^import \{([^}]*)\} from '@livegate\/protocol';/gm,
        (whole, names) =>
          names
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== '' && !name.startsWith('type '))
            .map((name) => `import { ${name} } from ${from(files.get(name.split(' as ')[0]))};`)
            .join(' ') + '\n'.repeat(whole.split('\n').length - 1),
      );
      return { contents, loader: 'ts' };
    });
  },
};
