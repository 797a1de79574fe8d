import { describe, expect, it } from 'vitest';
import { speech } from '../test-support/speech.ts';
import { AnswerStream } from './answer-stream.ts';
import { joinSamples } from './pcm.ts';
import { resample } from './resample.ts';

const pace = { chunkMs: 100, burstMs: 500, paceFactor: 3 };
const question = speech('question');
const chunksOf = (stream: AnswerStream, untilMs: number): readonly Int16Array[] => {
  const chunks: Int16Array[] = [];
  for (let piece = stream.take(untilMs); piece; piece = stream.take(untilMs))
    if (piece.kind === 'audio') chunks.push(piece.samples);
  return chunks;
};

describe('AnswerStream', () => {
  it('gives audio of another rate as it would be resampled whole, in chunks of one length', () => {
    const stream = new AnswerStream('AUDIO', pace, 0);
    stream.append([{ audio: { samples: question, rateHz: 16_000 } }], 0);
    const chunks = chunksOf(stream, 60_000);
    expect(joinSamples(chunks)).toEqual(resample(question, 16_000, 24_000));
    expect(new Set(chunks.slice(0, -1).map(({ length }) => length))).toEqual(new Set([2_400]));
    expect(chunks.at(-1)?.length).toBeLessThanOrEqual(2_400);
    expect(stream.isEmpty).toBe(true);
  });

  it('keeps its pace where audio is made as it goes', () => {
    const stream = new AnswerStream('AUDIO', pace, 1_000);
    stream.append([{ audio: { samples: question, rateHz: 16_000 } }], 1_000);
    expect(chunksOf(stream, 999)).toHaveLength(0);
    expect(chunksOf(stream, 1_000)).toHaveLength(5);
    expect(chunksOf(stream, 1_100)).toHaveLength(3);
    expect(stream.playedOutMs).toBe(1_800);
  });

  it('makes the tones of a text as they are due: of hours of it none but the first at first', () => {
    const stream = new AnswerStream('AUDIO', pace, 0);
    stream.append([{ text: 'word '.repeat(200_000) }], 0);
    expect(stream.take(0)).toEqual({ kind: 'transcript', words: { text: 'word ' } });
    expect(chunksOf(stream, 0)).toHaveLength(6);
  });
});
