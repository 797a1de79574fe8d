import { describe, expect, it } from 'vitest';
import { joined, silence, sweep } from './signals.ts';
import { placesOf } from './sweep-reader.ts';

const RATE = 44_100;
const moments = Array.from({ length: 60 }, (_, index) => index / 10);

/** How far each place is from where it should be, in ms; the furthest. */
const furthest = (places: readonly (number | undefined)[], expected: (moment: number) => number): number =>
  Math.max(
    ...places.map((place, index) =>
      Math.abs(((place ?? Number.NaN) / RATE - expected(moments[index] ?? 0)) * 1_000),
    ),
  );

describe('placesOf', () => {
  it('finds every moment of a sweep to 2 ms', () => {
    const sound = joined(silence(0.3, RATE), sweep(6, RATE));
    expect(furthest(placesOf(sound, moments), (moment) => moment + 0.3)).toBeLessThan(2);
  });
  it('finds them behind a break as well, the broken moment behind it', () => {
    const { samples } = sweep(6, RATE);
    const cut = Math.round(2.5 * RATE);
    const parts = [
      samples.subarray(0, cut),
      new Float32Array(Math.round(0.08 * RATE)),
      samples.subarray(cut),
    ];
    const sound = joined(...parts.map((each) => ({ samples: each, rateHz: RATE })));
    expect(
      furthest(placesOf(sound, moments), (moment) => (moment < 2.49 ? moment : moment + 0.08)),
    ).toBeLessThan(3);
  });
  it('has no place for what was not heard', () => {
    const { samples } = sweep(6, RATE);
    const half = { samples: samples.subarray(0, 3 * RATE), rateHz: RATE };
    expect(placesOf(half, [1, 5])).toEqual([expect.closeTo(RATE, -2), undefined]);
    expect(placesOf(silence(1, RATE), [0])).toEqual([undefined]);
  });
});
