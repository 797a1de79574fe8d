import { durationSeconds, type LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import { joinSamples } from './pcm.ts';

const sentence = joinSamples([quiet(0.5), speech('question'), quiet(2)]);
const vertex = {
  model: 'projects/a/locations/us-central1/publishers/google/models/gemini-3.8-live',
  explicitVadSignal: true,
};
const onVertex = (setup: Partial<LiveSetup> = {}, options: BenchOptions = {}): SessionBench =>
  SessionBench.ready(
    { ...vertex, ...setup },
    { backend: 'vertex-ai', apiVersion: 'v1', answer: () => [], ...options },
  );
const signals = (bench: SessionBench) =>
  bench.sent.flatMap(({ message }) => message.voiceActivity ?? message.voiceActivityDetectionSignal ?? []);

describe('explicitVadSignal', () => {
  it('tells where speech begins and ends, in time of the audio and not of the clock', () => {
    const bench = onVertex().speak(sentence);
    expect(signals(bench)).toEqual([
      { type: 'ACTIVITY_START', audioOffset: '0.62s' },
      { type: 'ACTIVITY_END', audioOffset: '3.72s' },
    ]);
    expect(signals(onVertex().speak(sentence, { realTime: true, pieceMs: 40 }))).toEqual(signals(bench));
    expect(bench.outline.slice(0, 3)).toEqual(['setupComplete', 'voiceActivity', 'voiceActivity']);
  });

  it('counts over every sentence of a connection', () => {
    const times = signals(onVertex().speak(sentence).speak(sentence)).map((each) =>
      durationSeconds((each as { audioOffset?: string }).audioOffset),
    );
    const length = sentence.length / 16_000;
    expect(times).toHaveLength(4);
    expect(Math.abs((times[2] ?? 0) - (times[0] ?? 0) - length)).toBeLessThan(0.1);
    expect(Math.abs((times[3] ?? 0) - (times[1] ?? 0) - length)).toBeLessThan(0.1);
  });

  it('tells of a start before it interrupts, and of an end where the stream ends', () => {
    const tone = [{ audio: { samples: new Int16Array(240_000), rateHz: 24_000 } }];
    const bench = onVertex({}, { answer: () => tone })
      .say('go')
      .speak(speech('question'));
    expect(bench.outline).toEqual(['setupComplete', 'audio', 'voiceActivity', 'interrupted', 'turnComplete']);
    bench.send({ realtimeInput: { audioStreamEnd: true } });
    expect(signals(bench).at(-1)).toMatchObject({ type: 'ACTIVITY_END' });
  });

  it('counts audio that fills no frame where the stream ends', () => {
    const bench = onVertex().speak(quiet(0.01 * 61), { pieceMs: 10 });
    bench.send({ realtimeInput: { audioStreamEnd: true } }).speak(sentence);
    expect(signals(bench)[0]).toEqual({ type: 'ACTIVITY_START', audioOffset: '1.23s' });
  });

  it('is silent where nobody asked, and where the client marks activity itself', () => {
    expect(signals(onVertex({ explicitVadSignal: false }).speak(sentence))).toEqual([]);
    const disabled = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
    const marked = onVertex(disabled)
      .send({ realtimeInput: { activityStart: {} } })
      .speak(sentence)
      .send({ realtimeInput: { activityEnd: {} } });
    expect(signals(marked)).toEqual([]);
    expect(marked.asked).toHaveLength(1);
  });

  it('is refused on the Developer API', () => {
    expect(SessionBench.ready({ explicitVadSignal: true }).closed?.condition).toBe('invalid-setup');
  });

  it('comes in the older form where told to, and in both', () => {
    const older = [{ vadSignalType: 'VAD_SIGNAL_TYPE_SOS' }, { vadSignalType: 'VAD_SIGNAL_TYPE_EOS' }];
    const vadSignals = 'voiceActivityDetectionSignal';
    expect(signals(onVertex({}, { vadSignals }).speak(sentence))).toEqual(older);
    expect(onVertex({}, { vadSignals: 'both' }).speak(sentence).outline.slice(1, 5)).toEqual([
      'voiceActivity',
      'voiceActivityDetectionSignal',
      'voiceActivity',
      'voiceActivityDetectionSignal',
    ]);
  });
});
