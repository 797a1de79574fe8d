/**
 * Time as the emulator sees it: a real clock, or one that a test moves by hand.
 * @module
 */

/** Cancels a timer; calling it twice, or after the timer ran, does nothing. */
export type CancelTimer = () => void;

/** Epoch time in ms and timers. Everything in the emulator that knows the time knows it from here. */
export interface Clock {
  now(): number;
  /** Runs `run` once, `delayMs` from now (at once-but-later for 0 and below). */
  setTimeout(run: () => void, delayMs: number): CancelTimer;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(run, delayMs) {
    const timer = setTimeout(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

interface ManualTimer {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /**
   * Moves `ms` on and runs every timer that falls due, in order of time, each at its own instant. Promises
   * that a timer resolved are given their turn before the next timer.
   */
  advance(ms: number): Promise<void>;
}

/** Makes a {@link ManualClock} that starts at `startMs` (epoch ms; default 2026-11-21T12:00:00Z). */
export function manualClock(startMs = Date.UTC(2026, 10, 21, 12)): ManualClock {
  let nowMs = startMs;
  let timers: readonly ManualTimer[] = [];
  return {
    now: () => nowMs,
    setTimeout(run, delayMs) {
      const timer: ManualTimer = { atMs: nowMs + Math.max(0, delayMs), run };
      timers = [...timers, timer];
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let due = earliest(timers, endMs); due; due = earliest(timers, endMs)) {
        const timer = due;
        timers = timers.filter((each) => each !== timer);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.run();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

function earliest(timers: readonly ManualTimer[], endMs: number): ManualTimer | undefined {
  let first: ManualTimer | undefined;
  for (const timer of timers) {
    if (timer.atMs <= endMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
  }
  return first;
}

async function settle(): Promise<void> {
  for (let round = 0; round < 8; round++) await Promise.resolve();
}
