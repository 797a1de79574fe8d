/**
 * Text to be spoken, cut into pieces that take a synthesiser a moment each, and words beside their sound.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import type { AnswerStep } from './answer.ts';

/** Longest piece, in characters: about 10 s of speech. */
const LONGEST_PIECE = 160;
/** Below this a sample counts as silence: −50 dB. */
const SILENCE = 100;

/** Sentences, each at most {@link LONGEST_PIECE} long; joined they are the text. */
export function speechPieces(text: string): readonly string[] {
  const sentences = text.match(/[^.!?\n]*[.!?\n]+["'”’)\]]*\s*|[^.!?\n]+$/g) ?? [];
  const whole = joinTiny(sentences);
  return whole.flatMap(cut);
}

/**
 * A piece with its sound (24 kHz) as steps: each word's transcript just before its part of the sound. Where a word
 * lies is reckoned from its letters, so it may be off by a syllable; the sound is unchanged.
 */
export function wordsBesideSound(piece: string, samples: Int16Array): readonly AnswerStep[] {
  const words = piece.match(/\s*\S+\s*/g) ?? [];
  const weights = words.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { from, to } = soundingPart(samples);
  const bounds: number[] = [0];
  let before = 0;
  for (const weight of weights) {
    before += weight;
    bounds.push(Math.round(from + ((to - from) * before) / total));
  }
  return words.flatMap((word, index): readonly AnswerStep[] => {
    const isLast = index === words.length - 1;
    const part = samples.subarray(bounds[index] ?? 0, isLast ? samples.length : bounds[index + 1]);
    const audio = { samples: part, rateHz: OUTPUT_SAMPLE_RATE_HZ };
    return part.length > 0 ? [{ transcript: word }, { audio }] : [{ transcript: word }];
  });
}

/** "e.g. 7.30" is no three sentences: what ends without a space after it goes on. */
function joinTiny(sentences: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const sentence of sentences) {
    const last = joined.at(-1);
    if (last !== undefined && !/\s$/.test(last)) joined[joined.length - 1] = last + sentence;
    else joined.push(sentence);
  }
  return joined;
}

function cut(sentence: string): readonly string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_PIECE) {
    const head = rest.slice(0, LONGEST_PIECE);
    const at = Math.max(head.lastIndexOf(', ') + 2, head.lastIndexOf('; ') + 2);
    const space = head.lastIndexOf(' ') + 1;
    const length = at > LONGEST_PIECE / 3 ? at : space > 0 ? space : wholeCharacters(head);
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

/** Never half of a surrogate pair. */
function wholeCharacters(head: string): number {
  return /[\uD800-\uDBFF]$/.test(head) ? head.length - 1 : head.length;
}

/** A word lasts about as long as its letters; digits are said as words; a comma is a pause. */
function weightOf(word: string): number {
  const digits = word.match(/\d/g)?.length ?? 0;
  const pause = /[,;:.!?]\s*$/.test(word) ? 3 : 0;
  return 1 + word.trim().length + 3 * digits + pause;
}

function soundingPart(samples: Int16Array): { readonly from: number; readonly to: number } {
  const from = samples.findIndex((sample) => Math.abs(sample) > SILENCE);
  const to = samples.findLastIndex((sample) => Math.abs(sample) > SILENCE) + 1;
  return from < 0 ? { from: 0, to: samples.length } : { from, to };
}
