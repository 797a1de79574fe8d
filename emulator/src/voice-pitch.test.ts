import { VOICES } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { voicePitch } from './voice-pitch.ts';

const voiced = (voiceName?: string) => ({
  generationConfig: {
    speechConfig: voiceName === undefined ? {} : { voiceConfig: { prebuiltVoiceConfig: { voiceName } } },
  },
});
/** What a voice makes of a word: base64 of its audio. */
const spoken = (voiceName?: string) =>
  SessionBench.ready(voiced(voiceName))
    .say('hello')
    .advance(5_000)
    .sent.flatMap(({ message }) => message.serverContent?.modelTurn?.parts ?? [])
    .map(({ inlineData }) => inlineData?.data)
    .join();

describe('voicePitch', () => {
  it('is another for every voice, within an octave either way', () => {
    const pitches = Object.keys(VOICES).map((name) => voicePitch(voiced(name)));
    expect(new Set(pitches).size).toBe(30);
    expect(Math.max(...pitches)).toBeLessThanOrEqual(2);
    expect(Math.min(...pitches)).toBeGreaterThanOrEqual(0.5);
  });

  it('is the usual one where no voice is named, or one of no name here', () => {
    expect([voicePitch({}), voicePitch(voiced('Puck')), voicePitch(voiced('en-us-tavi'))]).toEqual([1, 1, 1]);
  });

  it('is heard: the same words sound otherwise in another voice, and as long', () => {
    expect(spoken('Kore')).not.toBe(spoken('Aoede'));
    expect(spoken('Kore')).toHaveLength(spoken('Aoede').length);
    expect(spoken('Puck')).toBe(spoken());
  });
});
