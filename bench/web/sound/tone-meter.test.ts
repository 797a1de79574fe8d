import { describe, expect, it } from 'vitest';
import { joined, LEVEL, silence, tone } from './signals.ts';
import { decibels, inside, loudnessOf, pitchOf, tonesIn } from './tone-meter.ts';

const RATE = 16_000;

describe('pitchOf', () => {
  it.each([992.25, 1_000, 1_009.56])('reads %d Hz to a thousandth', (hz) => {
    expect(pitchOf(tone(hz, 2, RATE))).toBeCloseTo(hz, 3);
  });
  it('reads none in silence', () => {
    expect(pitchOf(silence(1, RATE))).toBe(0);
  });
});

describe('tonesIn', () => {
  it('finds where tones begin and end, to less than a sample', () => {
    const sound = joined(
      silence(0.5, RATE),
      tone(1_000, 1, RATE),
      silence(0.25, RATE),
      tone(1_000, 0.06, RATE),
      silence(0.2, RATE),
    );
    const [long, short, ...others] = tonesIn(sound, LEVEL);
    expect(others).toEqual([]);
    expect(Math.abs((long?.from ?? 0) - 8_000)).toBeLessThan(1);
    expect(Math.abs((long?.to ?? 0) - (long?.from ?? 0) - 16_000)).toBeLessThan(0.4);
    expect(Math.abs((short?.from ?? 0) - 28_000)).toBeLessThan(1);
  });
  it.each([1, 46, 1_516])('sees %d samples that are missing in a tone of 10 s', (missing) => {
    const whole = tone(1_000, 10, RATE).samples;
    const torn = Float32Array.from([...whole.subarray(0, 50_000), ...whole.subarray(50_000 + missing)]);
    const sound = joined(silence(0.1, RATE), { samples: torn, rateHz: RATE }, silence(0.1, RATE));
    const [found] = tonesIn(sound, LEVEL);
    expect(Math.round(160_000 - ((found?.to ?? 0) - (found?.from ?? 0)))).toBe(missing);
  });
});

describe('loudness', () => {
  it('tells an alias from the tone it stands beside, in dB', () => {
    const soft = tone(6_000, 1, RATE).samples.map((sample) => sample / 1_000);
    const loud = tone(1_000, 1, RATE).samples;
    expect(decibels(loudnessOf(soft) / loudnessOf(loud))).toBeCloseTo(-60, 1);
  });
  it('ends at the floor of 16 bits, not at minus infinity', () => {
    expect(decibels(0)).toBeCloseTo(-102.4, 1);
  });
  it('leaves out the ends it is told to', () => {
    const sound = tone(1_000, 1, RATE);
    expect(inside(sound, { from: 100, to: 1_000 }, 10)).toHaveLength(580);
  });
});
