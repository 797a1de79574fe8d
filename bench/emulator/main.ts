/**
 * `npm run bench:emulator`: how many people can talk to the emulator at once, how late it answers, how fast it starts.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, platform, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onInterrupt } from '../../scripts/interrupt.ts';
import { step } from '../../scripts/progress.mjs';
import { ROOT } from '../../scripts/root.ts';
import { aimsLine } from '../functions/aims.ts';
import { tableLines } from '../functions/table.ts';
import { buildEmulator } from './build.ts';
import type { PlannedTurn } from './calibration.ts';
import { largestThatHolds } from './capacity.ts';
import { type BuiltEmulator, holds, planTurns, playRound, type RoundFigures } from './duplex-round.ts';
import { aimsOf, type BenchFigures, resultTable } from './result-table.ts';
import { startTimes } from './start-time.ts';

const PAGE = 'bench/README.md';
const BEGIN = '<!-- Written by `npm run bench:emulator -- --write`. Figures of a run, not promises. -->';
const END = '<!-- The end of what the emulator’s bench writes. -->';
/** Fewer rounds than this decide nothing. */
const LEAST_ROUNDS = 3;
/** Users whose service the aims are about. */
const SESSIONS = 100;
/** Questions of each user in a round, and in a trial of the search. */
const TURNS = 4;
const TRIAL_TURNS = 2;
const MOST_TRIALS = 7;
const STARTS = 10;

/** Measures, prints, and writes the page where asked. 1 with `--check` where an aim is missed; 2 for a wrong option. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      check: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      rounds: { type: 'string', default: String(LEAST_ROUNDS) },
      sessions: { type: 'string', default: String(SESSIONS) },
      turns: { type: 'string', default: String(TURNS) },
      'no-search': { type: 'boolean', default: false },
    },
  });
  const [rounds, sessions, turns] = [values.rounds, values.sessions, values.turns].map(Number);
  const least = values.check || values.write ? LEAST_ROUNDS : 1;
  const complaint =
    !isWhole(rounds) || rounds < least
      ? `--rounds takes a whole number, ${least} or more${least > 1 ? ' here' : ''}.`
      : !isWhole(sessions) || !isWhole(turns)
        ? '--sessions and --turns take whole numbers, 1 or more.'
        : values.write && (sessions !== SESSIONS || values['no-search'])
          ? '--write takes all that is measured.'
          : undefined;
  if (complaint !== undefined || !isWhole(rounds) || !isWhole(sessions) || !isWhole(turns)) {
    console.error(complaint);
    return 2;
  }
  const interrupt = onInterrupt({ first: () => process.exit(130), second: () => process.exit(1) });
  try {
    const figures = await measure({ rounds, sessions, turns, isSearching: !values['no-search'] });
    const aims = aimsOf(figures);
    const table = resultTable(figures, aims);
    console.log(`\n${tableLines(table).join('\n')}`);
    if (values.write) {
      await writePage(tableLines(table).slice(2), { rounds, line: aimsLine(aims) });
      console.log(`Written: ${PAGE}\n`);
    }
    console.log(aimsLine(aims));
    return values.check && aims.some(({ isMet }) => !isMet) ? 1 : 0;
  } finally {
    interrupt.forget();
  }
}

/** Progress, on stderr: the table is what goes to stdout. */
const write = (line: string): void => void process.stderr.write(`${line}\n`);

async function measure({
  rounds,
  sessions,
  turns,
  isSearching,
}: {
  readonly rounds: number;
  readonly sessions: number;
  readonly turns: number;
  readonly isSearching: boolean;
}): Promise<BenchFigures> {
  const built = await step('Building the emulator', buildEmulator, { write });
  const starts = await step('Starting the command', () => startTimes(built.command, STARTS), { write });
  const plan = await step('Learning where each question ends', () => planTurns(built, turns), { write });
  const played: RoundFigures[] = [];
  for (let round = 1; round <= rounds; round++)
    played.push(
      await step(
        `${sessions} users, ${turns} questions each, round ${round} of ${rounds}`,
        () => playRound(built, { sessions, plan }),
        { write },
      ),
    );
  const capacity = isSearching
    ? await searchCapacity(built, { first: sessions, plan: plan.slice(0, TRIAL_TURNS) })
    : undefined;
  return { starts, rounds: played, ...(capacity && { capacity }) };
}

function searchCapacity(
  built: BuiltEmulator,
  { first, plan }: { readonly first: number; readonly plan: readonly PlannedTurn[] },
) {
  return largestThatHolds(first, {
    trials: MOST_TRIALS,
    holds: async (sessions) => {
      const figures = await step(`${sessions} users`, () => playRound(built, { sessions, plan }), { write });
      const { startP99Ms, rssMb, framesLost, answersWrong, generatorLateP99Ms } = figures;
      write(
        `  p99 ${startP99Ms.toFixed(0)} ms, ${rssMb.toFixed(0)} MB, ${framesLost} frames lost, ${answersWrong} answers wrong; generator late ${generatorLateP99Ms.toFixed(0)} ms`,
      );
      return holds(figures);
    },
  });
}

function isWhole(value: number | undefined): value is number {
  return Number.isInteger(value) && value !== undefined && value >= 1;
}

/** Puts the table between the page's marks. What stands around them is written by hand. */
async function writePage(
  table: readonly string[],
  { rounds, line }: { readonly rounds: number; readonly line: string },
): Promise<void> {
  const path = join(ROOT, PAGE);
  const page = await readFile(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its marks.`);
  const [cpu] = cpus();
  const written = [
    BEGIN,
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}; ${platform()} ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown'}; N = ${rounds}.`,
    '',
    ...table,
    `${line}.`,
    '',
  ].join('\n');
  await writeFile(path, `${page.slice(0, begin)}${written}${page.slice(end)}`);
}
