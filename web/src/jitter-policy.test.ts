import { describe, expect, it } from 'vitest';
import {
  arrivals,
  atOnce,
  chances,
  type Listening,
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

  it('holds at least 10 ms after a gap, however late the piece was', () => {
    const late = (by: number): number => {
      const timing = deliver(new JitterPolicy().turn(), 0.1, [0]);
      timing.arrived(0.1 + by, { seconds: 0.1, isDry: true });
      return timing.readyAt - 0.1 - by;
    };
    expect(late(0.005)).toBeCloseTo(0.15);
    expect(late(0.15)).toBeCloseTo(0.01);
    expect(late(3)).toBeCloseTo(0.01);
  });

  it('goes on at once after a gap in the first 100 ms, and after any where the turn before came ahead', () => {
    const early = deliver(new JitterPolicy().turn(), 0.04, [0]);
    early.arrived(0.09, { seconds: 0.04, isDry: true });
    expect(early.readyAt).toBeCloseTo(0.09);
    const policy = new JitterPolicy();
    policy.learn(
      deliver(
        policy.turn(),
        0.04,
        times(20, (index) => index * 0.02),
      ),
    );
    const later = deliver(policy.turn(), 0.04, [0, 0.04, 0.08]);
    later.arrived(0.17, { seconds: 0.04, isDry: true });
    expect(later.readyAt).toBeCloseTo(0.17);
  });

  it('holds after an early gap as well where the turn before came in real time', () => {
    const policy = new JitterPolicy();
    policy.learn(
      deliver(
        policy.turn(),
        0.04,
        times(20, (index) => index * 0.04),
      ),
    );
    const timing = deliver(policy.turn(), 0.04, [0]);
    timing.arrived(0.09, { seconds: 0.04, isDry: true });
    expect(timing.readyAt).toBeCloseTo(0.04 + 0.155);
  });

  it('holds on after a gap while pieces come that a late one held up, and goes on when they come early', () => {
    const timing = deliver(new JitterPolicy().turn(), 0.1, [0, 0.1]);
    timing.arrived(0.35, { seconds: 0.1, isDry: true });
    deliver(timing, 0.1, [0.351]);
    expect(timing.readyAt).toBeCloseTo(0.36);
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

  it('learns up to 60 ms from a gap ahead of real time, and forgets them after a turn without', () => {
    const policy = new JitterPolicy();
    const broken = policy.turn();
    broken.arrived(0, { seconds: 0.04, isDry: false });
    broken.arrived(0.12, { seconds: 0.04, isDry: true });
    policy.learn(
      deliver(
        broken,
        0.04,
        times(30, (index) => 0.12 + index * 0.02),
      ),
    );
    expect(policy.hold).toBeCloseTo(0.06);
    policy.learn(
      deliver(
        policy.turn(),
        0.04,
        times(30, (index) => index * 0.02),
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

const TALKS = 200;
/** Talks of three turns of 8 s, each beside a player that plays pieces as they come; the device's phase by chance. */
function talks(name: keyof typeof SCHEDULES) {
  const schedule = SCHEDULES[name];
  return Array.from({ length: TALKS }, (_, seed) => {
    const chance = chances(seed + 1);
    const phase = chance();
    const ours = turnsOf(new JitterPolicy());
    return Array.from({ length: 3 }, () => {
      const times = arrivals(schedule, 8, chance);
      const { pieceMs } = schedule;
      return { ours: ours.turn(times, pieceMs, phase), atOnce: listen(atOnce(), times, { pieceMs, phase }) };
    });
  });
}
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (values: readonly number[], bound: number): number =>
  values.filter((value) => value <= bound).length / values.length;
const p95 = ({ delaysMs }: Listening): number => quantile(delaysMs, 0.95);
const median = (values: readonly number[]): number => quantile(values, 0.5);
/** One turn of all talks, ours and that of the player at once. */
const ofTurn = (all: ReturnType<typeof talks>, at: number) => ({
  ours: all.map((turns) => turns[at]!.ours),
  atOnce: all.map((turns) => turns[at]!.atOnce),
});
const ms = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} / ${quantile(values, 0.95).toFixed(0)} / ${Math.max(...values).toFixed(0)}`;

describe.each(['paced40', 'paced100', 'jitter100', 'ahead40', 'burst250'] as const)('%s', (name) => {
  it('is played as the table says', () => {
    const all = talks(name);
    for (const at of [0, 1])
      for (const [who, turn] of Object.entries(ofTurn(all, at)))
        console.log(
          [
            `${name}, turn ${at + 1}, ${who}: median / p95 / most of ${TALKS} in ms`,
            `first sound ${ms(turn.map(({ firstMs }) => firstMs))}`,
            `gaps ${ms(turn.map(({ gapMs }) => gapMs))} (mean ${mean(turn.map(({ gapMs }) => gapMs)).toFixed(1)}, none in ${(
              100 *
                share(
                  turn.map(({ gaps }) => gaps),
                  0,
                )
            ).toFixed(0)} %)`,
            `after the first second mean ${mean(turn.map(({ lateGapMs }) => lateGapMs)).toFixed(1)}`,
            `delay, median of a turn ${ms(turn.map(({ delaysMs }) => median(delaysMs)))}`,
            `p95 of a turn ${ms(turn.map(p95))} (200 in ${(100 * share(turn.map(p95), 200)).toFixed(0)} %)`,
          ].join('; '),
        );
    expect(all).toHaveLength(TALKS);
  });
});

describe('a turn of 8 s, on the schedules of the baseline, in 200 talks', () => {
  it('breaks off after its first second for at most a fifth of what playing at once does, and hardly once it has learned', () => {
    const all = talks('jitter100');
    const { ours, atOnce: other } = ofTurn(all, 0);
    const late = (turns: readonly Listening[]): number => mean(turns.map(({ lateGapMs }) => lateGapMs));
    expect(late(other)).toBeGreaterThan(15);
    expect(late(ours)).toBeLessThanOrEqual(0.2 * late(other));
    expect(median(ours.map(({ lateGapMs }) => lateGapMs))).toBe(0);
    for (const at of [1, 2]) expect(mean(ofTurn(all, at).ours.map(({ gapMs }) => gapMs))).toBeLessThan(1);
  });

  it('delays 95 of 100 pieces by less than 200 ms with jitter, in the median and in nine first turns of ten', () => {
    const all = talks('jitter100');
    for (const at of [0, 1, 2]) expect(median(ofTurn(all, at).ours.map(p95))).toBeLessThan(190);
    expect(share(ofTurn(all, 0).ours.map(p95), 200)).toBeGreaterThan(0.9);
  });

  it('delays pieces by 30 ms at most where delivery is steady, and again in the second turn after jitter has ended', () => {
    for (const name of ['paced40', 'paced100'] as const) {
      const { ours } = ofTurn(talks(name), 0);
      expect(Math.max(...ours.flatMap(({ delaysMs }) => delaysMs))).toBeLessThan(23);
      expect(ours.every(({ gaps }) => gaps === 0)).toBe(true);
    }
    const chance = chances(7);
    for (let talk = 0; talk < TALKS; talk++) {
      const phase = chance();
      const ours = turnsOf(new JitterPolicy());
      for (const name of ['jitter100', 'jitter100', 'paced100'] as const)
        ours.turn(arrivals(SCHEDULES[name], 8, chance), 100, phase);
      const { delaysMs, gapMs } = ours.turn(arrivals(SCHEDULES.paced100, 8, chance), 100, phase);
      expect(Math.max(...delaysMs)).toBeLessThan(23);
      expect(gapMs).toBe(0);
    }
  });

  it('starts within 20 ms where pieces come ahead of real time, in the median, and within 23 in all', () => {
    for (const name of ['ahead40', 'burst250'] as const) {
      const first = ofTurn(talks(name), 0).ours.map(({ firstMs }) => firstMs);
      expect(median(first)).toBeLessThan(20);
      expect(Math.max(...first)).toBeLessThan(23);
    }
  });

  // Who starts within 20 ms has 40 ms of sound at first, and the next may be 150 ms late: with no hold of that length
  // do more than 54 in 100 such turns go without a break (2,000 tried, 2026-11-21; 86 with 60 ms, 98 with 100 ms).
  it('breaks off less often and for less long than playing at once where pieces come ahead, and never late', () => {
    const all = talks('ahead40');
    const gaps = (turns: readonly Listening[]): number[] => turns.map(({ gapMs }) => gapMs);
    const { ours, atOnce: other } = ofTurn(all, 0);
    expect(share(gaps(ours), 0)).toBeGreaterThan(share(gaps(other), 0) + 0.05);
    expect(mean(gaps(ours))).toBeLessThan(0.9 * mean(gaps(other)));
    const second = ofTurn(all, 1);
    expect(median(gaps(second.ours))).toBe(0);
    expect(mean(gaps(second.ours))).toBeLessThan(0.6 * mean(gaps(second.atOnce)));
    expect(median(second.ours.map(({ firstMs }) => firstMs))).toBeLessThan(20);
    expect(mean(ours.map(({ lateGapMs }) => lateGapMs))).toBe(0);
    expect(Math.max(...gaps(ofTurn(talks('burst250'), 0).ours))).toBe(0);
  });
});
