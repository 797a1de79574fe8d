import { describe, expect, it } from 'vitest';
import {
  arrivals,
  atOnce,
  chances,
  listen,
  quantile,
  SCHEDULES,
  turnsOf,
} from '../test-support/deliveries.ts';
import { JitterPolicy, type TurnTiming } from './jitter-policy.ts';

/** Lets pieces of `seconds` arrive at the given times; none finds playback dry. */
function deliver(timing: TurnTiming, seconds: number, arrivals: readonly number[]): TurnTiming {
  for (const now of arrivals) timing.arrived(now, { seconds, isDry: false });
  return timing;
}
const times = (count: number, at: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => at(index));

describe('TurnTiming', () => {
  it('never plays before anything came', () => {
    expect(new JitterPolicy().turn().readyAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('holds the first piece of an unknown network for 10 ms', () => {
    expect(deliver(new JitterPolicy().turn(), 0.04, [5]).readyAt).toBeCloseTo(5.01);
  });

  it('starts at once when a second piece comes ahead of real time, and not when it comes in real time', () => {
    const timing = (): TurnTiming => new JitterPolicy().turn();
    expect(deliver(timing(), 0.04, [5, 5.001]).readyAt).toBeLessThan(5.001);
    expect(deliver(timing(), 0.04, [5, 5.04]).readyAt).toBeCloseTo(5.01);
  });

  it('holds after a gap until playback is 155 ms behind the earliest delivery', () => {
    const timing = deliver(new JitterPolicy().turn(), 0.1, [0, 0.1]);
    timing.arrived(0.27, { seconds: 0.1, isDry: true });
    expect(timing.readyAt).toBeCloseTo(0.2 + 0.155);
  });

  it('holds at least 20 ms after a gap, however late the piece was', () => {
    const late = (by: number): number => {
      const timing = deliver(new JitterPolicy().turn(), 0.1, [0]);
      timing.arrived(0.1 + by, { seconds: 0.1, isDry: true });
      return timing.readyAt - 0.1 - by;
    };
    expect(late(0.005)).toBeCloseTo(0.15);
    expect(late(0.15)).toBeCloseTo(0.02);
    expect(late(3)).toBeCloseTo(0.02);
  });

  it('holds on after a gap while pieces come that a late one held up, and goes on when they come early', () => {
    const timing = deliver(new JitterPolicy().turn(), 0.1, [0, 0.1]);
    timing.arrived(0.35, { seconds: 0.1, isDry: true });
    deliver(timing, 0.1, [0.351]);
    expect(timing.readyAt).toBeCloseTo(0.37);
    deliver(timing, 0.1, [0.351, 0.351]);
    expect(timing.readyAt).toBeLessThan(0.351);
  });
});

describe('JitterPolicy', () => {
  const jitter = (index: number): number => [0, 0.09, 0.15, 0.03, 0.12][index % 5] ?? 0;

  it('begins the next turn with the hold that real-time delivery lacked in this one', () => {
    const policy = new JitterPolicy();
    policy.learn(
      deliver(
        policy.turn(),
        0.1,
        times(20, (index) => index * 0.1 + jitter(index)),
      ),
    );
    expect(policy.hold).toBeCloseTo(0.155);
  });

  it('lacks as much when the late piece was the first', () => {
    const policy = new JitterPolicy();
    policy.learn(
      deliver(
        policy.turn(),
        0.1,
        times(20, (index) => index * 0.1 + (index === 0 ? 0.09 : 0)),
      ),
    );
    expect(policy.hold).toBeCloseTo(0.095);
  });

  it('is back at the floor after one turn without jitter', () => {
    const policy = new JitterPolicy();
    policy.learn(
      deliver(
        policy.turn(),
        0.1,
        times(20, (index) => index * 0.1 + jitter(index)),
      ),
    );
    policy.learn(
      deliver(
        policy.turn(),
        0.1,
        times(20, (index) => index * 0.1),
      ),
    );
    expect(policy.hold).toBeCloseTo(0.01);
  });

  it('learns no hold from delivery ahead of real time, late as its pieces may be', () => {
    const policy = new JitterPolicy();
    policy.learn(
      deliver(
        policy.turn(),
        0.1,
        times(20, (index) => Math.max(index * 0.02, index * 0.02 + jitter(index) - 0.15)),
      ),
    );
    expect(policy.hold).toBeCloseTo(0.01);
  });

  it('learns nothing from a word', () => {
    const policy = new JitterPolicy();
    policy.learn(deliver(policy.turn(), 0.05, [0, 0.3, 0.4]));
    policy.learn(deliver(policy.turn(), 0.4, [0, 0.7]));
    expect(policy.hold).toBeCloseTo(0.01);
    policy.learn(deliver(policy.turn(), 0.1, [0, 0.3, 0.4]));
    expect(policy.hold).toBeCloseTo(0.155, 4);
  });
});

describe('a turn of 8 s, on the schedules of the baseline', () => {
  /** 200 talks of three turns, each beside a player that plays pieces as they come. */
  const talks = (name: keyof typeof SCHEDULES) => {
    const schedule = SCHEDULES[name];
    return Array.from({ length: 200 }, (_, seed) => {
      const chance = chances(seed + 1);
      const ours = turnsOf(new JitterPolicy());
      return Array.from({ length: 3 }, () => {
        const times = arrivals(schedule, 8, chance);
        return {
          ours: ours.turn(times, schedule.pieceMs),
          atOnce: listen(atOnce(), times, schedule.pieceMs),
        };
      });
    });
  };
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const ofTurn = (all: ReturnType<typeof talks>, at: number) => all.map((turns) => turns[at]!);

  it('breaks off after its first second for at most a fifth of what playing at once does, and never once it has learned', () => {
    const all = talks('jitter100');
    const first = ofTurn(all, 0);
    const own = mean(first.map(({ ours }) => ours.lateGapMs));
    const other = mean(first.map(({ atOnce: played }) => played.lateGapMs));
    expect(other).toBeGreaterThan(15);
    expect(own).toBeLessThanOrEqual(0.2 * other);
    expect(
      quantile(
        first.map(({ ours }) => ours.lateGapMs),
        0.5,
      ),
    ).toBe(0);
    for (const at of [1, 2]) expect(mean(ofTurn(all, at).map(({ ours }) => ours.gapMs))).toBeLessThan(1);
  });

  it('delays a piece by less than 200 ms in 95 of 100, in the median of talks with jitter', () => {
    const all = talks('jitter100');
    for (const at of [0, 1, 2])
      expect(
        quantile(
          ofTurn(all, at).map(({ ours }) => quantile(ours.delaysMs, 0.95)),
          0.5,
        ),
      ).toBeLessThan(190);
  });

  it('delays it by 10 ms where delivery is steady, and again in the second turn after jitter has ended', () => {
    const steady = ofTurn(talks('paced100'), 0);
    expect(
      quantile(
        steady.flatMap(({ ours }) => ours.delaysMs),
        0.95,
      ),
    ).toBeCloseTo(10);
    const ours = turnsOf(new JitterPolicy());
    const chance = chances(7);
    for (const name of ['jitter100', 'jitter100', 'paced100'] as const)
      ours.turn(arrivals(SCHEDULES[name], 8, chance), 100);
    const { delaysMs, gapMs } = ours.turn(arrivals(SCHEDULES.paced100, 8, chance), 100);
    expect(quantile(delaysMs, 0.5)).toBeCloseTo(10);
    expect(gapMs).toBe(0);
  });

  it('starts within 10 ms where pieces come ahead of real time, and breaks off no later than in its first second', () => {
    for (const name of ['ahead40', 'burst250'] as const) {
      const first = ofTurn(talks(name), 0);
      expect(Math.max(...first.map(({ ours }) => ours.firstMs))).toBeLessThanOrEqual(10.001);
      expect(mean(first.map(({ ours }) => ours.lateGapMs))).toBe(0);
    }
  });
});
