import { describe, expect, it } from 'vitest';
import { frequencyOf, joined, levelDb, tone } from '../test-support/tones.ts';
import { Resampler } from './resampler.ts';

const OUT_HZ = 16_000;

/** Resamples in blocks of the given lengths, over and over. */
function resampled(
  samples: Float32Array,
  options: { readonly from: number; readonly to?: number; readonly blocks?: readonly number[] },
): Float32Array {
  const { from, to = OUT_HZ, blocks = [128] } = options;
  const resampler = new Resampler({ inputRateHz: from, outputRateHz: to });
  const made: Float32Array[] = [];
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const block = samples.subarray(at, at + (blocks[turn % blocks.length] ?? 128));
    const output = new Float32Array(resampler.outputsFor(block.length));
    expect(resampler.process(block, block.length, output)).toBe(output.length);
    made.push(output);
    at += block.length;
  }
  return joined(made);
}

/** Level that a tone comes out with, in dB of what went in. */
const gainDb = (hz: number, options: { readonly from: number; readonly to?: number }): number =>
  levelDb(resampled(tone(hz, { rateHz: options.from, seconds: 0.5 }), options).subarray(500));

/** What is left when the tone itself, fitted by its two quadratures over whole periods, is taken out. */
function without(hz: number, heard: Float32Array, rateHz: number): Float32Array {
  const angle = (at: number): number => (2 * Math.PI * hz * at) / rateHz;
  const whole = heard.length - (heard.length % (rateHz / 100));
  let [sine, cosine] = [0, 0];
  for (let at = 0; at < whole; at++) {
    sine += ((heard[at] ?? 0) * Math.sin(angle(at)) * 2) / whole;
    cosine += ((heard[at] ?? 0) * Math.cos(angle(at)) * 2) / whole;
  }
  return heard.map((s, at) => s - sine * Math.sin(angle(at)) - cosine * Math.cos(angle(at)));
}

describe.each([44_100, 48_000, 96_000])('Resampler from %i Hz to 16 kHz', (from) => {
  it('makes exactly 160,000 samples of 10 seconds', () => {
    expect(resampled(new Float32Array(from * 10), { from })).toHaveLength(160_000);
  });

  it('keeps 1 kHz at 1 kHz', () => {
    const out = resampled(tone(1_000, { rateHz: from, seconds: 4 }), { from });
    expect(frequencyOf(out.subarray(500), OUT_HZ)).toBeCloseTo(1_000, 3);
  });

  it('passes 100 Hz to 6.5 kHz within 0.1 dB', () => {
    for (const hz of [100, 440, 1_000, 3_000, 5_000, 6_000, 6_500])
      expect(Math.abs(gainDb(hz, { from }))).toBeLessThan(0.1);
  });

  it('lets nothing fold back: below -75 dB from 8.5 kHz to 20 kHz', () => {
    for (const hz of [8_500, 9_000, 9_500, 10_000, 12_000, 15_000, 17_000, 20_000])
      expect(gainDb(hz, { from })).toBeLessThan(-75);
  });

  it('adds at most 2.5 ms, as it says', () => {
    const resampler = new Resampler({ inputRateHz: from, outputRateHz: OUT_HZ });
    expect(resampler.delaySeconds).toBeLessThan(0.002_5);
    const step = new Float32Array(from / 10).fill(1, from / 20);
    const out = resampled(step, { from });
    const half = out.findIndex((sample) => sample >= 0.5);
    expect(half / OUT_HZ).toBeCloseTo(0.05 + resampler.delaySeconds, 3);
  });

  it('gives the same samples however the stream is cut', () => {
    const samples = tone(700, { rateHz: from, seconds: 0.3 });
    const whole = resampled(samples, { from, blocks: [samples.length] });
    expect(resampled(samples, { from, blocks: [128] })).toEqual(whole);
    expect(resampled(samples, { from, blocks: [1, 777, 64, 3_000] })).toEqual(whole);
  });
});

describe('Resampler', () => {
  it('is as exact between rates that share no factor', () => {
    const from = 44_117;
    expect(resampled(new Float32Array(from * 10), { from })).toHaveLength(160_000);
    const out = resampled(tone(1_000, { rateHz: from, seconds: 4 }), { from });
    expect(frequencyOf(out.subarray(500), OUT_HZ)).toBeCloseTo(1_000, 3);
    expect(gainDb(10_000, { from })).toBeLessThan(-75);
  });

  it.each([
    [24_000, 44_100],
    [24_000, 48_000],
    [44_100, OUT_HZ],
    [44_117, OUT_HZ],
  ])('brings 5 kHz from %i Hz to %i Hz with nothing beside it above -75 dB', (from, to) => {
    const heard = resampled(tone(5_000, { rateHz: from, seconds: 1 }), { from, to }).subarray(1_000);
    expect(levelDb(heard)).toBeCloseTo(0, 2);
    expect(levelDb(without(5_000, heard, to))).toBeLessThan(-75);
  });

  it.each([44_100, 48_000, 96_000])('can be pulled at %i Hz: as much goes in as it asks for', (to) => {
    const samples = tone(440, { rateHz: 24_000, seconds: 0.5 });
    const resampler = new Resampler({ inputRateHz: 24_000, outputRateHz: to });
    const pulled: Float32Array[] = [];
    for (let at = 0; ; ) {
      const inputs = resampler.inputsFor(128);
      if (at + inputs > samples.length) break;
      const output = new Float32Array(128);
      expect(resampler.process(samples.subarray(at), inputs, output)).toBe(128);
      pulled.push(output);
      at += inputs;
    }
    const all = joined(pulled);
    expect(all).toEqual(resampled(samples, { from: 24_000, to }).subarray(0, all.length));
    expect(all.length).toBeGreaterThan(to / 2 - 200);
  });

  it('starts from silence again after reset()', () => {
    const resampler = new Resampler({ inputRateHz: 48_000, outputRateHz: OUT_HZ });
    const output = new Float32Array(1_000);
    resampler.process(new Float32Array(3_000).fill(1), 3_000, output);
    resampler.reset();
    output.fill(0);
    resampler.process(new Float32Array(480), 480, output);
    expect(output).toEqual(new Float32Array(1_000));
  });

  it('refuses a rate it cannot convert, and an output that is too short', () => {
    for (const inputRateHz of [7_999, 44_100.5, 0, Number.NaN, 768_001])
      expect(() => new Resampler({ inputRateHz, outputRateHz: OUT_HZ })).toThrow(RangeError);
    const resampler = new Resampler({ inputRateHz: 8_000, outputRateHz: OUT_HZ });
    expect(() => resampler.process(new Float32Array(10), 10, new Float32Array(18))).toThrow(RangeError);
    expect(resampler.process(new Float32Array(10), 10, new Float32Array(19))).toBe(19);
  });
});
