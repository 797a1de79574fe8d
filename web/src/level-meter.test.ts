import { describe, expect, it } from 'vitest';
import { tone } from '../test-support/tones.ts';
import { LevelMeter } from './level-meter.ts';

describe('LevelMeter', () => {
  it('measures a sine: its peak, and that over the root of two', () => {
    const meter = new LevelMeter();
    const samples = tone(1_000, { rateHz: 16_000, seconds: 0.1, level: 0.5 });
    meter.hear(samples, samples.length);
    expect(meter.peak).toBeCloseTo(0.5, 3);
    expect(meter.rms).toBeCloseTo(0.5 / Math.SQRT2, 3);
  });

  it('hears only as much as it is told to, and nothing from before reset()', () => {
    const meter = new LevelMeter();
    meter.hear(Float32Array.of(0.25, 1), 1);
    expect([meter.rms, meter.peak]).toEqual([0.25, 0.25]);
    meter.reset();
    expect([meter.rms, meter.peak]).toEqual([0, 0]);
  });
});
