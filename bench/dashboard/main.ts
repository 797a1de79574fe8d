/**
 * `npm run bench:dashboard`: how soon a row stands, how it scrolls, what it weighs, and what looking costs in reads.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, platform, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.ts';
import { onInterrupt } from '../../scripts/interrupt.ts';
import { step } from '../../scripts/progress.mjs';
import { ROOT } from '../../scripts/root.ts';
import { removeSample, seedSample } from '../../scripts/seed-sample.ts';
import { aimsLine } from '../functions/aims.ts';
import { tableLines } from '../functions/table.ts';
import { aimsOf, type BenchFigures, resultTable } from './result-table.ts';
import { firstLoadBytes } from './runs/bundle-run.ts';
import { LIVE_SESSIONS, readsOfNow, readsOfViews } from './runs/reads-run.ts';
import { type RowFigures, rowTimes } from './runs/row-run.ts';
import { type ScrollFigures, scrollThrough } from './runs/scroll-run.ts';
import { openStage, openStageOn, type ServedStack, type Stage } from './runs/stage.ts';
import { BENCH_NUMBERS, removeSessions, type SessionWish, writeSessions } from './session-maker.ts';

const PAGE = 'bench/README.md';
const BEGIN = '<!-- Written by `npm run bench:dashboard -- --write`. Figures of a run, not promises. -->';
const END = '<!-- The end of what the dashboard’s bench writes. -->';
/** Fewer rounds than this decide nothing. */
const LEAST_ROUNDS = 3;
const ROWS = 60;
const SESSIONS = 5_000;
const NOW_MINUTES = 5;

/** Sessions that stand there while rows are measured: the emulator sorts all of them anew at each write. */
const FEW_SESSIONS = 500;
/** Sample sessions of the month before, whose views are opened: enough for every list to be full. */
const SAMPLE_SESSIONS = 400;

const FIGURES = ['load', 'views', 'scroll', 'rows', 'now'] as const;
type Figure = (typeof FIGURES)[number];

interface Doses {
  readonly rounds: number;
  /** Measured rows of a round. */
  readonly rows: number;
  /** Sessions that are scrolled through. */
  readonly sessions: number;
  /** How long `Now` is looked at, in minutes. */
  readonly minutes: number;
}

/** Measures, prints, and writes the page where asked. 1 with `--check` where an aim is missed; 2 for a wrong option. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: String(LEAST_ROUNDS) },
      rows: { type: 'string', default: String(ROWS) },
      sessions: { type: 'string', default: String(SESSIONS) },
      minutes: { type: 'string', default: String(NOW_MINUTES) },
    },
  });
  const doses = {
    rounds: Number(values.rounds),
    rows: Number(values.rows),
    sessions: Number(values.sessions),
    minutes: Number(values.minutes),
  };
  const only = values.only.filter((each): each is Figure => (FIGURES as readonly string[]).includes(each));
  const complaint =
    only.length < values.only.length
      ? `--only takes ${FIGURES.join(', ')}.`
      : values.write && only.length > 0
        ? '--write takes all that is measured.'
        : complaintAbout(doses, values.check || values.write);
  if (complaint !== undefined) {
    console.error(complaint);
    return 2;
  }
  const interrupt = onInterrupt({ first: () => process.exit(130), second: () => process.exit(1) });
  try {
    const { figures, browserName } = await measure(doses, new Set(only.length > 0 ? only : FIGURES));
    const aims = aimsOf(figures);
    const lines = tableLines(resultTable(figures));
    console.log(`\n${lines.join('\n')}`);
    if (values.write) {
      await writePage(lines.slice(2), { ...doses, browserName, line: aimsLine(aims) });
      console.log(`Written: ${PAGE}\n`);
    }
    console.log(aimsLine(aims));
    return values.check && aims.some(({ isMet }) => !isMet) ? 1 : 0;
  } finally {
    interrupt.forget();
  }
}

function complaintAbout({ rounds, rows, sessions, minutes }: Doses, isJudged: boolean): string | undefined {
  const least = isJudged ? LEAST_ROUNDS : 1;
  if (!Number.isInteger(rounds) || rounds < least)
    return `--rounds takes a whole number, ${least} or more${isJudged ? ' here' : ''}.`;
  if (![rows, sessions].every((each) => Number.isInteger(each) && each >= 1))
    return '--rows and --sessions take whole numbers, 1 or more.';
  if (!(minutes > 0)) return '--minutes takes a number above 0.';
  if (isJudged && (rows < ROWS || sessions < SESSIONS || minutes < NOW_MINUTES))
    return `--check and --write take ${ROWS} rows, ${SESSIONS} sessions and ${NOW_MINUTES} minutes at least.`;
  return undefined;
}

/** Progress, on stderr: the table is what goes to stdout. */
const write = (line: string): void => void process.stderr.write(`${line}\n`);

