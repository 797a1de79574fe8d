import { describe, expect, it } from 'vitest';
import { createLagSearch } from './lag-search.ts';

let seed = 3;
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 1_073_741_824 - 1;
};
const noise = (length: number): Float64Array => Float64Array.from({ length }, random);
const search = createLagSearch(400, 2_000);

describe('createLagSearch', () => {
  it.each([0, 1, 123, 1_000, 1_600])('finds a place %i samples back, weaker and in noise', (lag) => {
    const reference = noise(2_000);
    const end = reference.length - lag;
    const signal = reference.slice(end - 400, end).map((sample) => -0.05 * sample + 0.01 * random());
    expect(search(signal, reference)).toMatchObject({ lag });
    expect(search(signal, reference).likeness).toBeGreaterThan(0.95);
  });

  it('finds little likeness where there is none, and none in silence', () => {
    expect(search(noise(400), noise(2_000)).likeness).toBeLessThan(0.25);
    expect(search(noise(400), new Float64Array(2_000)).likeness).toBeLessThan(0.001);
  });
});
