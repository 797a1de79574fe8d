import { describe, expect, it } from 'vitest';
import { frequencyOf, joined, tone } from '../test-support/tones.ts';
import { FrameMaker } from './frame-maker.ts';
import { floatOf } from './pcm.ts';

interface Made {
  readonly samples: Int16Array<ArrayBuffer>;
  readonly count: number;
  readonly rms: number;
  readonly peak: number;
}

function listening(inputRateHz: number, frameSamples = 320) {
  const frames: Made[] = [];
  const maker = new FrameMaker({
    inputRateHz,
    frameSamples,
    sink: (samples, count, rms, peak) => frames.push({ samples, count, rms, peak }),
  });
  const hear = (samples: Float32Array, block = 128): void => {
    for (let at = 0; at < samples.length; at += block) maker.push(samples.subarray(at, at + block));
  };
  const heard = (): Float32Array =>
    joined(frames.map(({ samples, count }) => Float32Array.from(samples.subarray(0, count), floatOf)));
  return { maker, frames, hear, heard };
}

describe('FrameMaker', () => {
  it.each([44_100, 48_000])('makes 50 whole frames of each second at %i Hz, of the very tone', (rateHz) => {
    const { frames, hear, heard } = listening(rateHz);
    hear(tone(1_000, { rateHz, seconds: 2, level: 0.5 }));
    expect(frames).toHaveLength(100);
    expect(frames.every(({ count }) => count === 320)).toBe(true);
    expect(frequencyOf(heard().subarray(100), 16_000)).toBeCloseTo(1_000, 1);
  });

  it('takes blocks of any length', () => {
    const [small, large] = [listening(48_000), listening(48_000)];
    const samples = tone(300, { rateHz: 48_000, seconds: 0.2 });
    small.hear(samples, 17);
    large.hear(samples, 5_000);
    expect(small.heard()).toEqual(large.heard());
  });

  it('goes on with silence where a block has no channel, and begins with the first that has one', () => {
    const { maker, frames, hear, heard } = listening(16_000, 160);
    for (let block = 0; block < 10; block++) maker.push(undefined);
    expect(frames).toHaveLength(0);
    hear(tone(1_000, { rateHz: 16_000, seconds: 0.04, level: 0.5 }));
    for (let block = 0; block < 10; block++) maker.push(undefined);
    expect(frames).toHaveLength(12);
    expect(
      heard()
        .subarray(-800)
        .every((sample) => sample === 0),
    ).toBe(true);
  });

  it('says how loud each frame is', () => {
    const { frames, hear } = listening(16_000, 160);
    hear(new Float32Array(160));
    hear(tone(1_000, { rateHz: 16_000, seconds: 0.1, level: 0.5 }));
    expect(frames[0]).toMatchObject({ rms: 0, peak: 0 });
    expect(frames[5]?.peak).toBeCloseTo(0.5, 2);
    expect(frames[5]?.rms).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('makes nothing while muted, and flushes what was said before', () => {
    const { maker, frames, hear } = listening(16_000);
    hear(new Float32Array(480));
    maker.mute(true);
    expect(frames.map(({ count }) => count)).toEqual([320, 160]);
    hear(new Float32Array(640));
    expect(frames).toHaveLength(2);
    maker.mute(false);
    hear(new Float32Array(320));
    expect(frames.map(({ count }) => count)).toEqual([320, 160, 320]);
  });

  it('flushes a begun frame once, and an empty one never', () => {
    const { maker, frames, hear } = listening(16_000);
    hear(new Float32Array(32));
    maker.flush();
    maker.flush();
    expect(frames.map(({ count }) => count)).toEqual([32]);
  });

  it('fills the frames it gets back, and no frame of another length', () => {
    const { maker, frames, hear } = listening(16_000);
    hear(new Float32Array(640));
    const [first, second] = frames.map(({ samples }) => samples);
    expect(first).not.toBe(second);
    maker.recycle(new Int16Array(319));
    if (first) maker.recycle(first);
    hear(new Float32Array(640));
    expect(frames[3]?.samples).toBe(first);
    hear(new Float32Array(640));
    expect(frames.every(({ samples }) => samples.length === 320)).toBe(true);
  });
});
