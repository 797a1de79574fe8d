/**
 * A voice for text without a speech synthesiser: one soft tone for each word, the same word always the same.
 * @module
 */

/** Time of one word in s, the pause after it included. */
export const WORD_SECONDS = 0.24;

const TONE_SECONDS = 0.18;
const EDGE_SECONDS = 0.01;
const AMPLITUDE = 6_000;
/** A pentatonic scale: any order of words sounds bearable. Hz. */
const SCALE_HZ = [261.6, 293.7, 329.6, 392, 440, 523.3, 587.3, 659.3] as const;

/** Speaks `text` at `rateHz`: {@link WORD_SECONDS} for each word, 16-bit mono, `pitch` times as high as usual. */
export function speakAsTones(text: string, rateHz: number, pitch = 1): Int16Array {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const wordSamples = Math.round(WORD_SECONDS * rateHz);
  const samples = new Int16Array(words.length * wordSamples);
  for (const [index, word] of words.entries()) {
    const hz = pitch * (SCALE_HZ[hash(word) % SCALE_HZ.length] ?? SCALE_HZ[0]);
    for (let at = 0; at < Math.round(TONE_SECONDS * rateHz); at++) {
      samples[index * wordSamples + at] = Math.round(
        AMPLITUDE * envelope(at / rateHz) * Math.sin((2 * Math.PI * hz * at) / rateHz),
      );
    }
  }
  return samples;
}

function envelope(seconds: number): number {
  const edge = Math.min(seconds, TONE_SECONDS - seconds) / EDGE_SECONDS;
  return edge >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * Math.max(0, edge));
}

function hash(word: string): number {
  let sum = 0;
  for (const character of word.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
