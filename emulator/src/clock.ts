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

function earliest<T extends ManualTimer>(timers: Iterable<T>, endMs: number): T | undefined {
  let first: T | undefined;
  for (const timer of timers) {
    if (timer.atMs <= endMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
  }
  return first;
}

async function settle(): Promise<void> {
  for (let round = 0; round < 8; round++) await Promise.resolve();
}

/** A clock that runs by itself and can be moved on as well. */
export interface MovableClock extends ManualClock {
  /** How far it is ahead of the clock that drives it, in ms. */
  readonly offsetMs: number;
  /** Goes back to the time of the clock that drives it; timers keep the time they had left. */
  reset(): Promise<void>;
}

interface MovableTimer extends ManualTimer {
  atMs: number;
  cancelBase: CancelTimer | undefined;
}

/**
 * A clock that runs on `base` plus what it was moved on by. A base that is itself moved by hand (it has `advance`) is
 * moved instead: the offset stays 0, and `reset` changes nothing. Moves follow one another, never overlap.
 */
export function movableClock(base: Clock): MovableClock {
  return 'advance' in base ? handMoved(base as ManualClock) : new OffsetClock(base);
}

function handMoved(base: ManualClock): MovableClock {
  return {
    now: () => base.now(),
    setTimeout: (run, delayMs) => base.setTimeout(run, delayMs),
    advance: (ms) => base.advance(ms),
    offsetMs: 0,
    reset: () => Promise.resolve(),
  };
}

class OffsetClock implements MovableClock {
  readonly #base: Clock;
  readonly #timers = new Set<MovableTimer>();
  #offsetMs = 0;
  #isMoving = false;
  /** The move under way, and those that wait for it. */
  #moves: Promise<void> = Promise.resolve();

  constructor(base: Clock) {
    this.#base = base;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#base.now() + this.#offsetMs;
  }

  setTimeout(run: () => void, delayMs: number): CancelTimer {
    const timer: MovableTimer = { atMs: this.now() + Math.max(0, delayMs), run, cancelBase: undefined };
    this.#timers.add(timer);
    if (!this.#isMoving) this.#arm(timer);
    return () => {
      this.#timers.delete(timer);
      timer.cancelBase?.();
    };
  }

  advance(ms: number): Promise<void> {
    return this.#move(async () => {
      const endOffsetMs = this.#offsetMs + ms;
      const nextDue = () => earliest(this.#timers, this.#base.now() + endOffsetMs);
      await settle();
      for (let due = nextDue(); due; due = nextDue()) {
        this.#timers.delete(due);
        const offsetMs = due.atMs - this.#base.now();
        this.#offsetMs = Math.min(endOffsetMs, Math.max(this.#offsetMs, offsetMs));
        due.run();
        await settle();
      }
      this.#offsetMs = endOffsetMs;
    });
  }

  reset(): Promise<void> {
    return this.#move(async () => {
      for (const timer of this.#timers) timer.atMs -= this.#offsetMs;
      this.#offsetMs = 0;
    });
  }

  /** Nothing runs by itself while the clock is moved, so that the order of time holds. */
  #move(change: () => Promise<void>): Promise<void> {
    const moved = this.#moves.then(async () => {
      this.#isMoving = true;
      for (const timer of this.#timers) timer.cancelBase?.();
      try {
        await change();
      } finally {
        this.#isMoving = false;
        for (const timer of this.#timers) this.#arm(timer);
      }
    });
    this.#moves = moved.catch(() => {});
    return moved;
  }

  #arm(timer: MovableTimer): void {
    timer.cancelBase = this.#base.setTimeout(() => {
      this.#timers.delete(timer);
      timer.run();
    }, timer.atMs - this.now());
  }
}
