import { describe, expect, it } from 'vitest';
import { jittered, steady, unavoidableGapMs } from './schedules.ts';

describe('schedules', () => {
  it('are at a steady pace, or so many times real time', () => {
    expect(steady(0.2, { chunkMs: 40 }).at).toEqual([0, 40, 80, 120, 160]);
    expect(steady(0.2, { chunkMs: 40, speed: 2 }).at).toEqual([0, 20, 40, 60, 80]);
  });
  it('are late by chance the same way for the same seed, in order, by no more than 150 ms', () => {
    const calm = steady(60, { chunkMs: 100 });
    const rough = jittered(calm, 7);
    expect(rough).toEqual(jittered(calm, 7));
    expect(rough).not.toEqual(jittered(calm, 8));
    const late = rough.at.map((at, index) => at - (calm.at[index] ?? 0));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(150);
    expect(Math.max(...late)).toBeGreaterThan(120);
    expect(rough.at).toEqual(rough.at.toSorted((a, b) => a - b));
  });
  it('cost silence where a chunk is later than the sound before it lasts', () => {
    const schedule = { chunkMs: 40, at: [0, 100, 100, 120] };
    expect(unavoidableGapMs(schedule, 20)).toBe(40);
    expect(unavoidableGapMs(schedule, 60)).toBe(0);
  });
});
