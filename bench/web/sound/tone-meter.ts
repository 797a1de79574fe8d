/**
 * What is measured at a tone: its pitch, its loudness, its length, where it begins.
 * @module
 */
import type { Sound } from './recording.ts';

/** Pitch by the first and the last rising zero crossing, each placed between two samples. 0 without two of them. */
export function pitchOf({ samples, rateHz }: Sound): number {
  const crossings = crossingsOf(samples);
  const [first, last] = [crossings[0], crossings.at(-1)];
  if (first === undefined || last === undefined || last === first) return 0;
  return ((crossings.length - 1) * rateHz) / (last - first);
}

/** Places, in samples, where a signal rises through zero. */
export function crossingsOf(samples: Float32Array): readonly number[] {
  const crossings: number[] = [];
  for (let at = 1; at < samples.length; at++) {
    const [before, after] = [samples[at - 1] ?? 0, samples[at] ?? 0];
    if (before < 0 && after >= 0) crossings.push(at - 1 + before / (before - after));
  }
  return crossings;
}

/** Root mean square, without the mean: a tone that aliasing folds to 0 Hz is none. 0 for no samples. */
export function loudnessOf(samples: Float32Array, { keepMean = true } = {}): number {
  if (samples.length === 0) return 0;
  const mean = keepMean ? 0 : samples.reduce((sum, each) => sum + each, 0) / samples.length;
  return Math.sqrt(samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / samples.length);
}

/** A ratio of amplitudes in dB; silence is taken for half a step of 16 bits. */
export function decibels(ratio: number): number {
  return 20 * Math.log10(Math.max(ratio, 2 ** -17));
}

/** A stretch in samples, with fractions. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Milliseconds over which loudness is taken to find where tones begin and end: four and a half periods of 1 kHz, so that
 * half of the loudness is reached where a period is loudest and not where it is silent.
 */
const WINDOW_MS = 4.5;

/**
 * Where tones of `level` are, in order: from where their loudness over 4.5 ms rises through half of it to where it falls
 * through it. Both are placed between two samples, and a linear-phase filter moves both by its delay alone. Tones
 * shorter than 10 ms are none; pauses must be longer than 4.5 ms.
 */
export function tonesIn({ samples, rateHz }: Sound, level: number): readonly Stretch[] {
  const window = Math.round((rateHz * WINDOW_MS) / 1_000);
  const half = (level * level) / 4;
  const tones: Stretch[] = [];
  let power = 0;
  let before = 0;
  let from: number | undefined;
  for (let at = 0; at < samples.length + window; at++) {
    power += (samples[at] ?? 0) ** 2 - (samples[at - window] ?? 0) ** 2;
    const mean = power / window;
    // The window's middle.
    const place = at - window / 2 - 0.5 + (half - before) / (mean - before || 1);
    if (from === undefined && before < half && mean >= half) from = place;
    else if (from !== undefined && before >= half && mean < half) {
      if (place - from > rateHz / 100) tones.push({ from, to: place });
      from = undefined;
    }
    before = mean;
  }
  return tones;
}

/** The inner part of a stretch, without `marginMs` at either end. */
export function inside({ samples, rateHz }: Sound, { from, to }: Stretch, marginMs: number): Float32Array {
  const margin = (marginMs * rateHz) / 1_000;
  return samples.subarray(Math.ceil(from + margin), Math.floor(to - margin));
}
