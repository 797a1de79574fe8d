import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import { echoAnswer } from './echo-answer.ts';
import { joinSamples, readSamples } from './pcm.ts';
import { resample } from './resample.ts';
import { speakAsTones, WORD_SECONDS } from './word-tones.ts';

const audioOf = (bench: SessionBench): Int16Array =>
  joinSamples(
    bench.sent.flatMap(({ message }) => {
      const data = message.serverContent?.modelTurn?.parts?.[0]?.inlineData?.data;
      return data === undefined ? [] : (readSamples(Buffer.from(data, 'base64')) ?? []);
    }),
  );

describe('echoAnswer', () => {
  it('says what was said, sample for sample as it sounds at 24 kHz', () => {
    const bench = SessionBench.ready().speak(speech('question')).speak(quiet(1)).advance(10_000);
    const said = bench.asked[0]?.turn.audio ?? new Int16Array(0);
    expect(said.length).toBeGreaterThan(30_000);
    expect(audioOf(bench)).toEqual(resample(said, 16_000, 24_000));
  });

  it('says how long it was where nobody knows the words, in both transcripts', () => {
    const bench = SessionBench.ready({ inputAudioTranscription: {}, outputAudioTranscription: {} });
    bench.speak(speech('question')).speak(quiet(1)).advance(10_000);
    const seconds = ((bench.asked[0]?.turn.audio?.length ?? 0) / 16_000).toFixed(1);
    const content = bench.sent.map(({ message }) => message.serverContent);
    const text = `(${seconds} s of speech)`;
    expect(content.flatMap((each) => each?.inputTranscription ?? [])).toEqual([{ text }]);
    expect(content.flatMap((each) => each?.outputTranscription ?? [])).toEqual([{ text }]);
  });

  it('gives the words that a handler heard instead', () => {
    const bench = SessionBench.ready(
      { inputAudioTranscription: {} },
      { answer: () => [{ heard: 'what time is it' }] },
    );
    bench.speak(speech('question')).speak(quiet(1)).advance(100).say('again');
    const lines = bench.sent.flatMap(({ message }) => message.serverContent?.inputTranscription ?? []);
    expect(lines[0]).toEqual({ text: 'what time is it' });
    expect(bench.asked[1]?.context.history[0]).toMatchObject({ role: 'user', transcript: 'what time is it' });
  });

  it('answers text with text and function responses with their JSON', () => {
    const functionResponses = [{ id: '1', name: 'time', response: { now: 12 } }];
    expect(echoAnswer({ index: 0, cause: 'client-content', videoFrames: 0, text: 'hi' })).toEqual([
      { text: 'hi' },
    ]);
    expect(echoAnswer({ index: 0, cause: 'tool-response', videoFrames: 0, functionResponses })).toEqual([
      { text: 'time: {"now":12}' },
    ]);
    expect(echoAnswer({ index: 0, cause: 'client-content', videoFrames: 0 })).toEqual([]);
  });
});

describe('speakAsTones', () => {
  it('gives every word its time and the same word the same tone', () => {
    const word = WORD_SECONDS * 24_000;
    const samples = speakAsTones('tea or tea', 24_000);
    expect(samples).toHaveLength(3 * word);
    expect(samples.slice(0, word)).toEqual(samples.slice(2 * word));
    expect(samples.slice(0, word)).not.toEqual(samples.slice(word, 2 * word));
    expect(speakAsTones('  ', 24_000)).toHaveLength(0);
  });

  it('begins and ends each tone softly', () => {
    const samples = speakAsTones('tea', 24_000);
    expect(Math.max(...samples)).toBeGreaterThan(5_000);
    expect(Math.max(...samples.slice(0, 24).map(Math.abs))).toBeLessThan(200);
    expect(Math.max(...samples.slice(4_296, 4_320).map(Math.abs))).toBeLessThan(200);
    expect(Math.max(...samples.slice(4_320).map(Math.abs))).toBe(0);
  });
});
