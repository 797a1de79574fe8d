/**
 * How long the bundle of the functions takes to load, beside nothing but the packages that it loads.
 * @module
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/root.ts';
import { type Estimate, estimate, quantile, type Spread, spreadOf } from './statistics.ts';

/** What a comparison of imports found, in ms. */
export interface ImportFigures {
  readonly pairs: number;
  readonly ours: Spread;
  readonly bare: Spread;
  readonly ratio: Estimate;
  /** The entry points of both. */
  readonly entries: readonly string[];
  readonly bundleKb: number;
}

const FOLDER = join(ROOT, 'functions');
const BUNDLE = join(FOLDER, 'dist', 'index.js');

/** Loads each in processes of their own, in turns, so many times; one of each goes before. The bundle must be built. */
export async function measureImports(
  pairs: number,
  { signal }: { readonly signal: AbortSignal },
): Promise<ImportFigures> {
  const source = await readFile(BUNDLE, 'utf8');
  const entries = packagesOf(source);
  const load = (specifiers: readonly string[]): Promise<number> => importMs(specifiers, signal);
  const ours = [pathToFileURL(BUNDLE).href];
  await load(ours);
  await load(entries);
  const taken: { readonly ours: number; readonly bare: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const isOursFirst = pair % 2 === 0;
    const first = await load(isOursFirst ? ours : entries);
    const second = await load(isOursFirst ? entries : ours);
    taken.push(isOursFirst ? { ours: first, bare: second } : { ours: second, bare: first });
  }
  return {
    pairs,
    ours: spreadOf(taken.map((each) => each.ours)),
    bare: spreadOf(taken.map((each) => each.bare)),
    ratio: estimate(
      taken,
      (some) =>
        quantile(
          some.map((each) => each.ours),
          0.5,
        ) /
        quantile(
          some.map((each) => each.bare),
          0.5,
        ),
    ),
    entries,
    bundleKb: source.length / 1_024,
  };
}

/** The packages' entry points that a bundle imports as it loads; what it imports later is left out. */
export function packagesOf(source: string): readonly string[] {
  const found = [...source.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|^import "([^"]+)"/gm)].map(
    ([, from, bare]) => from ?? bare ?? '',
  );
  return [...new Set(found)]
    .filter((name) => name !== '' && !name.startsWith('node:') && !name.startsWith('.'))
    .sort();
}

/** In a process of its own that does nothing else, in ms. */
async function importMs(specifiers: readonly string[], signal: AbortSignal): Promise<number> {
  const program = `const begun = performance.now();
for (const each of ${JSON.stringify(specifiers)}) await import(each);
console.log(performance.now() - begun);
process.exit(0);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    // Bare names are looked up from here.
    { cwd: FOLDER, env: { PATH: process.env.PATH }, signal },
  );
  const ms = Number(stdout.trim());
  if (!(ms > 0)) throw new Error(`Importing ${specifiers.join(', ')} printed: ${stdout}`);
  return ms;
}
