import { describe, expect, it } from 'vitest';
import { clicksIn, gapMs, gapsIn } from './blemishes.ts';
import { joined, LEVEL, silence, sweep, tone } from './signals.ts';

const RATE = 44_100;
const HZ = 440;

/** A tone cut into pieces by what `between` puts there. */
const torn = (between: (piece: number) => Float32Array) => {
  const { samples } = tone(HZ, 3, RATE);
  const size = RATE / 10;
  const pieces = Array.from({ length: 30 }, (_, index) => samples.subarray(index * size, (index + 1) * size));
  return joined(
    ...pieces.flatMap((piece, index) => [
      { samples: piece, rateHz: RATE },
      { samples: between(index), rateHz: RATE },
    ]),
  );
};

describe('gapsIn', () => {
  it('counts a silence inside a tone, and how long it is', () => {
    const sound = joined(
      silence(0.2, RATE),
      tone(HZ, 1, RATE),
      silence(0.15, RATE),
      tone(HZ, 1, RATE),
      silence(0.5, RATE),
    );
    expect(gapsIn(sound, LEVEL)).toHaveLength(1);
    expect(gapMs(sound, LEVEL)).toBeCloseTo(150, 0);
  });
  it.each([
    ['a tone', tone(HZ, 2, RATE)],
    ['a sweep', sweep(6, RATE)],
    ['silence', silence(1, RATE)],
  ])('finds none in %s', (_, sound) => {
    expect(gapsIn(sound, LEVEL)).toEqual([]);
  });
});

describe('clicksIn', () => {
  it('finds none in a tone, nor in one of 16 bits', () => {
    const { samples } = tone(HZ, 2, RATE);
    expect(clicksIn({ samples, rateHz: RATE }, { hz: HZ, level: LEVEL })).toEqual([]);
    const coarse = samples.map((sample) => Math.round(sample * 32_768) / 32_768);
    expect(clicksIn({ samples: coarse, rateHz: RATE }, { hz: HZ, level: LEVEL })).toEqual([]);
  });
  it('finds each join at which one frame is twice as loud', () => {
    const { samples } = tone(HZ, 3, RATE);
    for (let at = RATE / 25; at < samples.length; at += RATE / 25)
      samples[at + 3] = 2 * (samples[at + 3] ?? 0) + 0.1;
    expect(clicksIn({ samples, rateHz: RATE }, { hz: HZ, level: LEVEL })).toHaveLength(74);
  });
  it('hears no click in a fade of 3 ms', () => {
    const { samples } = tone(HZ, 1, RATE);
    const from = RATE / 2;
    const faded = samples.map(
      (sample, at) => sample * Math.min(1, Math.max(0, 1 - (at - from) / (0.003 * RATE))),
    );
    expect(clicksIn({ samples: faded, rateHz: RATE }, { hz: HZ, level: LEVEL })).toEqual([]);
  });
  it('finds each join at which samples are missing or silent', () => {
    const sound = torn(() => new Float32Array(7));
    expect(clicksIn(sound, { hz: HZ, level: LEVEL }).length).toBeGreaterThanOrEqual(27);
  });
});
