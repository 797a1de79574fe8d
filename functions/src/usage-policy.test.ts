import { describe, expect, it } from 'vitest';
import { NO_FIGURES } from './stats-policy.ts';
import { type UsageAddition, usageOf, usagePurgedAt } from './usage-policy.ts';

const of = (uid: string, month: string, more: Partial<UsageAddition> = {}): UsageAddition => ({
  uid,
  month,
  closedAt: 7,
  figures: { ...NO_FIGURES, sessions: 1, leasedSeconds: 120 },
  ...more,
});

describe('usageOf', () => {
  it('adds up the sessions of one user and month, and of no other', () => {
    const sums = usageOf([
      of('alice', '2026-11'),
      of('alice', '2026-10'),
      of('bob', '2026-11'),
      of('alice', '2026-11'),
    ]);
    expect(
      sums.map(({ uid, month, figures }) => [uid, month, figures.sessions, figures.leasedSeconds]),
    ).toEqual([
      ['alice', '2026-11', 2, 240],
      ['alice', '2026-10', 1, 120],
      ['bob', '2026-11', 1, 120],
    ]);
  });

  it('keeps the figures that are 0, so that a list sorted by them has every user', () => {
    expect(usageOf([of('alice', '2026-11'), of('alice', '2026-11')])[0]?.figures).toEqual({
      ...NO_FIGURES,
      sessions: 2,
      leasedSeconds: 240,
    });
  });

  it('tells sums with made-up sessions in them', () => {
    const mixed = [of('alice', '2026-11', { sample: true }), of('alice', '2026-11')];
    expect(usageOf(mixed)[0]?.sample).toBe(true);
    expect(usageOf(mixed.slice(1))[0]).not.toHaveProperty('sample');
  });
});

describe('usagePurgedAt', () => {
  it.each([
    ['2026-11', '2028-01-01'],
    ['2026-12', '2028-02-01'],
    ['2027-01', '2028-03-01'],
  ])('keeps %s until %s', (month, day) => {
    expect(new Date(usagePurgedAt(month)).toISOString()).toBe(`${day}T00:00:00.000Z`);
  });
});
