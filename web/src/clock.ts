/**
 * Time as this module sees it. Never the time of day: a device's clock may be wrong or be set while one talks.
 * @module
 */

/** A clock that only goes forward, in ms since some moment, and wakes who asks. */
export interface Clock {
  now(): number;
  /** Runs `wake` once after `ms`. The answer cancels it. */
  after(ms: number, wake: () => void): () => void;
}

/** The runtime's own. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, wake) => {
    const timer = setTimeout(wake, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};
