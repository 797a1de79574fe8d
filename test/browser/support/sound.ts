/** What a test does with samples: reading, writing, comparing. All mono, as floats from -1 to 1. */
import { readFile, writeFile } from 'node:fs/promises';

/** Samples and their rate. */
export interface Sound {
  readonly samples: Float32Array;
  readonly rateHz: number;
}

/** Reads a mono 16-bit WAV. */
export async function readWav(path: string): Promise<Sound> {
  const bytes = await readFile(path);
  let rateHz = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (id === 'fmt ') {
      if (bytes.readUInt16LE(at + 10) !== 1 || bytes.readUInt16LE(at + 22) !== 16)
        throw new Error('Not mono 16-bit.');
      rateHz = bytes.readUInt32LE(at + 12);
    }
    if (id === 'data') {
      const samples = Float32Array.from(
        { length: Math.floor(size / 2) },
        (_, index) => bytes.readInt16LE(at + 8 + index * 2) / 32_768,
      );
      return { samples, rateHz };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error('No samples.');
}

/** Writes a mono 16-bit WAV. */
export async function writeWav(path: string, { samples, rateHz }: Sound): Promise<void> {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries()) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + index * 2);
  }
  await writeFile(path, bytes);
}

/** Seconds of silence. */
export function silence(seconds: number, rateHz: number): Sound {
  return { samples: new Float32Array(Math.round(seconds * rateHz)), rateHz };
}

/** One after the other; all of one rate. */
export function concatenated(...sounds: readonly Sound[]): Sound {
  const [first] = sounds;
  if (!first || sounds.some(({ rateHz }) => rateHz !== first.rateHz)) throw new Error('One rate for all.');
  const samples = new Float32Array(sounds.reduce((sum, each) => sum + each.samples.length, 0));
  let at = 0;
  for (const each of sounds) {
    samples.set(each.samples, at);
    at += each.samples.length;
  }
  return { samples, rateHz: first.rateHz };
}

/** The same sound at another rate: a Hann-windowed sinc, band-limited to the lower of the two. */
export function resampled({ samples, rateHz }: Sound, toHz: number): Sound {
  if (rateHz === toHz) return { samples, rateHz };
  const cutoff = Math.min(1, toHz / rateHz) * 0.95;
  const reach = Math.ceil(24 / cutoff);
  const weightAt = (x: number): number => {
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * cutoff) / (Math.PI * x * cutoff);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach)) * cutoff;
  };
  // So many places between two samples occur, and no others: of millions of samples each has its weights.
  const [step, places] = inLowestTerms(rateHz, toHz);
  const windows = Array.from({ length: places }, (_, place) => {
    const [first, last] = [Math.ceil(place / places - reach), Math.floor(place / places + reach)];
    const weights = Float64Array.from({ length: last - first + 1 }, (_, at) =>
      weightAt(first + at - place / places),
    );
    return { first, weights };
  });
  const out = new Float32Array(Math.floor((samples.length * toHz) / rateHz));
  for (let index = 0; index < out.length; index++) {
    const { first, weights } = windows[(index * step) % places] as (typeof windows)[number];
    const from = Math.floor((index * step) / places) + first;
    const last = Math.min(weights.length, samples.length - from);
    let sum = 0;
    for (let at = Math.max(0, -from); at < last; at++) sum += (samples[from + at] ?? 0) * (weights[at] ?? 0);
    out[index] = sum;
  }
  return { samples: out, rateHz: toHz };
}

function inLowestTerms(one: number, other: number): readonly [number, number] {
  let [divisor, rest] = [one, other];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return [one / divisor, other / divisor];
}

/** Root mean square of each window of `ms`. */
export function levels({ samples, rateHz }: Sound, ms = 10): Float32Array {
  const step = Math.round((rateHz * ms) / 1_000);
  return Float32Array.from({ length: Math.floor(samples.length / step) }, (_, window) => {
    let sum = 0;
    for (let index = window * step; index < (window + 1) * step; index++) sum += (samples[index] ?? 0) ** 2;
    return Math.sqrt(sum / step);
  });
}

