/**
 * When the chunks of an answer are sent: the four deliveries of the bench.
 * @module
 */
import { seededRandom } from '../../functions/statistics.ts';

/** How late a chunk is, in ms: half-normal, and never more than the cap. */
const SIGMA_MS = 75;
const CAP_MS = 150;

/** One delivery. */
export interface Schedule {
  readonly chunkMs: number;
  /** When each chunk goes out, in ms from the beginning; never falling. */
  readonly at: readonly number[];
}

/** Chunks at a steady pace: `speed` 1 is real time. */
export function steady(
  seconds: number,
  { chunkMs, speed = 1 }: { readonly chunkMs: number; readonly speed?: number },
): Schedule {
  const count = Math.round((seconds * 1_000) / chunkMs);
  return { chunkMs, at: Array.from({ length: count }, (_, index) => (index * chunkMs) / speed) };
}

/** The same, each chunk late by chance; they keep their order, as on one connection. A seed always gives the same. */
export function jittered({ chunkMs, at }: Schedule, seed: number): Schedule {
  const random = seededRandom(seed);
  let latest = 0;
  return {
    chunkMs,
    at: at.map((time) => {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      latest = Math.max(latest, time + Math.min(CAP_MS, Math.abs(normal) * SIGMA_MS));
      return latest;
    }),
  };
}

/**
 * Silence that no player can avoid, in ms, that begins `startMs` after the first chunk and plays at the right speed:
 * what the lateness of later chunks alone costs.
 */
export function unavoidableGapMs({ chunkMs, at }: Schedule, startMs: number): number {
  const first = at[0] ?? 0;
  return Math.max(0, ...at.map((time, index) => time - first - startMs - index * chunkMs));
}
