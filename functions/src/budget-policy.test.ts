import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetAt, budgetWith, budgetWithout, roomIn, shareOf } from './budget-policy.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const LIMITS = { dayMs: 600_000, liveTokens: 2 };
const token = (mintedAt: number, seconds: number) => ({ mintedAt, expiresAt: mintedAt + seconds * 1_000 });

describe('a share of a bound', () => {
  it('is its part of the whole, so that the shares add up', () => {
    const caps = { minutesPerDay: 100, liveTokens: 30, shards: 8 };
    expect(shareOf(caps)).toEqual({ dayMs: 750_000, liveTokens: 3.75 });
    expect(shareOf({ ...caps, minutesPerDay: null })).toEqual({ dayMs: null, liveTokens: 3.75 });
  });

  it('has room for as many tokens as may live, and for no more until one is dead', () => {
    const first = budgetWith(budgetAt(null, NOON), token(NOON, 90));
    expect(roomIn(first, LIMITS, NOON)).toMatchObject({ tokensLeft: 1, leftMs: 510_000 });
    const both = budgetWith(first, token(NOON, 300));
    expect(roomIn(both, LIMITS, NOON)).toMatchObject({ tokensLeft: 0, tokenFreeInMs: 120_000 });
    // Tokens are counted by the minute: 90 s after noon are dead at 12:02, never earlier than in truth.
    expect(roomIn(budgetAt(both, NOON + 119_999), LIMITS, NOON + 119_999).tokensLeft).toBe(0);
    expect(roomIn(budgetAt(both, NOON + 120_000), LIMITS, NOON + 120_000).tokensLeft).toBe(1);
  });

  it('is empty again at midnight UTC, and not when the clock goes back', () => {
    const late = Date.parse('2026-11-21T23:59:00Z');
    const spent = budgetWith(budgetAt(null, late), token(late, 600));
    expect(roomIn(budgetAt(spent, late + 1_000), LIMITS, late + 1_000).leftMs).toBe(0);
    expect(roomIn(budgetAt(spent, late + 60_000), LIMITS, late + 60_000).leftMs).toBe(600_000);
    expect(budgetAt(spent, late - 86_400_000)).toMatchObject({ day: '2026-11-21', dayMs: 600_000 });
  });

  it('says how long to wait: until a token dies, else until midnight', () => {
    const spent = { ...budgetAt(null, NOON), dayMs: 600_000 };
    expect(roomIn(spent, LIMITS, NOON)).toMatchObject({ leftMs: 0, newDayInMs: 12 * 3_600_000 });
    const talking = budgetWith(spent, token(NOON, 60));
    expect(roomIn(talking, LIMITS, NOON)).toMatchObject({
      newDayInMs: 12 * 3_600_000,
      tokenFreeInMs: 60_000,
    });
  });

  it('is what it was once a refused token is given back, and keeps what a closed day was charged', () => {
    const before = budgetWith(budgetAt(null, NOON), token(NOON, 300));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_600 }),
        fc.integer({ min: 0, max: 600_000 }),
        (seconds, later) => {
          const charge = token(NOON + later, seconds);
          expect(budgetWithout(budgetWith(before, charge), charge)).toEqual(before);
        },
      ),
    );
    const next = budgetAt(before, NOON + 86_400_000);
    const today = budgetWith(next, token(NOON + 86_400_000, 60));
    expect(budgetWithout(today, token(NOON, 300)).dayMs).toBe(60_000);
  });
});
