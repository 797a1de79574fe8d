/** What is wrong with a steady tone: clicks and gaps, counted. */
import type { Sound } from './sound.ts';

/** A stretch in which the tone is not there. */
export interface Gap {
  readonly atMs: number;
  readonly ms: number;
}

/** Where the tone is: from the first sample above `threshold` to behind the last; both 0 where there is none. */
export function spanOf(
  { samples }: Sound,
  threshold: number,
): { readonly from: number; readonly to: number } {
  const from = samples.findIndex((sample) => Math.abs(sample) > threshold);
  return from < 0
    ? { from: 0, to: 0 }
    : { from, to: samples.findLastIndex((sample) => Math.abs(sample) > threshold) + 1 };
}

/**
 * Breaks inside a tone of amplitude `level`: stretches of at least `ms` that stay below a tenth of it. A tone of
 * 200 Hz or more never stays there for 1 ms by itself.
 */
export function gapsIn(
  sound: Sound,
  { level, ms = 1 }: { readonly level: number; readonly ms?: number },
): Gap[] {
  const { samples, rateHz } = sound;
  const { from, to } = spanOf(sound, level / 10);
  const gaps: Gap[] = [];
  for (let at = from, loud = from; at < to; at++) {
    if (Math.abs(samples[at] ?? 0) <= level / 10) continue;
    const long = ((at - loud - 1) * 1_000) / rateHz;
    if (long >= ms) gaps.push({ atMs: (loud * 1_000) / rateHz, ms: long });
    loud = at;
  }
  return gaps;
}

/**
 * Clicks in a tone of `hz` at amplitude `level`: places, in ms, where the signal bends five times as sharply as the
 * tone itself does. Neighbours within 2 ms are one.
 */
export function clicksIn(
  sound: Sound,
  { hz, level }: { readonly hz: number; readonly level: number },
): number[] {
  const { samples, rateHz } = sound;
  const sharpest = 5 * level * ((2 * Math.PI * hz) / rateHz) ** 2;
  const clicks: number[] = [];
  for (let at = 1; at < samples.length - 1; at++) {
    const bend = Math.abs((samples[at - 1] ?? 0) - 2 * (samples[at] ?? 0) + (samples[at + 1] ?? 0));
    const ms = (at * 1_000) / rateHz;
    if (bend > sharpest && ms - (clicks.at(-1) ?? Number.NEGATIVE_INFINITY) > 2) clicks.push(ms);
  }
  return clicks;
}
