import { describe, expect, it } from 'vitest';
import { manualClock } from './clock.ts';

describe('manualClock', () => {
  it('runs timers in order of time, each at its own instant', async () => {
    const clock = manualClock(1_000);
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.now()]);
    clock.setTimeout(note('late'), 50);
    clock.setTimeout(note('early'), 10);
    clock.setTimeout(() => clock.setTimeout(note('nested'), 5), 20);
    await clock.advance(49);
    expect(ran).toEqual([
      ['early', 1_010],
      ['nested', 1_025],
    ]);
    await clock.advance(1);
    expect(ran.at(-1)).toEqual(['late', 1_050]);
    expect(clock.now()).toBe(1_050);
  });

  it('runs no timer that was cancelled', async () => {
    const clock = manualClock();
    let ran = false;
    const cancel = clock.setTimeout(() => {
      ran = true;
    }, 10);
    cancel();
    await clock.advance(20);
    expect(ran).toBe(false);
  });

  it('lets promises that a timer resolved go on before the next timer', async () => {
    const clock = manualClock(0);
    const seen: string[] = [];
    clock.setTimeout(() => void Promise.resolve().then(() => seen.push('promise')), 1);
    clock.setTimeout(() => seen.push('timer'), 2);
    await clock.advance(5);
    expect(seen).toEqual(['promise', 'timer']);
  });
});
