/**
 * What a client is playing, and when, as far as one can tell from what it was sent.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { createResampler, type Resampler } from './resample.ts';

/** Rate at which the echo guard works, in Hz: speech is told apart well below 4 kHz. */
export const GUARD_RATE_HZ = 8_000;

const PER_MS = GUARD_RATE_HZ / 1_000;
/** How long what was played is remembered, in ms. */
const MEMORY_MS = 3_000;
/** Two pieces this close are one run of audio, in ms. */
const JOIN_MS = 2;
/** A sample that is loud: 30 dB below full scale. */
const LOUD = 1_000;

interface Run {
  readonly startMs: number;
  readonly resampler: Resampler;
  readonly pieces: { readonly at: number; samples: Int16Array }[];
  /** Samples at 24 kHz taken, at 8 kHz given. */
  taken: number;
  length: number;
}

/** A timeline of played audio at {@link GUARD_RATE_HZ}. Times are epoch ms. */
export class EchoReference {
  #runs: Run[] = [];

  /** Audio at 24 kHz that starts to play at `startMs`, after everything given before. */
  add(samples: Int16Array, startMs: number): void {
    const last = this.#runs.at(-1);
    const run = last && Math.abs(endOf(last) - startMs) <= JOIN_MS ? last : this.#newRun(startMs);
    const piece = run.resampler.push(samples);
    run.taken += samples.length;
    run.pieces.push({ at: run.length, samples: piece });
    run.length += piece.length;
  }

  #newRun(startMs: number): Run {
    const resampler = createResampler(OUTPUT_SAMPLE_RATE_HZ, GUARD_RATE_HZ);
    const run: Run = { startMs, resampler, pieces: [], taken: 0, length: 0 };
    this.#runs.push(run);
    return run;
  }

  /** Playing stops at `atMs`: what would have come after never sounds. */
  cut(atMs: number): void {
    this.#runs = this.#runs.filter(({ startMs }) => startMs < atMs);
    const run = this.#runs.pop();
    if (!run) return;
    const length = Math.min(run.length, Math.ceil((atMs - run.startMs) * PER_MS));
    const pieces = run.pieces
      .filter(({ at }) => at < length)
      .map(({ at, samples }) => ({ at, samples: samples.subarray(0, length - at) }));
    // A run that was cut is never gone on with: its count of samples taken no longer fits any time.
    this.#runs.push({ ...run, pieces, length, taken: Number.NaN });
  }

  /** Forgets what ended long before `nowMs`. */
  forget(nowMs: number): void {
    for (const run of this.#runs) {
      const gone = (nowMs - MEMORY_MS - run.startMs) * PER_MS;
      const keep = run.pieces.findIndex(({ at, samples }) => at + samples.length > gone);
      if (keep !== 0) run.pieces.splice(0, keep === -1 ? run.pieces.length : keep);
    }
    this.#runs = this.#runs.filter((run, index) => run.pieces.length > 0 || index === this.#runs.length - 1);
  }

  /** What played in the `length` samples before `endMs`; zeros where nothing did. */
  before(endMs: number, length: number): Float64Array {
    const window = new Float64Array(length);
    for (const run of this.#runs) {
      const offset = Math.round((run.startMs - endMs) * PER_MS) + length;
      for (const { at, samples } of run.pieces) {
        const start = offset + at;
        const from = Math.max(0, -start);
        const to = Math.min(samples.length, length - start);
        for (let index = from; index < to; index++) window[start + index] = samples[index] ?? 0;
      }
    }
    return window;
  }

  /** True where a tenth of that time, at least, was louder than 30 dB below full scale. */
  isLoudBetween(fromMs: number, toMs: number): boolean {
    const window = this.before(toMs, Math.round((toMs - fromMs) * PER_MS));
    let loud = 0;
    for (const sample of window) if (Math.abs(sample) > LOUD) loud++;
    return loud > window.length / 10;
  }
}

function endOf({ startMs, taken }: Run): number {
  return startMs + (taken * 1_000) / OUTPUT_SAMPLE_RATE_HZ;
}
