/**
 * The arrows between packages: `protocol ← { functions, web, emulator, dashboard, demo } ← { scripts, test }`;
 * `dashboard` and `demo` may import `web`.
 * @module
 */
import { posix } from 'node:path';

/** A workspace package or a folder of the root. */
export type Unit = 'protocol' | 'functions' | 'web' | 'emulator' | 'dashboard' | 'demo' | 'scripts' | 'test';

/** What of a `package.json` counts. */
export interface Manifest {
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Everything the rules look at. */
export interface Repository {
  /** Path from the root, with `/` → source. */
  readonly sources: Readonly<Record<string, string>>;
  readonly manifests: Readonly<Record<Exclude<Unit, 'scripts' | 'test'> | 'root', Manifest>>;
}

/** Unit → the units it may import. */
const ARROWS: Readonly<Record<Unit, readonly Unit[]>> = {
  protocol: [],
  functions: ['protocol'],
  web: ['protocol'],
  emulator: ['protocol'],
  dashboard: ['protocol', 'web'],
  demo: ['protocol', 'web'],
  scripts: ['protocol', 'functions', 'emulator'],
  test: ['protocol', 'functions', 'web', 'emulator', 'dashboard', 'demo', 'scripts'],
};
/** Units whose code runs under Node; the others run in a browser, or anywhere. */
const ON_NODE: readonly Unit[] = ['functions', 'emulator', 'scripts', 'test'];
const SCOPE = '@livegate/';

/** Every import that breaks a rule, as `file: why`. */
export function brokenArrows(repository: Repository): readonly string[] {
  return Object.entries(repository.sources).flatMap(([file, source]) =>
    importsOf(source).flatMap((specifier) => {
      const why = problem(file, specifier, repository);
      return why === undefined ? [] : [`${file}: ${why}`];
    }),
  );
}

/** The specifiers of a source's imports and re-exports, static and dynamic. */
export function importsOf(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
  const forms = [
    /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /(?<![-\w])import\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map(([, specifier = '']) => specifier));
}

function problem(file: string, specifier: string, repository: Repository): string | undefined {
  const from = file.split('/')[0] as Unit;
  // What is not below a package's src, and its tests, is no part of what is shipped.
  const isTooling = !file.startsWith(`${from}/src/`) || /\.test\.tsx?$/.test(file);
  if (specifier.startsWith('.')) return relativeProblem(file, specifier, repository);
  if (specifier.startsWith(SCOPE)) return packageProblem(from, specifier, repository);
  if (specifier.startsWith('node:'))
    return isTooling || ON_NODE.includes(from)
      ? undefined
      : `${specifier}: ${from} does not run under Node only`;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const { manifests } = repository;
  const manifestsInReach =
    from === 'test'
      ? Object.values(manifests)
      : [...(from === 'scripts' ? [] : [manifests[from]]), ...(isTooling ? [manifests.root] : [])];
  if (manifestsInReach.some((manifest) => dependenciesOf(manifest).has(name))) return undefined;
  return `${name} is not a dependency of ${from === 'scripts' ? 'the root' : from}`;
}

/**
 * A relative path stays in its unit. Tests and scripts may reach into a package that exports nothing; tests into
 * scripts as well, and into what a package keeps for tests.
 */
function relativeProblem(file: string, specifier: string, { manifests }: Repository): string | undefined {
  const from = file.split('/')[0] as Unit;
  const target = posix.join(posix.dirname(file), specifier);
  const to = target.split('/')[0] as Unit;
  if (to === from || target === 'package.json') return undefined;
  if (from === 'test' && (to === 'scripts' || target.startsWith(`${to}/test-support/`))) return undefined;
  const isInner = from === 'test' || (from === 'scripts' && ARROWS.scripts.includes(to));
  if (isInner && to in manifests && manifests[to as keyof typeof manifests].exports === undefined)
    return undefined;
  return `${specifier} reaches into ${to} by path`;
}

function packageProblem(from: Unit, specifier: string, { manifests }: Repository): string | undefined {
  const [name = '', ...inside] = specifier.slice(SCOPE.length).split('/');
  const to = name as Exclude<Unit, 'scripts' | 'test'>;
  if (!(to in manifests)) return `${specifier}: there is no such package`;
  if (!ARROWS[from].includes(to)) return `${from} must not import ${to}`;
  const entry = inside.length === 0 ? '.' : `./${inside.join('/')}`;
  const exported = Object.keys(manifests[to].exports ?? {}).some((key) =>
    key.endsWith('*') ? entry.startsWith(key.slice(0, -1)) : key === entry,
  );
  return exported ? undefined : `${specifier} is not exported by ${to}`;
}

function dependenciesOf(manifest: Manifest): ReadonlySet<string> {
  return new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...Object.keys(manifest.devDependencies ?? {}),
  ]);
}
