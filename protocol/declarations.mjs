// The published declarations of a package that is built on @livegate/protocol: what TypeScript makes of its entries, the
// files they reach and no others, and with the protocol's beside them, because that is not published.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROTOCOL = '@livegate/protocol';
/** `import … from 'x'`, `export … from 'x'`: the words between, and what from. */
const FROM = /\b(import|export)\s+(type\s+)?(\{[^}]*\}|\*(?:\s+as\s+\w+)?)\s+from\s+'([^']+)'/g;
/** A constructor for the package alone: its parameters' types are nobody else's. */
const INTERNAL_CONSTRUCTOR = /\/\*\* @internal \*\/\s+constructor\([^)]*\);/g;
/** Anything else for the package alone: a member or a constant, or an interface. */
const INTERNAL =
  /\/\*\*(?:(?!\*\/)[\s\S])*@internal(?:(?!\*\/)[\s\S])*\*\/\s+(?:export interface [^}]*\}|[^;]*;)\s*/g;
/** `import('x')` in a type. */
const INLINE = /\bimport\(["']([^"']+)["']\)/g;

/**
 * Writes `<outdir>/types/<entry>.d.ts` and what they reach. Rejects with the compiler's words where the source has
 * errors.
 * @param {readonly string[]} entries names of entry modules, without their ending
 * @param {{ readonly folder: string, readonly outdir: string }} where `folder`: the package's own, with its
 *   `tsconfig.declarations.json`
 */
export async function writeDeclarations(entries, { folder, outdir }) {
  const emitted = await mkdtemp(join(tmpdir(), 'livegate-declarations-'));
  try {
    await emit(folder, emitted);
    const own = join(emitted, basename(folder), 'src');
    const protocol = join(emitted, 'protocol/src');
    const homes = await homesOf(join(protocol, 'index.d.ts'));
    const target = (/** @type {string} */ file) =>
      file.startsWith(own + sep)
        ? join(outdir, 'types', relative(own, file))
        : join(outdir, 'types/protocol', relative(protocol, file));
    const waiting = entries.map((entry) => join(own, `${entry}.d.ts`));
    const seen = new Set(waiting);
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const reach = (/** @type {string} */ reached) => {
        if (!seen.has(reached)) waiting.push(reached);
        seen.add(reached);
        const path = relative(dirname(target(file)), target(reached))
          .split(sep)
          .join('/');
        return (path.startsWith('.') ? path : `./${path}`).replace(/\.d\.ts$/, '.js');
      };
      const text = await rewritten(file, { reach, protocol, homes });
      await mkdir(dirname(target(file)), { recursive: true });
      await writeFile(target(file), text);
    }
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {string} outdir
 */
async function emit(folder, outdir) {
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const project = join(folder, 'tsconfig.declarations.json');
  try {
    await run(process.execPath, [tsc, '-p', project, '--outDir', outdir], { cwd: folder });
  } catch (error) {
    throw new Error(`The declarations could not be made:\n${error.stdout}`, { cause: error });
  }
}

/**
 * In which file each of the protocol's public names is declared.
 * @param {string} index
 * @returns {Promise<Map<string, string>>}
 */
async function homesOf(index) {
  const homes = new Map();
  for (const [, , , names = '', from = ''] of (await readFile(index, 'utf8')).matchAll(FROM))
    for (const name of namesIn(names)) homes.set(name.replace(/^type /, ''), declared(dirname(index), from));
  return homes;
}

/**
 * A declaration file whose every specifier leads to a published file.
 * @param {string} file
 * @param {{ reach: (file: string) => string, protocol: string, homes: Map<string, string> }} options
 */
async function rewritten(file, { reach, homes }) {
  const text = (await readFile(file, 'utf8'))
    .replaceAll(INTERNAL_CONSTRUCTOR, 'protected constructor();')
    .replaceAll(INTERNAL, '');
  return withoutUnused(text)
    .replaceAll(FROM, (whole, word, type = '', names, from) => {
      if (from.startsWith('.'))
        return statement(word, `${type}${names}`, reach(declared(dirname(file), from)));
      if (from !== PROTOCOL) return whole;
      // A file that the protocol exports whole, under one name.
      const fileOf = (/** @type {string} */ name) => homes.get(`* as ${name}`);
      const spaces = namesIn(names).filter(fileOf);
      const others = namesIn(names).filter((name) => !fileOf(name));
      return [
        ...spaces.map((name) => statement(word, `${type}* as ${name}`, reach(fileOf(name) ?? ''))),
        ...[...byHome(others, homes)].map(([home, own]) =>
          statement(word, `${type}{ ${own.join(', ')} }`, reach(home)),
        ),
      ].join(';\n');
    })
    .replaceAll(INLINE, (whole, from) => {
      if (from === PROTOCOL) throw new Error(`${file} names ${PROTOCOL} inside a type: import it instead.`);
      return from.startsWith('.') ? whole.replace(from, reach(declared(dirname(file), from))) : whole;
    });
}

/**
 * Without the imports that only a constructor's parameters needed.
 * @param {string} text
 */
function withoutUnused(text) {
  return text.replaceAll(FROM, (whole, word, type = '', names, from) => {
    if (word === 'export' || !names.startsWith('{')) return whole;
    const rest = text.replaceAll(FROM, '');
    const used = namesIn(names).filter((name) =>
      new RegExp(`\\b${name.replace(/^type /, '').replace(/^.* as /, '')}\\b`).test(rest),
    );
    return used.length > 0 ? statement(word, `${type}{ ${used.join(', ')} }`, from) : 'export {}';
  });
}

/**
 * @param {readonly string[]} names
 * @param {Map<string, string>} homes
 */
function byHome(names, homes) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const name of names) {
    const home = homes.get(name.replace(/^type /, '').replace(/ as .*$/, ''));
    if (home === undefined) throw new Error(`${PROTOCOL} does not export ${name}.`);
    found.set(home, [...(found.get(home) ?? []), name]);
  }
  return found;
}

const namesIn = (/** @type {string} */ braces) =>
  braces
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const declared = (/** @type {string} */ folder, /** @type {string} */ specifier) =>
  join(folder, specifier.replace(/\.ts$/, '.d.ts'));

const statement = (
  /** @type {string} */ word,
  /** @type {string} */ names,
  /** @type {string} */ specifier,
) => [word, names, 'from', `'${specifier}'`].join(' ');
