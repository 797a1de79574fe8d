import type { AutomaticActivityDetection } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { mixed, quiet, scaled, speech } from '../test-support/speech.ts';
import { joinSamples } from './pcm.ts';

/** One WAV, question.wav, with silence around it; and the same, soft, in a noisy room. */
const sentence = joinSamples([quiet(0.5), speech('question'), quiet(2)]);
const softInNoise = mixed(scaled(sentence, 0.12), quiet(sentence.length / 16_000, 100));

/** When the session hears the user begin and end, in ms since the stream's first sample. */
const boundaries = (automaticActivityDetection: AutomaticActivityDetection, stream = sentence) => {
  const bench = SessionBench.ready(
    { realtimeInputConfig: { automaticActivityDetection } },
    { answer: () => [] },
  );
  const edges: number[] = [];
  for (let at = 0; at < stream.length; at += 320) {
    const before = bench.session.figures.state;
    bench.speak(stream.slice(at, at + 320));
    if (bench.session.figures.state !== before) edges.push((at + 320) / 16);
  }
  return edges;
};

describe('automaticActivityDetection, every setting against the default on one WAV', () => {
  it('hears the sentence from 620 to 3720 ms by default', () => {
    expect(boundaries({})).toEqual([620, 3_720]);
  });

  it.each<[string, AutomaticActivityDetection, readonly number[]]>([
    ['disabled: nothing is heard', { disabled: true }, []],
    ['disabled: false is the default', { disabled: false }, [620, 3_720]],
    [
      'startOfSpeechSensitivity low: later',
      { startOfSpeechSensitivity: 'START_SENSITIVITY_LOW' },
      [740, 3_720],
    ],
    [
      'startOfSpeechSensitivity high is the default',
      { startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH' },
      [620, 3_720],
    ],
    ['endOfSpeechSensitivity low: later', { endOfSpeechSensitivity: 'END_SENSITIVITY_LOW' }, [620, 4_120]],
    [
      'endOfSpeechSensitivity high is the default',
      { endOfSpeechSensitivity: 'END_SENSITIVITY_HIGH' },
      [620, 3_720],
    ],
    ['prefixPaddingMs 20: sooner', { prefixPaddingMs: 20 }, [520, 3_720]],
    ['prefixPaddingMs 400: later', { prefixPaddingMs: 400 }, [900, 3_720]],
    ['silenceDurationMs 300: sooner', { silenceDurationMs: 300 }, [620, 3_420]],
    ['silenceDurationMs 1500: later', { silenceDurationMs: 1_500 }, [620, 4_620]],
    [
      'silenceDurationMs 100: a pause between words ends the turn',
      { silenceDurationMs: 100 },
      [620, 1_300, 1_520, 3_220],
    ],
  ])('%s', (_, settings, expected) => {
    expect(boundaries(settings)).toEqual(expected);
  });

  it('lets a sensitivity move a boundary with its time held, in a noisy room', () => {
    const times = { prefixPaddingMs: 120, silenceDurationMs: 600 };
    expect(boundaries(times, softInNoise)).toEqual([640, 3_780]);
    expect(boundaries({ ...times, startOfSpeechSensitivity: 'START_SENSITIVITY_LOW' }, softInNoise)).toEqual([
      1_920, 3_660,
    ]);
    expect(boundaries({ ...times, endOfSpeechSensitivity: 'END_SENSITIVITY_LOW' }, softInNoise)).toEqual([
      640, 3_840,
    ]);
  });

  it('takes prefixPaddingMs for speech that must be heard, not for audio kept from before it', () => {
    const audioOf = (prefixPaddingMs: number) => {
      const bench = SessionBench.ready(
        { realtimeInputConfig: { automaticActivityDetection: { prefixPaddingMs } } },
        { answer: () => [] },
      );
      return bench.speak(sentence).asked[0]?.turn.audio;
    };
    expect(audioOf(20)).toEqual(audioOf(200));
    const short = joinSamples([quiet(0.5), speech('question').slice(4_800, 8_000), quiet(1)]);
    expect(boundaries({ prefixPaddingMs: 100 }, short)).toHaveLength(2);
    expect(boundaries({ prefixPaddingMs: 1_000 }, short)).toEqual([]);
  });
});