async function measure(
  doses: Doses,
  wanted: ReadonlySet<Figure>,
): Promise<{ readonly figures: BenchFigures; readonly browserName: string }> {
  // The tests' own emulators, which run and are seeded already.
  const running = process.env.LIVEGATE_STACK;
  if (!running && process.env.LIVEGATE_BUILT !== '1') await build(['functions', 'emulator-pages']);
  const stage = await step(
    'Starting the emulators and Chromium',
    () => (running ? openStageOn(JSON.parse(running) as ServedStack) : openStage()),
    { write },
  );
  try {
    return { figures: await measureOn(stage, doses, wanted), browserName: stage.browserName };
  } finally {
    await stage.close();
  }
}

async function measureOn(
  stage: Stage,
  { rounds, rows, sessions, minutes }: Doses,
  wanted: ReadonlySet<Figure>,
): Promise<BenchFigures> {
  const measured = async <T>(figure: Figure, text: string, work: () => Promise<T>): Promise<readonly T[]> =>
    wanted.has(figure) ? [await step(text, work, { write })] : [];
  const few = Math.min(sessions, FEW_SESSIONS);
  await step(`Writing ${few} sessions`, () => writeSessions(stage.db, endedSessions(few)), { write });
  const [bytes] = await measured('load', 'First load', () => firstLoadBytes(stage));
  const found: RowFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = BENCH_NUMBERS + sessions + round * 100_000;
    const text = `Write to row, round ${round + 1} of ${rounds}`;
    found.push(...(await measured('rows', text, () => rowTimes(stage, { rows, from }))));
  }
  const [now] = await measured('now', `Now over ${LIVE_SESSIONS} live sessions, ${minutes} min`, async () => {
    await removeSessions(stage.db);
    return readsOfNow(stage, { minutes, from: BENCH_NUMBERS + 1_000_000 });
  });
  const [views] = await measured('views', 'Reads of each view', async () => {
    await removeSessions(stage.db);
    await seedSample(stage.stack, { sessions: SAMPLE_SESSIONS });
    return readsOfViews(stage, await viewPaths(stage));
  });
  const scrolls: ScrollFigures[] = [];
  if (wanted.has('scroll')) {
    await removeSample(stage.stack);
    const text = `Writing ${sessions} sessions`;
    await step(text, () => writeSessions(stage.db, endedSessions(sessions)), { write });
  }
  for (let round = 0; round < rounds; round++) {
    const text = `Scrolling, round ${round + 1} of ${rounds}`;
    scrolls.push(...(await measured('scroll', text, () => scrollThrough(stage, sessions))));
  }
  return {
    ...(bytes === undefined ? {} : { firstLoadBytes: bytes }),
    ...(views ? { views } : {}),
    ...(found.length > 0 ? { rows: found } : {}),
    ...(scrolls.length > 0 ? { scrolls } : {}),
    ...(now ? { now } : {}),
  };
}

/** Sessions of the last days, a minute apart, all over. */
function endedSessions(count: number): readonly SessionWish[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const createdAt = now - (index + 1) * 60_000;
    return { number: BENCH_NUMBERS + index, state: 'ended', createdAt, deadAt: createdAt + 120_000 };
  });
}

/** Every view, on a project in use: the session and the user are those of the sample with the most to show. */
async function viewPaths({ db }: Stage): Promise<readonly string[]> {
  const { docs } = await db.collection('liveUsage').orderBy('sessions', 'desc').limit(1).get();
  const uid = String(docs[0]?.get('uid') ?? 'nobody');
  const sessions = await db.collection('liveSessions').where('uid', '==', uid).get();
  const longest = sessions.docs.toSorted((a, b) => b.get('toldBytes') - a.get('toldBytes'))[0];
  return [
    '/',
    '/sessions',
    '/sessions?state=ended',
    `/sessions/${longest?.id ?? 'none'}`,
    '/users',
    `/users/${uid}`,
    '/costs',
    '/costs?by=user',
    '/settings',
    '/settings/policies/default',
    '/settings/templates/demo-echo',
    '/audit',
  ];
}

/** Puts the table between the page's marks. What stands around them is written by hand. */
async function writePage(
  table: readonly string[],
  {
    rounds,
    rows,
    minutes,
    browserName,
    line,
  }: Doses & { readonly browserName: string; readonly line: string },
): Promise<void> {
  const path = join(ROOT, PAGE);
  const page = await readFile(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its marks.`);
  const [cpu] = cpus();
  const written = [
    BEGIN,
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${browserName}; Node ${process.versions.node}; ${platform()} ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown'}; N = ${rounds} rounds of ${rows} rows, ${minutes} min of Now.`,
    '',
    ...table,
    `${line}.`,
    '',
  ].join('\n');
  await writeFile(path, `${page.slice(0, begin)}${written}${page.slice(end)}`);
}
