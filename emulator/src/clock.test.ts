import { describe, expect, it } from 'vitest';
import { type Clock, manualClock, movableClock } from './clock.ts';

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

describe('movableClock', () => {
  /** A clock that runs by itself as far as anybody else can tell. */
  const running = (startMs = 1_000) => {
    const hand = manualClock(startMs);
    const base: Clock = {
      now: () => hand.now(),
      setTimeout: (run, delayMs) => hand.setTimeout(run, delayMs),
    };
    return { hand, clock: movableClock(base) };
  };

  it('runs what falls due on the way, in order, each at its own instant, and nothing later', async () => {
    const { clock } = running();
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.now()]);
    clock.setTimeout(note('late'), 51);
    clock.setTimeout(note('second'), 20);
    clock.setTimeout(() => clock.setTimeout(note('nested'), 5), 10);
    await clock.advance(50);
    expect(ran).toEqual([
      ['nested', 1_015],
      ['second', 1_020],
    ]);
    expect([clock.now(), clock.offsetMs]).toEqual([1_050, 50]);
  });

  it('goes on by itself from where it was moved to', async () => {
    const { hand, clock } = running();
    const ran: number[] = [];
    clock.setTimeout(() => ran.push(clock.now()), 100);
    await clock.advance(60);
    await hand.advance(39);
    expect([clock.now(), ran]).toEqual([1_099, []]);
    await hand.advance(1);
    expect(ran).toEqual([1_100]);
  });

  it('runs no timer that was cancelled before, while or after it was moved', async () => {
    const { hand, clock } = running();
    const ran: string[] = [];
    const cancels = ['before', 'while', 'after'].map((name, at) =>
      clock.setTimeout(() => ran.push(name), 20 + at * 100),
    );
    cancels[0]?.();
    clock.setTimeout(() => cancels[1]?.(), 10);
    await clock.advance(200);
    cancels[2]?.();
    await hand.advance(1_000);
    expect(ran).toEqual([]);
  });

  it('runs once what is set while it is moved and falls due later', async () => {
    const { hand, clock } = running(0);
    const ran: number[] = [];
    clock.setTimeout(() => clock.setTimeout(() => ran.push(clock.now()), 100), 10);
    await clock.advance(50);
    await hand.advance(1_000);
    expect(ran).toEqual([110]);
  });

  it('takes one move after the other', async () => {
    const { clock } = running(0);
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(clock.now()), 30);
    await Promise.all([clock.advance(20), clock.advance(20)]);
    expect([clock.now(), seen]).toEqual([40, [30]]);
  });

  it('goes back to the time of its base, and timers keep what they had left', async () => {
    const { hand, clock } = running(0);
    const ran: number[] = [];
    clock.setTimeout(() => ran.push(clock.now()), 100);
    await clock.advance(60);
    await clock.reset();
    expect([clock.now(), clock.offsetMs]).toEqual([0, 0]);
    await hand.advance(39);
    expect(ran).toEqual([]);
    await hand.advance(1);
    expect(ran).toEqual([40]);
  });

  it('moves a base that is moved by hand, and leaves it there', async () => {
    const hand = manualClock(0);
    const clock = movableClock(hand);
    await clock.advance(10);
    await clock.reset();
    expect([hand.now(), clock.now(), clock.offsetMs]).toEqual([10, 10, 0]);
  });
});
