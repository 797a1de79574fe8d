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
import { KeptRows, type Sitting } from './kept-rows.ts';
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
      resume: { type: 'boolean', default: false },
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
    const versions = await allVersions();
    const kept = await KeptRows.open(join(ROOT, '.livegate', 'bench-web.json'), { rounds, versions });
    const resume = values.resume;
    const book = await measure(rows, { rounds, kept, resume, signal: abort.signal });
    const verdicts = verdictsOf(rows, book);
    const table = resultTable(rows, book, verdicts);
    console.log(`\n${tableLines(table).join('\n')}`);
    const line = verdictLine(verdicts);
    if (book.lost.length > 0) console.log(`${lostLine(book)}\n`);
    if (values.write) {
      await writePage(table, { rounds, versions, line, lost: lostLine(book) });
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
  options: {
    readonly rounds: number;
    readonly kept: KeptRows;
    /** Rows that were kept are not measured again. */
    readonly resume: boolean;
    readonly signal: AbortSignal;
  },
): Promise<FigureBook> {
  return withBuiltWeb(async (webFolder) => {
    const files = await step('Building the pages', () => buildPages(webFolder), { write: say });
    const sound48 = tones(48_000).samples;
    files.set(TONES_48_PATH, {
      type: 'application/octet-stream',
      body: new Uint8Array(sound48.buffer, sound48.byteOffset, sound48.byteLength),
    });
    const server = await BenchServer.start(files);
    const { rounds, kept, resume, signal } = options;
    const all = new FigureBook();
    try {
      for (const { id, run: measureRow } of rows) {
        const before = resume ? kept.get(id) : undefined;
        if (before) {
          say(`Measured before: ${id}`);
          all.take(before);
          continue;
        }
        const book = new FigureBook();
        await step(
          `Measuring ${id}`,
          () => measureRow({ server, book, rounds, webFolder, signal, tell: (line) => say(`  ${line}`) }),
          { write: say },
        );
        await kept.keep(id, book.written);
        all.take(book.written);
      }
      return all;
    } finally {
      await server.close();
    }
  });
}

/** Puts the table between the page's marks. What stands around them is written by hand. */
async function writePage(
  table: Table,
  {
    rounds,
    versions,
    line,
    lost,
  }: Sitting & {
    readonly line: string;
    readonly lost: string;
  },
): Promise<void> {
  const path = join(ROOT, PAGE);
  const page = await readFile(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its marks.`);
  const [cpu] = cpus();
  const written = [
    BEGIN,
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${versions.join(', ')}; Node ${process.versions.node}; ${platform()} ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown'}; N = ${rounds}.`,
    '',
    ...tableLines(table).slice(2),
    ...(lost === '' ? [] : [lost, '']),
    `${line}.`,
    '',
  ].join('\n');
  await writeFile(path, `${page.slice(0, begin)}${written}${page.slice(end)}`);
}

/** Of the browser and the modules, as people read them. */
async function allVersions(): Promise<readonly string[]> {
  const { name } = await findChromium();
  return [
    `${name.trim()}, headless`,
    ...(await Promise.all(['@firebase/ai', '@google/genai'].map(versionOf))),
  ];
}

async function versionOf(name: string): Promise<string> {
  const text = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(text) as { readonly version: string }).version}`;
}
