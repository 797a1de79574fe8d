import { describe, expect, it } from 'vitest';
import { joinSamples } from './pcm.ts';
import { createResampler, resample } from './resample.ts';

const tone = (hz: number, rateHz: number, seconds: number, amplitude = 10_000): Int16Array =>
  Int16Array.from({ length: Math.round(rateHz * seconds) }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * index) / rateHz)),
  );
const middle = (samples: Int16Array): Int16Array =>
  samples.subarray(Math.floor(samples.length * 0.2), Math.floor(samples.length * 0.8));
/** Amplitude of one frequency, by projection on sine and cosine. */
const amplitudeAt = (samples: Int16Array, hz: number, rateHz: number): number => {
  let sine = 0;
  let cosine = 0;
  for (const [index, sample] of samples.entries()) {
    sine += sample * Math.sin((2 * Math.PI * hz * index) / rateHz);
    cosine += sample * Math.cos((2 * Math.PI * hz * index) / rateHz);
  }
  return (2 * Math.hypot(sine, cosine)) / samples.length;
};
const decibels = (ratio: number): number => 20 * Math.log10(ratio);
const rms = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('resample', () => {
  it.each([
    [16_000, 24_000],
    [24_000, 16_000],
    [48_000, 16_000],
    [44_100, 16_000],
    [8_000, 16_000],
  ])('keeps a tone at its pitch and level from %i to %i Hz', (fromHz, toHz) => {
    for (const hz of [300, 1_000, 3_000]) {
      const out = middle(resample(tone(hz, fromHz, 0.5), fromHz, toHz));
      expect(Math.abs(decibels(amplitudeAt(out, hz, toHz) / 10_000))).toBeLessThan(0.1);
      expect(Math.abs(decibels(rms(out) / (10_000 / Math.SQRT2)))).toBeLessThan(0.1);
    }
  });

  it('keeps a tone in its place: no delay is left', () => {
    const out = resample(tone(440, 16_000, 0.2), 16_000, 24_000);
    const wanted = tone(440, 24_000, 0.2);
    const worst = middle(out).reduce(
      (most, sample, index) => Math.max(most, Math.abs(sample - (middle(wanted)[index] ?? 0))),
      0,
    );
    expect(worst).toBeLessThan(15);
  });

  it('holds what lies above the new Nyquist frequency 70 dB down', () => {
    for (const hz of [9_000, 11_000, 15_000, 20_000]) {
      const out = middle(resample(tone(hz, 48_000, 0.5, 30_000), 48_000, 16_000));
      expect(decibels(rms(out) / (30_000 / Math.SQRT2))).toBeLessThan(-70);
    }
  });

  it('adds no image above the old Nyquist frequency', () => {
    const out = middle(resample(tone(6_000, 16_000, 0.5, 20_000), 16_000, 24_000));
    expect(decibels(amplitudeAt(out, 10_000, 24_000) / 20_000)).toBeLessThan(-70);
  });

  it('gives the length that the rates ask for', () => {
    expect(resample(new Int16Array(16_000), 16_000, 24_000)).toHaveLength(24_000);
    expect(resample(new Int16Array(44_100), 44_100, 16_000)).toHaveLength(16_000);
    expect(resample(new Int16Array(0), 44_100, 16_000)).toHaveLength(0);
    expect(resample(Int16Array.of(7), 16_000, 16_000)).toEqual(Int16Array.of(7));
  });
});

describe('createResampler', () => {
  it('gives the same samples in pieces as in one', () => {
    const input = tone(700, 44_100, 0.3);
    const resampler = createResampler(44_100, 16_000);
    const pieces: Int16Array[] = [];
    for (let at = 0, length = 1; at < input.length; at += length, length = (length * 7 + 3) % 900) {
      pieces.push(resampler.push(input.subarray(at, at + length)));
    }
    pieces.push(resampler.flush());
    expect(joinSamples(pieces)).toEqual(resample(input, 44_100, 16_000));
  });

  it('starts afresh after a flush', () => {
    const resampler = createResampler(8_000, 16_000);
    const speak = () => joinSamples([resampler.push(tone(500, 8_000, 0.1)), resampler.flush()]);
    expect(speak()).toEqual(speak());
  });
});
