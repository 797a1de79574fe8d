/** Deliveries of a model's speech, as they were measured against, and what a listener would hear of them. */
import type { JitterPolicy } from '../src/jitter-policy.ts';

/** How a service sends: pieces of `pieceMs`, `pace` times real time, each late by chance, in order. */
export interface Schedule {
  readonly pieceMs: number;
  readonly pace: number;
  /** Half-normal lateness, in ms: its sigma and the most it can be. */
  readonly sigmaMs: number;
  readonly capMs: number;
}

/** The baseline's schedules. */
export const SCHEDULES = {
  paced40: { pieceMs: 40, pace: 1, sigmaMs: 0, capMs: 0 },
  paced100: { pieceMs: 100, pace: 1, sigmaMs: 0, capMs: 0 },
  jitter100: { pieceMs: 100, pace: 1, sigmaMs: 75, capMs: 150 },
  burst250: { pieceMs: 250, pace: 3, sigmaMs: 75, capMs: 150 },
  ahead40: { pieceMs: 40, pace: 2, sigmaMs: 75, capMs: 150 },
} as const satisfies Readonly<Record<string, Schedule>>;

/** Chances between 0 and 1, the same for the same seed. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When each piece arrives, in seconds from 0; what is held up holds up what follows. */
export function arrivals(schedule: Schedule, seconds: number, chance: () => number): number[] {
  const count = Math.round((seconds * 1_000) / schedule.pieceMs);
  let last = 0;
  return Array.from({ length: count }, (_, at) => {
    const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
    const late = Math.min(schedule.capMs, Math.abs(normal) * schedule.sigmaMs);
    last = Math.max(last, (at * schedule.pieceMs) / schedule.pace / 1_000 + late / 1_000);
    return last;
  });
}

/** What one turn sounds like. Times in ms; a gap is one of samples, also of a few. */
export interface Listening {
  readonly gaps: number;
  readonly gapMs: number;
  /** Gaps later than a second after the first sound. */
  readonly lateGapMs: number;
  readonly firstMs: number;
  /** From each piece's arrival to its first sample. */
  readonly delaysMs: readonly number[];
}

/** When the next sample may be played, as a player decides it. */
interface Player {
  arrived(now: number, piece: { readonly seconds: number; readonly isDry: boolean }): void;
  readonly readyAt: number;
}

/** Plays each piece as soon as it is there, after the one before: what firebase/ai does. */
export function atOnce(): Player {
  let ready = Number.POSITIVE_INFINITY;
  return {
    arrived: (now, { isDry }) => {
      if (ready === Number.POSITIVE_INFINITY || isDry) ready = now;
    },
    get readyAt() {
      return ready;
    },
  };
}

/** Turns of our own policy, one after the other. */
export function turnsOf(policy: JitterPolicy): {
  turn(times: readonly number[], pieceMs: number, phase?: number): Listening;
} {
  return {
    turn(times, pieceMs, phase) {
      const timing = policy.turn();
      const heard = listen(timing, times, { pieceMs, phase });
      policy.learn(timing);
      return heard;
    },
  };
}

/** The device takes its work so often, in seconds, and the audio thread makes it in pieces of 128 samples. */
const CALLBACK = 0.01;
const QUANTUM = 128 / 48_000;

/**
 * Lets the pieces arrive at a player whose audio thread looks for them when the device asks for sound: every 10 ms,
 * first after `phase` of that, and who begins with whole quanta.
 */
export function listen(
  player: Player,
  times: readonly number[],
  { pieceMs, phase = 0 }: { readonly pieceMs: number; readonly phase?: number | undefined },
): Listening {
  const delays: number[] = [];
  const seconds = pieceMs / 1_000;
  const next = (time: number, step: number): number => (Math.ceil(time / step - phase - 1e-9) + phase) * step;
  let isPlaying = false;
  let end = 0;
  let started: number | undefined;
  let gaps = 0;
  let gapMs = 0;
  let lateGapMs = 0;
  const waiting: number[] = [];
  const play = (now: number): void => {
    if (started === undefined) started = now;
    else {
      gaps++;
      gapMs += (now - end) * 1_000;
      if (end - started > 1) lateGapMs += (now - end) * 1_000;
    }
    isPlaying = true;
    end = now;
    for (const arrived of waiting.splice(0)) queue(arrived);
  };
  const queue = (arrived: number): void => {
    delays.push((end - arrived) * 1_000);
    end += seconds;
  };
  let seen = 0;
  for (const arrived of times) {
    const before = seen;
    seen = next(arrived, CALLBACK);
    // A hold may end between two pieces.
    const ready = next(Math.max(before, player.readyAt), QUANTUM);
    if (!isPlaying && waiting.length > 0 && ready < seen) play(ready);
    const isDry = isPlaying && end < seen - 1e-9;
    if (isDry) isPlaying = false;
    player.arrived(seen, { seconds, isDry });
    if (isPlaying) queue(arrived);
    else {
      waiting.push(arrived);
      if (player.readyAt <= seen) play(seen);
    }
  }
  // The turn is complete: what waits is played.
  if (waiting.length > 0) play(seen);
  return { gaps, gapMs, lateGapMs, firstMs: ((started ?? 0) - (times[0] ?? 0)) * 1_000, delaysMs: delays };
}

/** The value that a `share` of the values are not above. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
