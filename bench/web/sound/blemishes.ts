/**
 * What is wrong with a tone or a sweep as it is played.
 * @module
 */
import type { Sound } from './recording.ts';

/** A stretch without sound inside a sound, in samples. */
export interface Gap {
  readonly from: number;
  readonly samples: number;
}

/** Shortest gap that counts, in ms: no tone of 250 Hz or more stays near zero so long by itself. */
const SHORTEST_MS = 1;

/** Where a sound of amplitude `level` stays below a tenth of it, between its first and its last sample above that. */
export function gapsIn({ samples, rateHz }: Sound, level: number): readonly Gap[] {
  const least = (SHORTEST_MS * rateHz) / 1_000;
  const gaps: Gap[] = [];
  let loud: number | undefined;
  for (const [at, sample] of samples.entries()) {
    if (Math.abs(sample) <= level / 10) continue;
    if (loud !== undefined && at - loud - 1 >= least) gaps.push({ from: loud + 1, samples: at - loud - 1 });
    loud = at;
  }
  return gaps;
}

/** All gaps together, in ms. */
export function gapMs(sound: Sound, level: number): number {
  return (gapsIn(sound, level).reduce((sum, each) => sum + each.samples, 0) * 1_000) / sound.rateHz;
}

/**
 * Clicks in a tone: places, in samples, where it bends five times as sharply as a tone of `hz` and `level` does.
 * A fade over 2 ms or more is none. Places within 2 ms are one; the tone's own beginning and end count if they are sudden, so leave them out.
 */
export function clicksIn(
  { samples, rateHz }: Sound,
  { hz, level }: { readonly hz: number; readonly level: number },
): readonly number[] {
  const sharpest = 5 * level * ((2 * Math.PI * hz) / rateHz) ** 2;
  const clicks: number[] = [];
  for (let at = 1; at < samples.length - 1; at++) {
    const bend = Math.abs((samples[at - 1] ?? 0) - 2 * (samples[at] ?? 0) + (samples[at + 1] ?? 0));
    if (bend > sharpest && at - (clicks.at(-1) ?? -rateHz) > rateHz / 500) clicks.push(at);
  }
  return clicks;
}
