import { describe, expect, it } from 'vitest';
import { readyTimes } from '../reference-microphone.ts';
import { bursts, microphoneFigures } from './microphone-run.ts';

const RATE = 44_100;
const BUFFER = 441;
const BEGAN = 1_800_000_000_000;
const sound = bursts();

/** A reference whose worker reads every buffer late by up to 4 ms, and one in ten at once. */
const stamps = Float64Array.from(
  Array.from({ length: Math.floor(sound.samples.length / BUFFER) }, (_, index) => [
    BEGAN + (index + 1) * 10 + (index % 10 === 0 ? 0 : 1 + (index % 4)),
    BUFFER,
  ]).flat(),
);
const reference = { rateHz: RATE, samples: sound.samples, buffers: readyTimes(stamps, RATE) };

/** What arrives of a module that sends `frameMs` at a time, `delayMs` after the buffer that completes it. */
const speech = (frameMs: number, delayMs: number) => {
  const count = Math.floor((sound.samples.length * 16_000) / RATE);
  // 1 kHz on either side: to take the nearest sample is good enough to find where a tone begins.
  const samples = Float32Array.from(
    { length: count },
    (_, at) => sound.samples[Math.round((at * RATE) / 16_000)] ?? 0,
  );
  const size = (16_000 * frameMs) / 1_000;
  const messages = Array.from({ length: Math.floor(count / size) }, (_, index) => {
    const end = (index + 1) * size;
    const ready = BEGAN + Math.ceil((end / 16_000) * 100 - 1e-6) * 10;
    return { end, at: ready + delayMs, wireBytes: 0, pcmBytes: 0 };
  });
  return { samples, rateHz: 16_000, messages };
};

describe('microphoneFigures', () => {
  it('measures from the buffer’s being ready, however late the reference read it', () => {
    const { latency, onsets } = microphoneFigures(reference, speech(10, 3));
    expect(onsets).toBe(10);
    expect(latency).toBeCloseTo(3, 1);
  });
  it('counts the wait for a frame to be full', () => {
    const [short, long] = [speech(10, 3), speech(40, 3)].map(
      (each) => microphoneFigures(reference, each).latency,
    );
    expect((long ?? 0) - (short ?? 0)).toBeGreaterThan(4);
  });
  it('sees a filter that holds samples back, and none where there is none', () => {
    expect(microphoneFigures(reference, speech(10, 0.5)).filterDelay).toBeCloseTo(0, 1);
    const late = speech(10, 0.5);
    const held = new Float32Array(late.samples.length);
    held.set(late.samples.subarray(0, -32), 32);
    expect(microphoneFigures(reference, { ...late, samples: held }).filterDelay).toBeCloseTo(2, 1);
  });
  it('will not guess where tones are missing', () => {
    const whole = speech(10, 1);
    expect(() => microphoneFigures(reference, { ...whole, samples: whole.samples.map(() => 0) })).toThrow(
      /10 tones at the microphone, 0/,
    );
  });
});
