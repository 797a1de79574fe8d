/**
 * `npm run bench:functions`: what the functions cost, in time, in documents and in money.
 * @module
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.ts';
import { onInterrupt } from '../../scripts/interrupt.ts';
import { step } from '../../scripts/progress.mjs';
import { ROOT } from '../../scripts/root.ts';
import { startStack } from '../../scripts/stack.ts';
import { type Aim, aimsLine, aimsTable } from './aims.ts';
import { openBackend, someone, WIDE_CAPS } from './bench-backend.ts';
import { measureCallables } from './callable-latency.ts';
import { costAims, costTables } from './cost-tables.ts';
import { type HandlerLatency, measureHandlers } from './handler-latency.ts';
import { measureImports } from './import-time.ts';
import { importTable, latencyAims, latencyTable } from './latency-tables.ts';
import { countOperations, countTables, type OperationCounts } from './operation-counts.ts';
import { type PlayedSession, playSession } from './played-session.ts';
import { type BooksCounts, countBooks, RUNS_AN_HOUR } from './session-books.ts';
import { HOURS, SESSIONS } from './session-cost.ts';
import { type Table, tableLines } from './table.ts';

const PAGE = 'docs/functions-cost.md';
/** Lengths of the talks that a bill is made for, in minutes. */
const SHAPES = [1, 5, 30] as const;
const WARM_UP = 40;
/** Fewer rounds than this decide nothing; fewer than the other are no look either. */
const LEAST_ROUNDS = 200;
const FEWEST_ROUNDS = 20;
const IMPORT_PAIRS = 21;
/** The bundle may take so many times what its packages take alone, at the median. */
const IMPORT_MOST = 1.2;

/** Measures, prints, and writes the page where asked. 1 with `--check` where an aim is missed; 2 for a wrong option. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      rounds: { type: 'string', default: String(LEAST_ROUNDS) },
    },
  });
  const rounds = Number(values.rounds);
  const least = values.check || values.write ? LEAST_ROUNDS : FEWEST_ROUNDS;
  if (!Number.isInteger(rounds) || rounds < least) {
    console.error(`--rounds takes a whole number, ${least} or more${least > FEWEST_ROUNDS ? ' here' : ''}.`);
    return 2;
  }
  const abort = new AbortController();
  const interrupt = onInterrupt({ first: () => abort.abort(), second: () => process.exit(1) });
  try {
    await build(['functions']);
    const { signal } = abort;
    const imports = await step('Loading the bundle and the bare packages', () =>
      measureImports(IMPORT_PAIRS, { signal }),
    );
    const onFirestore = await measureOnFirestore({ rounds, signal });
    const { handlers, counts } = onFirestore;
    const callables = await step('Measuring callables through the functions emulator', () =>
      measureCallables(handlers, { rounds, warmUp: WARM_UP, signal }),
    );
    const latencies = [handlers.capsOff, handlers.capsOn, callables];
    const importAim: Aim = {
      what: 'loading the bundle ÷ its packages alone, median',
      bound: `≤ ${IMPORT_MOST} ×`,
      found: `${imports.ratio.value.toFixed(2)} ×`,
      isMet: imports.ratio.value <= IMPORT_MOST,
    };
    const aims = [
      ...latencyAims([handlers.capsOff, callables]),
      ...counts.aims,
      ...costAims(onFirestore),
      importAim,
    ];
    const tables = [
      latencyTable(latencies, handlers),
      ...countTables(counts, onFirestore.books),
      ...costTables(onFirestore),
      importTable(imports),
      aimsTable(aims),
    ];
    console.log(`\n${tables.flatMap(tableLines).join('\n')}`);
    if (values.write) {
      await writeFile(
        join(ROOT, PAGE),
        pageOf(tables, { rounds, firestore: onFirestore.firestoreName, aims }),
      );
      console.log(`Written: ${PAGE}\n`);
    }
    console.log(aimsLine(aims));
    return values.check && aims.some(({ isMet }) => !isMet) ? 1 : 0;
  } finally {
    interrupt.forget();
  }
}

interface OnFirestore {
  readonly handlers: HandlerLatency;
  readonly counts: OperationCounts;
  readonly played: readonly PlayedSession[];
  readonly books: BooksCounts;
  readonly firestoreName: string;
}

/** What is measured in this process, against the Firestore emulator. */
async function measureOnFirestore({
  rounds,
  signal,
}: {
  readonly rounds: number;
  readonly signal: AbortSignal;
}): Promise<OnFirestore> {
  const stack = await step('Starting the Firestore emulator', () =>
    startStack({ functions: false, hosting: false, signal }),
  );
  try {
    const backend = await openBackend(stack.hosts.firestore);
    try {
      const handlers = await step('Measuring handlers in one process', () =>
        measureHandlers(backend, { rounds, warmUp: WARM_UP, signal }),
      );
      const counts = await step('Counting reads and writes', () => countOperations(backend));
      await backend.configure({ caps: WIDE_CAPS });
      const played: PlayedSession[] = [];
      for (const minutes of SHAPES) played.push(await playSession(backend, someone(), { minutes }));
      const atOnce = Math.round(SESSIONS / (HOURS * RUNS_AN_HOUR));
      const books = await step('Counting what the sweep and the roll-up do', () =>
        countBooks(backend, atOnce),
      );
      return { handlers, counts, played, books, firestoreName: stack.firestoreName };
    } finally {
      await backend.close();
    }
  } finally {
    await stack.stop();
  }
}

function pageOf(
  tables: readonly Table[],
  {
    rounds,
    firestore,
    aims,
  }: { readonly rounds: number; readonly firestore: string; readonly aims: readonly Aim[] },
): string {
  const [cpu] = cpus();
  return [
    '# What the functions cost',
    '',
    '<!-- Written by `npm run bench:functions -- --write`. Figures of a run, not promises. -->',
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} and ${firestore}, on ${cpus().length} × ${cpu?.model ?? 'unknown'}; ${rounds} rounds.`,
    'Documents are counted exactly; times are those of emulators on one machine and only their ratios carry over; money',
    'follows from the counts and the unit prices at the end. `npm run bench:functions` measures all of it again.',
    '',
    ...tables.flatMap((table) => tableLines({ ...table })),
    `${aimsLine(aims)}.`,
    '',
  ].join('\n');
}
