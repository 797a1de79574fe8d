import type { LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import { joinSamples, samplesToBase64 } from './pcm.ts';
import { resample } from './resample.ts';

const question = speech('question');
const manual: Partial<LiveSetup> = {
  realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
};
const covering = (turnCoverage: string): Partial<LiveSetup> => ({ realtimeInputConfig: { turnCoverage } });
const start = { realtimeInput: { activityStart: {} } };
const end = { realtimeInput: { activityEnd: {} } };
const frame = { realtimeInput: { video: { mimeType: 'image/jpeg', data: 'AAAA' } } };
const silent = { answer: () => [] };
const vertex = { backend: 'vertex-ai', apiVersion: 'v1' } as const;
const vertexSetup = { model: 'projects/a/locations/us-central1/publishers/google/models/gemini-3.8-live' };
const audioTokens = (bench: SessionBench) => bench.session.figures.usage.prompt.AUDIO ?? 0;

describe('realtimeInput', () => {
  it('resamples what comes at another rate', () => {
    const at48 = resample(joinSamples([question, quiet(1)]), 16_000, 48_000);
    const bench = SessionBench.ready({}, silent);
    for (let at = 0; at < at48.length; at += 960) {
      const data = samplesToBase64(at48.slice(at, at + 960));
      bench.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=48000', data } } });
    }
    const plain = SessionBench.ready({}, silent).speak(question).speak(quiet(1));
    const [heard, wanted] = [bench, plain].map(({ asked }) => asked[0]?.turn.audio?.length ?? 0);
    expect(wanted).toBeGreaterThan(30_000);
    expect(Math.abs((heard ?? 0) - (wanted ?? 0))).toBeLessThan(1_600);
    expect(bench.session.figures.audioSeconds).toBeCloseTo(question.length / 16_000 + 1, 2);
  });

  it('takes audio without a rate for 16 kHz', () => {
    const data = samplesToBase64(joinSamples([question, quiet(1)]));
    const bench = SessionBench.ready({}, silent).send({
      realtimeInput: { audio: { mimeType: 'audio/pcm', data } },
    });
    expect(bench.asked[0]?.turn.cause).toBe('speech');
  });

  it('takes the first of several media chunks and no other', () => {
    const blob = (seconds: number) => ({ mimeType: 'audio/pcm', data: samplesToBase64(quiet(seconds)) });
    const bench = SessionBench.ready().send({ realtimeInput: { mediaChunks: [blob(1), blob(2)] } });
    expect(bench.session.figures.audioSeconds).toBe(1);
    const image = { mimeType: 'image/png', data: 'AAAA' };
    bench.send({ realtimeInput: { mediaChunks: [image, image] } });
    expect(bench.session.figures.videoFrames).toBe(1);
  });

  it('warns of media chunks that it does not take', () => {
    const image = { mimeType: 'image/png', data: 'AAAA' };
    const send = (count: number) =>
      SessionBench.ready().send({ realtimeInput: { mediaChunks: Array(count).fill(image) } }).warnings;
    expect(send(1)).toEqual([]);
    expect(send(3)).toEqual(['Of several mediaChunks only the first is taken.']);
  });

  it('takes every media chunk on Vertex AI', () => {
    const blob = (seconds: number) => ({ mimeType: 'audio/pcm', data: samplesToBase64(quiet(seconds)) });
    const image = { mimeType: 'image/png', data: 'AAAA' };
    const bench = SessionBench.ready(vertexSetup, vertex).send({
      realtimeInput: { mediaChunks: [blob(1), image, blob(2), image] },
    });
    expect(bench.session.figures).toMatchObject({ audioSeconds: 3, videoFrames: 2 });
    expect(bench.warnings).toEqual([]);
    const odd = { mimeType: 'audio/pcm', data: 'AAAA' };
    const both = SessionBench.ready(vertexSetup, vertex).send({
      realtimeInput: { mediaChunks: [image, odd] },
    });
    expect(both.closed?.condition).toBe('odd-audio');
  });

  it.each([
    ['video', 'image/jpeg', undefined],
    ['video', 'image/webp', undefined],
    ['video', 'image/svg+xml', 'unsupported-media'],
    ['video', 'video/mp4', 'unsupported-media'],
    ['video', 'audio/pcm', 'unsupported-media'],
    ['audio', 'audio/pcm', undefined],
    ['audio', 'image/jpeg', 'unsupported-media'],
    ['audio', 'audio/ogg', 'unsupported-media'],
  ])('takes in %s what is said to be %s: %s', (field, mimeType, condition) => {
    const bench = SessionBench.ready().send({ realtimeInput: { [field]: { mimeType, data: 'AAAAAA==' } } });
    expect(bench.closed?.condition).toBe(condition);
  });

  it('shows how much audio and how many frames came, whatever of it was a turn', () => {
    const bench = SessionBench.ready({}, silent).speak(quiet(1.5)).send(frame).speak(question);
    expect(bench.session.figures.videoFrames).toBe(1);
    expect(bench.session.figures.audioSeconds).toBeCloseTo(1.5 + question.length / 16_000, 5);
  });

  it('ends an utterance where the stream does, and hears the next one after', () => {
    const bench = SessionBench.ready({}, silent).speak(question);
    expect(bench.asked).toHaveLength(0);
    bench.send({ realtimeInput: { audioStreamEnd: true } });
    expect(bench.asked).toHaveLength(1);
    bench.speak(question).send({ realtimeInput: { audioStreamEnd: true } });
    expect(bench.asked).toHaveLength(2);
    bench.send({ realtimeInput: { audioStreamEnd: true } });
    expect(bench.asked).toHaveLength(2);
  });

  it('puts text that comes while the user speaks into that turn', () => {
    const bench = SessionBench.ready({}, silent)
      .speak(question)
      .send({ realtimeInput: { text: 'see this' } });
    expect(bench.asked).toHaveLength(0);
    bench.speak(quiet(1));
    expect(bench.asked[0]?.turn).toMatchObject({ cause: 'speech', text: 'see this' });
  });
});

describe('marked activity', () => {
  it('makes a turn of exactly what came between the marks', () => {
    const bench = SessionBench.ready(manual, silent).speak(question).send(start);
    expect(bench.session.figures.state).toBe('hearing');
    bench.speak(question).send(end).speak(question);
    expect(bench.asked).toHaveLength(1);
    expect(bench.asked[0]?.turn.cause).toBe('activity-mark');
    expect(bench.asked[0]?.turn.audio).toEqual(question);
  });

  it('never finds speech by itself', () => {
    const bench = SessionBench.ready(manual, silent).speak(question).speak(quiet(2));
    expect(bench.asked).toHaveLength(0);
    expect(SessionBench.ready({}, silent).speak(question).speak(quiet(2)).asked).toHaveLength(1);
  });

  it('interrupts the model when it begins', () => {
    const answer = () => [{ audio: { samples: new Int16Array(48_000), rateHz: 24_000 } }];
    const bench = SessionBench.ready(manual, { answer }).say('go').send(start);
    expect(bench.outline).toEqual(['setupComplete', 'audio', 'interrupted', 'turnComplete']);
  });

  it('holds text for the turn that is marked', () => {
    const bench = SessionBench.ready(manual, silent).send({ realtimeInput: { text: 'hello' } });
    expect(bench.asked).toHaveLength(0);
    bench.send(start).send(end);
    expect(bench.asked[0]?.turn).toEqual({ index: 0, cause: 'activity-mark', text: 'hello', videoFrames: 0 });
  });

  it('lets marks pass that make no sense, with a warning', () => {
    const bench = SessionBench.ready(manual, silent).send(end).send(start).send(start);
    bench.send({ realtimeInput: { audioStreamEnd: true } });
    expect(bench.warnings).toHaveLength(3);
    expect(bench.closed).toBeUndefined();
  });
});

describe('turn coverage', () => {
  const speakWithFrames = (
    turnCoverage: string | undefined,
    setup: Partial<LiveSetup> = {},
    options: BenchOptions = {},
  ): SessionBench =>
    SessionBench.ready(
      { ...setup, ...(turnCoverage !== undefined && covering(turnCoverage)) },
      { ...silent, ...options },
    )
      .send(frame)
      .speak(quiet(2))
      .speak(question)
      .send(frame)
      .send(frame)
      .speak(quiet(1));

  it('costs another sum for each of the three on the same stream', () => {
    const costs = ['ONLY_ACTIVITY', 'AUDIO_ACTIVITY_AND_ALL_VIDEO', 'ALL_INPUT'].map((coverage) => {
      const { AUDIO = 0, VIDEO = 0 } = speakWithFrames(`TURN_INCLUDES_${coverage}`).session.figures.usage
        .prompt;
      return { audio: AUDIO, frames: VIDEO / 258 };
    });
    const [{ audio = 0 } = {}] = costs;
    const spoken = Math.ceil((question.length / 16_000) * 25);
    expect(costs).toEqual([
      { audio, frames: 2 },
      { audio, frames: 3 },
      { audio: expect.any(Number), frames: 3 },
    ]);
    expect(Math.abs(audio - spoken)).toBeLessThan(25);
    expect(costs[2]?.audio).toBeGreaterThan(spoken + 2 * 25);
  });

  it('is by default what the model and the service have', () => {
    const audioAndFrames = (bench: SessionBench) => {
      const { AUDIO, VIDEO } = bench.session.figures.usage.prompt;
      return [AUDIO, VIDEO];
    };
    const [activity, video, all] = ['ONLY_ACTIVITY', 'AUDIO_ACTIVITY_AND_ALL_VIDEO', 'ALL_INPUT'].map(
      (coverage) => audioAndFrames(speakWithFrames(`TURN_INCLUDES_${coverage}`)),
    );
    const by = (id: string) => audioAndFrames(speakWithFrames(undefined, { model: `models/${id}` }));
    expect(by('gemini-3.8-live')).toEqual(video);
    expect(by('gemini-3.1-flash-live-preview')).toEqual(video);
    expect(by('gemini-2.5-flash-native-audio-latest')).toEqual(activity);
    expect(audioAndFrames(speakWithFrames(undefined, vertexSetup, vertex))).toEqual(all);
  });

  it('counts speech and the frames during it', () => {
    const bench = speakWithFrames('TURN_INCLUDES_ONLY_ACTIVITY');
    expect(bench.asked[0]?.turn.videoFrames).toBe(2);
    expect(audioTokens(bench)).toBe(Math.ceil((bench.asked[0]?.turn.audio?.length ?? 0) / 640));
  });

  it('counts speech and every frame, as current models do', () => {
    const bench = speakWithFrames('TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO');
    expect(bench.asked[0]?.turn.videoFrames).toBe(3);
    expect(audioTokens(bench)).toBe(Math.ceil((bench.asked[0]?.turn.audio?.length ?? 0) / 640));
    expect(bench.session.figures.usage.prompt.VIDEO).toBe(3 * 258);
  });

  it('counts silence too where everything is covered', () => {
    const bench = speakWithFrames('TURN_INCLUDES_ALL_INPUT');
    expect(bench.asked[0]?.turn.videoFrames).toBe(3);
    expect(audioTokens(bench)).toBeGreaterThan((2 + question.length / 16_000) * 25);
  });
});
