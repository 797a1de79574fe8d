/**
 * Figures about samples.
 * @module
 */

/** The middle of samples, how far they spread, and where the two percentiles lie. */
export interface Spread {
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** An estimate and the interval in which 95 % of resamples put it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The `share` quantile (0–1) of samples, between two of them by weight. Throws where there are none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new RangeError('A quantile needs samples.');
  return below + (above - below) * (place - Math.floor(place));
}

/** {@link Spread} of samples. */
export function spreadOf(samples: readonly number[]): Spread {
  return {
    p25: quantile(samples, 0.25),
    p50: quantile(samples, 0.5),
    p75: quantile(samples, 0.75),
    p95: quantile(samples, 0.95),
  };
}

const RESAMPLES = 2_000;

/**
 * What `figure` says of samples, and how sure that is: the bootstrap's middle 95 %. Samples are resampled whole, so
 * that what was measured in one round stays together. The same samples give the same interval.
 */
export function estimate<T>(
  samples: readonly T[],
  figure: (samples: readonly T[]) => number,
  resamples = RESAMPLES,
): Estimate {
  const random = seededRandom(samples.length);
  const resampled = Array.from({ length: resamples }, () =>
    figure(samples.map(() => samples[Math.floor(random() * samples.length)] as T)),
  );
  return { value: figure(samples), low: quantile(resampled, 0.025), high: quantile(resampled, 0.975) };
}

/** Numbers 0 ≤ x < 1 that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** These in another order. */
export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
