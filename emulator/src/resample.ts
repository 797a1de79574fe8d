/**
 * Changes the sample rate of speech without aliasing: a windowed-sinc interpolator, whole or in pieces.
 * @module
 */
import { joinSamples } from './pcm.ts';

/** Zero crossings of the sinc on each side, counted at the lower of the two rates. */
const LOBES = 24;
/** Points of the kernel's table per zero crossing; linear interpolation between them errs below −100 dB. */
const POINTS = 512;
/** Shape of the Kaiser window: about 80 dB of stopband. */
const KAISER_BETA = 8;
/** Edge of the passband as a part of the lower Nyquist frequency; the rest is the filter's slope. */
const PASSBAND = 0.93;

const KERNEL = kernelTable();

/** A resampler in mid-stream. Feed pieces of any length; the delay of the filter is taken out. */
export interface Resampler {
  /** The samples that can be said for sure after this piece. */
  push(samples: Int16Array): Int16Array;
  /** The rest, with silence assumed after the end. The resampler starts afresh. */
  flush(): Int16Array;
}

/**
 * Brings mono PCM from `fromHz` to `toHz`; the length is `samples.length × toHz / fromHz`, rounded up. What
 * lies above the new Nyquist frequency is more than 70 dB down, clipping excepted.
 */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples.slice();
  const resampler = createResampler(fromHz, toHz);
  return joinSamples([resampler.push(samples), resampler.flush()]);
}

/** Starts a resampler. Equal rates pass samples through. */
export function createResampler(fromHz: number, toHz: number): Resampler {
  if (fromHz === toHz) return { push: (samples) => samples, flush: () => new Int16Array(0) };
  const filter = filterOf(fromHz, toHz);
  /** Input from `firstAt` on; before the stream there is silence. */
  let held: Int16Array = new Int16Array(0);
  let firstAt = 0;
  let inputCount = 0;
  let outputCount = 0;

  const emit = (last: number): Int16Array => {
    const out = new Int16Array(Math.max(0, last - outputCount));
    for (let index = 0; index < out.length; index++) {
      const at = outputCount + index;
      const first = Math.floor((at * fromHz) / toHz) - filter.reach + 1;
      out[index] = weighted(held, first - firstAt, filter.row(at));
    }
    outputCount += out.length;
    const needed = Math.floor((outputCount * fromHz) / toHz) - filter.reach;
    if (needed > firstAt) {
      held = held.subarray(Math.min(needed - firstAt, held.length));
      firstAt = needed;
    }
    return out;
  };

  return {
    push(samples) {
      held = joinSamples([held, samples]);
      inputCount += samples.length;
      return emit(Math.floor(((inputCount - filter.reach) * toHz) / fromHz));
    },
    flush() {
      const rest = emit(Math.ceil((inputCount * toHz) / fromHz));
      held = new Int16Array(0);
      firstAt = inputCount = outputCount = 0;
      return rest;
    },
  };
}

/** The weights that make one output sample out of the input around it. */
interface Filter {
  /** Input samples on each side. */
  readonly reach: number;
  /** The weights of an output sample, from `reach - 1` samples before its place to `reach` after. */
  row(outputIndex: number): Float64Array;
}

/** Filters with more rows than this make each row when it is needed. */
const MOST_ROWS = 480;
const filters = new Map<string, Filter>();

function filterOf(fromHz: number, toHz: number): Filter {
  const key = `${fromHz}:${toHz}`;
  const known = filters.get(key);
  if (known) return known;
  const cutoff = PASSBAND * Math.min(1, toHz / fromHz);
  const reach = Math.ceil(LOBES / cutoff);
  const rows = toHz / greatestDivisor(fromHz, toHz);
  const makeRow = (outputIndex: number): Float64Array => {
    const place = ((outputIndex * fromHz) / toHz) % 1;
    const row = new Float64Array(2 * reach);
    // Not Float64Array.from: a call for each weight, and a rate without a table has a row for each sample.
    for (let tap = 0; tap < row.length; tap++) row[tap] = kernel(place - (tap - reach + 1), cutoff);
    return row;
  };
  if (rows > MOST_ROWS) return { reach, row: makeRow };
  const table = Array.from({ length: rows }, (_, index) => makeRow(index));
  const filter: Filter = { reach, row: (index) => table[index % rows] ?? makeRow(index) };
  filters.set(key, filter);
  return filter;
}

function weighted(held: Int16Array, first: number, weights: Float64Array): number {
  const from = Math.max(0, -first);
  const to = Math.min(weights.length, held.length - first);
  let sum = 0;
  for (let tap = from; tap < to; tap++) sum += (held[first + tap] ?? 0) * (weights[tap] ?? 0);
  return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
}

function kernel(distance: number, cutoff: number): number {
  const place = Math.abs(distance) * cutoff * POINTS;
  const index = Math.floor(place);
  const left = KERNEL[index] ?? 0;
  return cutoff * (left + ((KERNEL[index + 1] ?? 0) - left) * (place - index));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function kernelTable(): Float64Array {
  const table = new Float64Array(LOBES * POINTS + 2);
  for (let index = 0; index < LOBES * POINTS; index++) {
    const x = index / POINTS;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    table[index] = (sinc * besselI0(KAISER_BETA * Math.sqrt(1 - (x / LOBES) ** 2))) / besselI0(KAISER_BETA);
  }
  return table;
}

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
