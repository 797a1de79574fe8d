import { describe, expect, it } from 'vitest';
import {
  monthsBack,
  monthText,
  readFigures,
  readUsage,
  readUsageList,
  USAGE_SORTS,
  usageListPath,
} from './usage-list.ts';

const NOW = Date.UTC(2026, 0, 31, 23, 59);

describe('monthsBack', () => {
  it('goes back over the turn of the year, from a long month too', () => {
    expect(monthsBack(NOW, 3)).toEqual(['2026-01', '2025-12', '2025-11']);
  });
});

describe('monthText', () => {
  it('names the UTC month', () => {
    expect(monthText('2026-11', { locale: 'en-GB' })).toBe('November 2026');
  });
});

describe('readUsageList', () => {
  it('reads what usageListPath wrote', () => {
    for (const sort of USAGE_SORTS) {
      const url = new URL(usageListPath({ month: '2025-12', sort: sort.id }), 'http://page');
      expect(readUsageList(Object.fromEntries(url.searchParams), NOW)).toEqual({ month: '2025-12', sort });
    }
  });

  it.each([{}, { month: '2026-13', sort: 'name' }, { month: '../x', sort: '__proto__' }])(
    'takes %j for this month by minutes',
    (query) => {
      expect(readUsageList(query, NOW)).toEqual({ month: '2026-01', sort: USAGE_SORTS[0] });
    },
  );
});

describe('readUsage', () => {
  const document = { v: 1, uid: 'u', month: '2026-01', closedAt: 5, sessions: 2, leasedSeconds: 240 };

  it('takes a figure that nobody counted for 0', () => {
    expect(readUsage('x', document)).toMatchObject({
      uid: 'u',
      sessions: 2,
      unpriced: 0,
      microUsd: 0,
      isSample: false,
    });
    expect(readUsage('x', { ...document, sample: true })?.isSample).toBe(true);
  });

  it.each([null, 'text', { ...document, uid: 4 }, { ...document, closedAt: null }])(
    'does not read %j',
    (data) => {
      expect(readUsage('x', data)).toBeUndefined();
    },
  );

  it('does not read a figure that is no number', () => {
    expect(readUsage('x', { ...document, microUsd: '<b>' })).toBeUndefined();
    expect(readFigures({ sessions: Number.NaN })).toBeUndefined();
  });
});
