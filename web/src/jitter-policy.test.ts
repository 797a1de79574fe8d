import { describe, expect, it } from 'vitest';
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

  it('holds twice the lateness after a gap', () => {
    const timing = deliver(new JitterPolicy().turn(), 0.1, [0, 0.1]);
    timing.arrived(0.27, { seconds: 0.1, isDry: true });
    expect(timing.readyAt).toBeCloseTo(0.27 + 0.07);
  });

  it('holds at least 20 ms after a gap, and never more than 200 ms for jitter in all', () => {
    const late = (by: number): number => {
      const timing = deliver(new JitterPolicy().turn(), 0.1, [0]);
      timing.arrived(0.1 + by, { seconds: 0.1, isDry: true });
      return timing.readyAt - 0.1 - by;
    };
    expect(late(0.005)).toBeCloseTo(0.02);
    expect(late(0.12)).toBeCloseTo(0.08);
    expect(late(3)).toBeCloseTo(0.02);
  });

  it('holds on after a gap while pieces come that a late one held up, and goes on when they come early', () => {
    const timing = deliver(new JitterPolicy().turn(), 0.1, [0, 0.1]);
    timing.arrived(0.35, { seconds: 0.1, isDry: true });
    deliver(timing, 0.1, [0.351]);
    expect(timing.readyAt).toBeCloseTo(0.4);
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
    expect(policy.hold).toBeCloseTo(0.2);
  });
});
