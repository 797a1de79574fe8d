import { describe, expect, it } from 'vitest';
import { largestThatHolds } from './capacity.ts';

const search = (limit: number, trials = 20) =>
  largestThatHolds(100, { trials, holds: async (sessions) => sessions <= limit });

describe('largestThatHolds', () => {
  it.each([100, 130, 199, 340, 777])('comes within a tenth below a limit of %i', async (limit) => {
    const { largest } = await search(limit);
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(limit / 1.12);
  });

  it('is 0 where the first trial fails, and tries no more', async () => {
    expect(await search(99)).toEqual({ largest: 0, tried: [{ sessions: 100, holds: false }] });
  });

  it('stops after as many trials as it may make, with what held', async () => {
    expect(await search(1_000_000, 3)).toMatchObject({ largest: 400, tried: { length: 3 } });
  });
});
