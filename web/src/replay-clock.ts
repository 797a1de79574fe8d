/**
 * A clock that stands where it is told to while what happened before is gone through.
 * @module
 */
import type { Clock } from './clock.ts';

/** Another clock, but for what runs in {@link ReplayClock.at}. */
export class ReplayClock implements Clock {
  readonly #clock: Clock;
  #at: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#at ?? this.#clock.now();
  }

  after(ms: number, wake: () => void): () => void {
    return this.#clock.after(this.now() + ms - this.#clock.now(), wake);
  }

  /** Runs `what` as if it were `at`; timers that are set in it are due as if they had been set then. */
  at(at: number, what: () => void): void {
    this.#at = at;
    try {
      what();
    } finally {
      this.#at = undefined;
    }
  }
}
