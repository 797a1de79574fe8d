/**
 * `npm run bench:web`: how fast the web module is, beside firebase/ai and @google/genai, in one run.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, platform, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from '../../scripts/chromium.ts';
import { onInterrupt } from '../../scripts/interrupt.ts';
import { step } from '../../scripts/progress.mjs';
import { ROOT } from '../../scripts/root.ts';
import { type Table, tableLines } from '../functions/table.ts';
import { BenchServer } from './bench-server.ts';
import { FigureBook } from './figure-book.ts';
import { buildPages, withBuiltWeb } from './pages.ts';
import { lostLine, resultTable, verdictLine, verdictsOf } from './result-table.ts';
import { ROWS, type Row } from './rows.ts';
import { TONES_48_PATH, tones } from './runs/tones-run.ts';

const PAGE = 'bench/README.md';
const BEGIN = '<!-- Written by `npm run bench:web -- --write`. Figures of a run, not promises. -->';
const END = '<!-- The end of what is written by the bench. -->';
/** Fewer rounds than this decide nothing. */
const LEAST_ROUNDS = 5;

/** Measures, prints, and writes the page where asked. 1 with `--check` where an aim is missed; 2 for a wrong option. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: String(LEAST_ROUNDS) },
    },
  });
  const rounds = Number(values.runs);
  const least = values.write ? LEAST_ROUNDS : 1;
  const unknown = values.only.filter((id) => !ROWS.some((row) => row.id === id));
  const complaint =
    !Number.isInteger(rounds) || rounds < least
      ? `--runs takes a whole number, ${least} or more${values.write ? ' with --write' : ''}.`
      : unknown.length > 0
        ? `There is no row "${unknown[0]}". There are: ${ROWS.map(({ id }) => id).join(', ')}.`
        : values.write && values.only.length > 0
          ? '--write takes all rows.'
          : undefined;
  if (complaint) {
    console.error(complaint);
    return 2;
  }
  const rows = values.only.length > 0 ? ROWS.filter(({ id }) => values.only.includes(id)) : ROWS;
  const abort = new AbortController();
  const interrupt = onInterrupt({ first: () => abort.abort(), second: () => process.exit(1) });
  try {
    const book = await measure(rows, { rounds, signal: abort.signal });
    const verdicts = verdictsOf(rows, book);
    const table = resultTable(rows, book, verdicts);
    console.log(`\n${tableLines(table).join('\n')}`);
    const line = verdictLine(verdicts);
    if (book.lost.length > 0) console.log(`${lostLine(book)}\n`);
    if (values.write) {
      await writePage(table, { rounds, line, lost: lostLine(book) });
      console.log(`Written: ${PAGE}\n`);
    }
    console.log(line);
    const isShort = book.lost.length > 0 || verdicts.some(({ isMet }) => !isMet);
    return values.check && isShort ? 1 : 0;
  } finally {
    interrupt.forget();
  }
}

/** Progress, on stderr: the table is what goes to stdout. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function measure(
  rows: readonly Row[],
  { rounds, signal }: { readonly rounds: number; readonly signal: AbortSignal },
): Promise<FigureBook> {
  return withBuiltWeb(async (webFolder) => {
    const files = await step('Building the pages', () => buildPages(webFolder), { write: say });
    const sound48 = tones(48_000).samples;
    files.set(TONES_48_PATH, {
      type: 'application/octet-stream',
      body: new Uint8Array(sound48.buffer, sound48.byteOffset, sound48.byteLength),
    });
    const server = await BenchServer.start(files);
    const book = new FigureBook();
    try {
      for (const { id, run: measureRow } of rows)
        await step(
          `Measuring ${id}`,
          () => measureRow({ server, book, rounds, webFolder, signal, tell: (line) => say(`  ${line}`) }),
          { write: say },
        );
      return book;
    } finally {
      await server.close();
    }
  });
}

/** Puts the table between the page's marks. What stands around them is written by hand. */
async function writePage(
  table: Table,
  { rounds, line, lost }: { readonly rounds: number; readonly line: string; readonly lost: string },
): Promise<void> {
  const path = join(ROOT, PAGE);
  const page = await readFile(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its marks.`);
  const [cpu] = cpus();
  const { name } = await findChromium();
  const versions = await Promise.all(['@firebase/ai', '@google/genai'].map(versionOf));
  const written = [
    BEGIN,
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${name.trim()}, headless; ${versions.join(', ')}; Node ${process.versions.node}; ${platform()} ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown'}; N = ${rounds}.`,
    '',
    ...tableLines(table).slice(2),
    ...(lost === '' ? [] : [lost, '']),
    `${line}.`,
    '',
  ].join('\n');
  await writeFile(path, `${page.slice(0, begin)}${written}${page.slice(end)}`);
}

async function versionOf(name: string): Promise<string> {
  const text = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(text) as { readonly version: string }).version}`;
}
