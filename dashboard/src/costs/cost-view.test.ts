import { describe, expect, it } from 'vitest';
import { costPath, daysOfMonth, lastDays, readCostView } from './cost-view.ts';

const NOW = Date.UTC(2026, 2, 2, 0, 30);

describe('readCostView', () => {
  it('reads what costPath wrote', () => {
    for (const view of [
      { by: 'model', range: 7, month: '2026-03' },
      { by: 'user', range: 30, month: '2025-12' },
    ] as const) {
      const url = new URL(costPath(view), 'http://page');
      expect(readCostView(Object.fromEntries(url.searchParams), NOW)).toEqual(view);
    }
  });

  it('is the last 30 days by day where the address says nothing that it knows', () => {
    expect(readCostView({ by: 'name', range: '365', month: '2026-00' }, NOW)).toEqual({
      by: 'day',
      range: 30,
      month: '2026-03',
    });
  });
});

describe('lastDays', () => {
  it('ends on the UTC day that goes on', () => {
    expect(lastDays(NOW, 3)).toEqual(['2026-02-28', '2026-03-01', '2026-03-02']);
  });
});

describe('daysOfMonth', () => {
  it('has the days of that month and no other', () => {
    expect(daysOfMonth('2026-02')).toHaveLength(28);
    expect(daysOfMonth('2026-12').at(-1)).toBe('2026-12-31');
  });
});
