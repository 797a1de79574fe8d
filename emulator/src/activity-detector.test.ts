import type { AutomaticActivityDetection } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { mixed, quiet, scaled, speech } from '../test-support/speech.ts';
import { ActivityDetector, type ActivityEdge } from './activity-detector.ts';
import { activitySettings } from './activity-settings.ts';
import { createFrameJudge } from './frame-judge.ts';
import { joinSamples } from './pcm.ts';
import { loadVoiceDetector } from './voice-detector.ts';

const newDetector = await loadVoiceDetector();
const question = speech('question');

interface Heard {
  readonly kind: ActivityEdge['kind'];
  /** Where in the stream it became known, in ms. */
  readonly atMs: number;
  readonly audio?: Int16Array;
}

const listen = (
  samples: Int16Array,
  automaticActivityDetection: AutomaticActivityDetection = {},
  pieceSamples = 320,
): readonly Heard[] => {
  const settings = activitySettings({ automaticActivityDetection });
  const { judge, close } = createFrameJudge(settings, newDetector);
  const detector = new ActivityDetector(judge, settings);
  const heard: Heard[] = [];
  for (let at = 0; at < samples.length; at += pieceSamples) {
    for (const edge of detector.push(samples.subarray(at, at + pieceSamples), 0)) {
      heard.push({ ...edge, atMs: Math.min(at + pieceSamples, samples.length) / 16 });
    }
  }
  close();
  return heard;
};
const between = (leadSeconds: number, said: Int16Array, tailSeconds: number): Int16Array =>
  joinSamples([quiet(leadSeconds), said, quiet(tailSeconds)]);
const kinds = (heard: readonly Heard[]): readonly string[] => heard.map(({ kind }) => kind);
/** Where the sentence itself begins and ends, in ms: the synthesiser pads it with silence. */
const loud = (samples: Int16Array): readonly [number, number] => [
  samples.findIndex((sample) => Math.abs(sample) > 300) / 16,
  samples.findLastIndex((sample) => Math.abs(sample) > 300) / 16,
];

describe('ActivityDetector', () => {
  it('hears a sentence begin and end, once each, close to where it does', () => {
    const stream = between(1, question, 2);
    const [fromMs, toMs] = loud(stream);
    const [start, end, ...more] = listen(stream);
    expect(more).toEqual([]);
    expect(start).toMatchObject({ kind: 'start' });
    expect((start?.atMs ?? 0) - fromMs).toBeGreaterThan(0);
    expect((start?.atMs ?? 0) - fromMs).toBeLessThan(250);
    expect(end).toMatchObject({ kind: 'end' });
    expect(Math.abs((end?.atMs ?? 0) - toMs - 600)).toBeLessThan(150);
  });

  it('gives the whole sentence, with little around it', () => {
    const stream = between(1, question, 2);
    const [fromMs, toMs] = loud(stream);
    const audio = listen(stream)[1]?.audio ?? new Int16Array(0);
    expect(audio.length / 16).toBeGreaterThan(toMs - fromMs);
    expect(audio.length / 16).toBeLessThan(toMs - fromMs + 700);
    const said = stream.slice(fromMs * 16, toMs * 16);
    const at = loud(audio)[0] * 16;
    expect(audio.slice(at, at + said.length)).toEqual(said);
  });

  it('cuts in the same places however the audio is cut and however fast it comes', () => {
    const stream = between(0.5, question, 1.5);
    const audioOf = (pieceSamples: number) => listen(stream, {}, pieceSamples)[1]?.audio;
    const [whole] = [audioOf(stream.length)];
    expect(whole?.length).toBeGreaterThan(0);
    expect(audioOf(320)).toEqual(whole);
    expect(audioOf(43)).toEqual(whole);
    expect(audioOf(1_000)).toEqual(whole);
  });

  it('hears nothing in silence, in steady noise and in a whisper below the floor', () => {
    expect(listen(quiet(4))).toEqual([]);
    expect(listen(quiet(4, 60))).toEqual([]);
    expect(listen(between(1, scaled(question, 0.004), 2))).toEqual([]);
    expect(kinds(listen(between(1, scaled(question, 0.1), 2)))).toEqual(['start', 'end']);
  });

  it.each([30, 150, 400])('hears a sentence in noise of amplitude %i', (amplitude) => {
    expect(kinds(listen(mixed(between(1, question, 2), quiet(6, amplitude))))).toEqual(['start', 'end']);
  });

  it('hears a soft sentence as one', () => {
    expect(kinds(listen(mixed(between(1, scaled(question, 0.05), 2), quiet(6, 30))))).toEqual([
      'start',
      'end',
    ]);
  });

  it('hears two sentences as two where the pause is long enough, as one where it is not', () => {
    const said = joinSamples([quiet(0.5), question, quiet(1), question, quiet(1.6)]);
    expect(kinds(listen(said))).toEqual(['start', 'end', 'start', 'end']);
    expect(kinds(listen(said, { silenceDurationMs: 1_500 }))).toEqual(['start', 'end']);
  });

  it('ends later the longer the silence it is to wait for', () => {
    const stream = between(0.5, question, 3);
    const endOf = (silenceDurationMs: number) => listen(stream, { silenceDurationMs })[1]?.atMs ?? 0;
    expect(endOf(1_000) - endOf(500)).toBe(500);
  });

  it('starts later the more speech it is to hear first, and not at all for too little', () => {
    const stream = between(0.5, question, 2);
    const startOf = (prefixPaddingMs: number) => listen(stream, { prefixPaddingMs })[0]?.atMs ?? 0;
    expect(startOf(400)).toBeGreaterThan(startOf(40) + 200);
    expect(listen(between(0.5, question.slice(4_800, 8_000), 1), { prefixPaddingMs: 1_000 })).toEqual([]);
    expect(kinds(listen(between(0.5, question.slice(4_800, 8_000), 1), { prefixPaddingMs: 40 }))).toEqual([
      'start',
      'end',
    ]);
  });

  it('hears a quiet start at high sensitivity alone', () => {
    const stream = between(1, scaled(question, 0.02), 2);
    const heard = (startOfSpeechSensitivity: string) => kinds(listen(stream, { startOfSpeechSensitivity }));
    expect(heard('START_SENSITIVITY_HIGH')).toEqual(['start', 'end']);
    expect(heard('START_SENSITIVITY_LOW')).toEqual([]);
  });

  it('ends sooner at high sensitivity', () => {
    const stream = mixed(between(1, scaled(question, 0.12), 2.5), quiet(6.4, 100));
    const endOf = (endOfSpeechSensitivity: string) =>
      listen(stream, { endOfSpeechSensitivity, silenceDurationMs: 600 })[1]?.atMs ?? Number.NaN;
    expect(endOf('END_SENSITIVITY_LOW')).toBeGreaterThan(endOf('END_SENSITIVITY_HIGH'));
  });
});
