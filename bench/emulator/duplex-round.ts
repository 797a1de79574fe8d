/**
 * One round: so many users at once, an emulator and a load generator of their own.
 * @module
 */
import type { LiveEmulatorOptions } from '@livegate/emulator';
import { quantile } from '../functions/statistics.ts';
import { calibrate, type PlannedTurn } from './calibration.ts';
import { startChild } from './child.ts';
import type { EmulatorFigures, EmulatorQuestion } from './emulator-process.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import { FRAME_MS } from './spoken-stream.ts';

/** The delay that answers are to have, in ms. */
export const ANSWER_DELAY_MS = 300;

/** What a round found. Times in ms. */
export interface RoundFigures {
  readonly sessions: number;
  readonly answers: number;
  readonly startMedianMs: number;
  readonly startP99Ms: number;
  /** Messages that went in and were not counted. */
  readonly framesLost: number;
  /** Answers that did not arrive as they are. */
  readonly answersWrong: number;
  readonly rssMb: number;
  /** Share of one core. */
  readonly emulatorCpu: number;
  readonly generatorCpu: number;
  readonly generatorLateP99Ms: number;
}

/** An emulator as it is built: where its `index.js` is, and what its Node is told. */
export interface BuiltEmulator {
  readonly index: string;
  readonly execArgv?: readonly string[];
}

/** What becomes of each question, with nobody else there. */
export function planTurns(built: BuiltEmulator, turns: number): Promise<readonly PlannedTurn[]> {
  return withEmulator(built, { burstMs: 600_000, turnCompleteDelay: 0 }, async ({ host }) =>
    calibrate(host, turns),
  );
}

/** Plays one. */
export function playRound(
  built: BuiltEmulator,
  { sessions, plan }: { readonly sessions: number; readonly plan: readonly PlannedTurn[] },
): Promise<RoundFigures> {
  return withEmulator(built, { answerDelayMs: ANSWER_DELAY_MS }, async ({ host }, figures) => {
    const generator = startChild<LoadOrder, LoadResult>('load-process.ts');
    try {
      const load = await generator.ask({ host, sessions, plan, answerDelayMs: ANSWER_DELAY_MS });
      return roundFigures(sessions, load, await figures());
    } finally {
      await generator.stop();
    }
  });
}

/** True where a round is what it is to be. */
export function holds({ startP99Ms, framesLost, answersWrong, rssMb }: RoundFigures): boolean {
  return startP99Ms <= AIMS.startP99Ms && framesLost === 0 && answersWrong === 0 && rssMb <= AIMS.rssMb;
}

/** What is to be kept. */
export const AIMS = { startP99Ms: 50, rssMb: 300 } as const;

function roundFigures(sessions: number, load: LoadResult, emulator: EmulatorFigures): RoundFigures {
  const framesCounted = Math.round((emulator.audioSeconds * 1_000) / FRAME_MS);
  const starts = load.answerStartsMs.length > 0 ? load.answerStartsMs : [Number.POSITIVE_INFINITY];
  return {
    sessions,
    answers: load.answerStartsMs.length,
    startMedianMs: quantile(starts, 0.5),
    startP99Ms: quantile(starts, 0.99),
    framesLost: load.messagesSent - framesCounted,
    answersWrong: load.wrongAnswers + load.interruptions + load.closedEarly,
    rssMb: emulator.mostRssBytes / 1_048_576,
    emulatorCpu: emulator.cpuMs / load.elapsedMs,
    generatorCpu: load.cpuMs / load.elapsedMs,
    generatorLateP99Ms: quantile(load.latenessMs, 0.99),
  };
}

async function withEmulator<T>(
  { index, execArgv = [] }: BuiltEmulator,
  options: LiveEmulatorOptions,
  work: (started: EmulatorFigures, figures: () => Promise<EmulatorFigures>) => Promise<T>,
): Promise<T> {
  const emulator = startChild<EmulatorQuestion, EmulatorFigures>('emulator-process.ts', [index], execArgv);
  try {
    const started = await emulator.ask({ kind: 'start', options });
    return await work(started, () => emulator.ask({ kind: 'figures' }));
  } finally {
    await emulator.stop();
  }
}
