import { describe, expect, it } from 'vitest';
import { dayFiguresOf, figuresOn, utcDay } from './day-figures.ts';

const DOCUMENT = {
  v: 1,
  day: '2026-11-21',
  rolledUpAt: 5,
  all: { sessions: 3, microUsd: 70, unpriced: 1, leasedSeconds: 600 },
  refusals: { rate: 2, concurrency: 9, blocked: 0 },
  byModel: { small: { sessions: 1 }, large: { sessions: 2 } },
  byTier: { default: { sessions: 3 } },
};

describe('dayFiguresOf', () => {
  it('reads what the roll-up wrote, the busiest first', () => {
    expect(dayFiguresOf(DOCUMENT)).toEqual({
      day: '2026-11-21',
      rolledUpAt: 5,
      microUsd: 70,
      unpriced: 1,
      sessions: 3,
      leasedSeconds: 600,
      refusals: [
        ['concurrency', 9],
        ['rate', 2],
      ],
      models: ['large', 'small'],
      policies: ['default'],
      isSample: false,
    });
  });

  it('does not guess at a document of another make', () => {
    expect(dayFiguresOf({ ...DOCUMENT, all: 3 })).toBeUndefined();
    expect(dayFiguresOf({ ...DOCUMENT, rolledUpAt: undefined })).toBeUndefined();
  });
});

describe('figuresOn', () => {
  it('are those of the day itself, and none where it has not been counted yet', () => {
    const figures = dayFiguresOf(DOCUMENT) ?? null;
    expect(figuresOn(figures, '2026-11-21')).toBe(figures);
    expect(figuresOn(figures, '2026-11-22')).toBeNull();
  });
});

describe('utcDay', () => {
  it('changes at midnight UTC', () => {
    expect(utcDay(Date.UTC(2026, 10, 21, 23, 59, 59))).toBe('2026-11-21');
    expect(utcDay(Date.UTC(2026, 10, 22))).toBe('2026-11-22');
  });
});