/** Where a sound is louder than `threshold`: ms from the start to the first and behind the last such window. */
export function audibleMs(
  sound: Sound,
  threshold = 0.01,
): { readonly from: number; readonly to: number } | undefined {
  const loud = [...levels(sound)].flatMap((level, window) => (level > threshold ? [window] : []));
  const [first] = loud;
  const last = loud.at(-1);
  return first === undefined || last === undefined ? undefined : { from: first * 10, to: (last + 1) * 10 };
}

/** How alike two sounds are. */
export interface Likeness {
  /** Normalised cross-correlation at the best alignment, -1 to 1. */
  readonly coefficient: number;
  /** How much later the heard sound is, in ms. */
  readonly lagMs: number;
}

const COMMON_RATE_HZ = 16_000;

/**
 * Finds `reference` in `heard`: aligned by loudness first, then to the sample, and compared over the length of
 * the reference. Samples that are missing from what was heard count as silence.
 */
export function likeness(reference: Sound, heard: Sound): Likeness {
  const a = resampled(reference, COMMON_RATE_HZ).samples;
  const b = resampled(heard, COMMON_RATE_HZ).samples;
  const loudA = levels({ samples: a, rateHz: COMMON_RATE_HZ });
  const loudB = levels({ samples: b, rateHz: COMMON_RATE_HZ });
  const coarse = best(-loudA.length + 1, loudB.length - 1, (lag) => correlation(loudA, loudB, lag));
  const step = COMMON_RATE_HZ / 100;
  const fine = best((coarse.at - 3) * step, (coarse.at + 3) * step, (lag) => correlation(a, b, lag));
  return { coefficient: fine.value, lagMs: (fine.at * 1_000) / COMMON_RATE_HZ };
}

function best(
  from: number,
  to: number,
  value: (at: number) => number,
): { readonly at: number; readonly value: number } {
  let found = { at: from, value: Number.NEGATIVE_INFINITY };
  for (let at = from; at <= to; at++) {
    const each = value(at);
    if (each > found.value) found = { at, value: each };
  }
  return found;
}

function correlation(a: Float32Array, b: Float32Array, lag: number): number {
  let product = 0;
  let powerA = 0;
  let powerB = 0;
  for (let index = 0; index < a.length; index++) {
    const x = a[index] ?? 0;
    const y = b[index + lag] ?? 0;
    product += x * y;
    powerA += x * x;
    powerB += y * y;
  }
  return powerA === 0 || powerB === 0 ? 0 : product / Math.sqrt(powerA * powerB);
}

/** A steady tone, as heard. */
export interface Tone {
  readonly hz: number;
  /** Amplitude of the sine. */
  readonly level: number;
  readonly seconds: number;
}

/** Measures a tone: its length by loudness, its frequency and level over its middle. */
export function toneIn(sound: Sound): Tone {
  const audible = audibleMs(sound);
  if (!audible) return { hz: 0, level: 0, seconds: 0 };
  const { samples, rateHz } = sound;
  const margin = (audible.to - audible.from) * 0.1;
  const from = Math.round(((audible.from + margin) * rateHz) / 1_000);
  const to = Math.round(((audible.to - margin) * rateHz) / 1_000);
  // Rising zero crossings, each placed between two samples: over thousands of periods the error averages out.
  const crossings: number[] = [];
  for (let index = from + 1; index < to; index++) {
    const before = samples[index - 1] ?? 0;
    const after = samples[index] ?? 0;
    if (before < 0 && after >= 0) crossings.push(index - 1 + before / (before - after));
  }
  const periods = crossings.length - 1;
  const span = (crossings.at(-1) ?? 0) - (crossings[0] ?? 0);
  let power = 0;
  for (let index = from; index < to; index++) power += (samples[index] ?? 0) ** 2;
  return {
    hz: periods > 0 ? (periods * rateHz) / span : 0,
    level: Math.sqrt((2 * power) / (to - from)),
    seconds: (audible.to - audible.from) / 1_000,
  };
}
