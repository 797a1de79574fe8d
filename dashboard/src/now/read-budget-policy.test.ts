import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterReads,
  afterRest,
  BEGINNING,
  type Following,
  NOW_LIST,
  openingReads,
  type ReadBudget,
  restIsCheaper,
  SESSIONS_LIST,
  worstListReads,
  worstReadsAnHour,
} from './read-budget-policy.ts';

const after = (following: Following, count: number, nowMs: number) =>
  afterReads(following, { count, nowMs, budget: NOW_LIST });

describe('afterReads', () => {
  it('goes on listening at the budget, and rests one document above it', () => {
    const at = after(BEGINNING, NOW_LIST.perMinute, 1_000);
    expect(at.mode).toBe('listening');
    expect(after(at, 1, 2_000)).toEqual({ mode: 'resting', until: 2_000 + NOW_LIST.restMs });
  });

  it('forgets what was read more than a minute ago', () => {
    const full = after(BEGINNING, NOW_LIST.perMinute, 0);
    expect(after(full, 1, 59_999).mode).toBe('resting');
    expect(after(full, 1, 60_000).mode).toBe('listening');
  });

  it('listens again once the rest is over, and not before', () => {
    const resting = after(BEGINNING, NOW_LIST.perMinute + 1, 0);
    expect(afterRest(resting, NOW_LIST.restMs - 1)).toBe(resting);
    expect(afterRest(resting, NOW_LIST.restMs)).toEqual(BEGINNING);
  });
});

/** An hour of following a list in which so many documents change at these moments; what it read. */
function hourOf(changes: readonly { readonly atMs: number; readonly count: number }[], budget: ReadBudget) {
  let following: Following = BEGINNING;
  let reads = 0;
  let refreshed = 0;
  const read = (count: number, nowMs: number): void => {
    reads += count;
    following = afterReads(following, { count, nowMs, budget });
    if (following.mode === 'resting') refreshed = nowMs;
  };
  read(budget.rows, 0);
  for (const { atMs, count } of changes) {
    while (following.mode === 'resting') {
      const { until } = following;
      const next = Math.min(refreshed + budget.refreshMs, until);
      if (next > atMs) break;
      refreshed = next;
      following = afterRest(following, next);
      // Reading it anew costs the list; opening the listener again costs it too.
      if (following.mode === 'listening') read(budget.rows, next);
      else reads += budget.rows;
    }
    if (following.mode === 'listening') read(Math.min(count, budget.rows), atMs);
  }
  return reads;
}

describe('worstListReads', () => {
  it.each([
    ['Now', NOW_LIST],
    ['Sessions', SESSIONS_LIST],
  ] as const)('is never exceeded on %s, whatever changes when', (_, budget) => {
    expect(restIsCheaper(budget)).toBe(true);
    const changes = fc
      .array(
        fc.record({ gapMs: fc.integer({ min: 0, max: 20_000 }), count: fc.integer({ min: 1, max: 60 }) }),
        {
          maxLength: 3_000,
          size: 'max',
        },
      )
      .map((gaps) => {
        let atMs = 0;
        return gaps.map(({ gapMs, count }) => {
          atMs += gapMs;
          return { atMs, count };
        });
      })
      .map((all) => all.filter(({ atMs }) => atMs < 3_600_000));
    fc.assert(
      fc.property(changes, (all) => {
        expect(hourOf(all, budget)).toBeLessThanOrEqual(worstListReads(budget));
      }),
      // An hour is long: where one exceeds it, a shorter one is not looked for.
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('is nearly reached by changes that keep to the budget, or pass it in every minute that it listens', () => {
    const budget = { ...NOW_LIST, perMinute: 300 };
    const steady = Array.from({ length: 3_539 }, (_, second) => ({ atMs: (second + 61) * 1_000, count: 5 }));
    expect(hourOf(steady, budget)).toBeGreaterThan(worstListReads(budget) * 0.9);
    const flood = Array.from({ length: 3_599 }, (_, second) => ({ atMs: second * 1_000, count: 25 }));
    const rested = hourOf(flood, NOW_LIST);
    expect(rested).toBeGreaterThan(3_000);
    expect(rested).toBeLessThan(worstListReads(NOW_LIST));
  });
});

describe('worstReadsAnHour', () => {
  it('stays under the number that the README states and prices: 7,500 over a thousand live sessions', () => {
    expect(worstReadsAnHour(1_000)).toBeLessThan(7_500);
    // $0.06 for 100,000 reads in nam5: less than half a cent.
    expect((worstReadsAnHour(1_000) / 100_000) * 0.06).toBeLessThan(0.005);
  });

  it('grows by what counting costs, not by what is live', () => {
    expect(worstReadsAnHour(10_000)).toBeLessThan(2.5 * worstReadsAnHour(1_000));
  });
});

describe('openingReads', () => {
  it('is within the 60 that a view may cost', () => {
    expect(openingReads(1_000)).toBeLessThanOrEqual(60);
  });
});
