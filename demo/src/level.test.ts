import { describe, expect, it } from 'vitest';
import { levelOf } from './level.ts';

describe('levelOf', () => {
  it('is 0 for silence and below −60 dBFS', () => {
    expect(levelOf(0)).toBe(0);
    expect(levelOf(0.0009)).toBe(0);
  });

  it('is 1 at full scale and never more', () => {
    expect(levelOf(1)).toBe(1);
    expect(levelOf(1.5)).toBe(1);
  });

  it('falls by a sixth for every 10 dB', () => {
    expect(levelOf(0.1)).toBeCloseTo(2 / 3, 6);
    expect(levelOf(0.01)).toBeCloseTo(1 / 3, 6);
  });
});
