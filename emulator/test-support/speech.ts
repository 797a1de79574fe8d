import { readFileSync } from 'node:fs';
import { readSamples } from '../src/pcm.ts';

const HEADER_BYTES = 44;

/** A spoken sentence, 16 kHz mono, from test-assets/. */
export function speech(name: 'question' | 'interruption'): Int16Array {
  const bytes = readFileSync(new URL(`../test-assets/${name}.wav`, import.meta.url));
  return readSamples(bytes.subarray(HEADER_BYTES)) ?? new Int16Array(0);
}

/** Digital silence, or noise of that amplitude, the same each time. */
export function quiet(seconds: number, amplitude = 0, seed = 1): Int16Array {
  let state = seed;
  return Int16Array.from({ length: Math.round(seconds * 16_000) }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.round((state / 1_073_741_824 - 1) * amplitude);
  });
}

/** The sum, sample by sample, as long as the longest. */
export function mixed(...signals: readonly Int16Array[]): Int16Array {
  const sum = new Int16Array(Math.max(...signals.map(({ length }) => length)));
  for (const signal of signals) {
    for (const [index, sample] of signal.entries()) {
      sum[index] = Math.max(-32_768, Math.min(32_767, (sum[index] ?? 0) + sample));
    }
  }
  return sum;
}

/** A signal at another level. */
export function scaled(signal: Int16Array, factor: number): Int16Array {
  return signal.map((sample) => Math.round(sample * factor));
}
