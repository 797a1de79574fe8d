import { describe, expect, it } from 'vitest';
import {
  everyServedFilter,
  planOf,
  reasonAgainst,
  reasonAgainstSort,
  SOURCES,
  servedFilter,
} from './filter-policy.ts';
import { ALL_SESSIONS, FILTER_FIELDS, type SessionFilter, SORTS } from './session-filter.ts';

const newest = (filter: Omit<SessionFilter, 'sort'>): SessionFilter => ({ ...filter, sort: 'newest' });

describe('servedFilter', () => {
  it('reads sessions themselves, unless a flag or a cost is asked for', () => {
    expect(servedFilter(ALL_SESSIONS).source).toBe('sessions');
    expect(servedFilter(newest({ flag: 'under-reported' })).source).toBe('flagged');
    expect(servedFilter({ costFrom: 1, sort: 'costliest' }).source).toBe('costs');
    expect(servedFilter({ sort: 'costliest' }).source).toBe('costs');
  });

  it('leaves out what no index serves, and says why', () => {
    const { filter, leftOut } = servedFilter({ uid: 'a', from: '2026-11-01', sort: 'costliest' });
    expect(filter).toEqual({ uid: 'a', sort: 'costliest' });
    expect(leftOut).toEqual([{ what: 'from', why: expect.stringContaining('UTC day') }]);
    expect(servedFilter(newest({ uid: 'a', from: '2026-11-01' })).leftOut).toEqual([]);
  });

  it('falls back to an order that is served', () => {
    expect(servedFilter({ flag: 'under-reported', sort: 'oldest' })).toMatchObject({
      filter: { sort: 'newest' },
      leftOut: [{ what: 'oldest' }],
    });
  });

  it('has words for every field and order that a list lacks', () => {
    for (const source of Object.values(SOURCES)) {
      // What takes one to another list is not lacking.
      const elsewhere = ['flag', 'costFrom', 'costliest'];
      for (const each of [...FILTER_FIELDS, ...SORTS])
        if (![...source.fields, ...source.sorts, ...elsewhere].includes(each as never))
          expect(source.without[each]?.length, each).toBeGreaterThan(20);
    }
  });
});

describe('reasonAgainst', () => {
  it('greys the policy beside a flag, and a flag beside the policy', () => {
    expect(reasonAgainst(newest({ flag: 'under-reported' }), 'policyId')).toContain('policy');
    expect(reasonAgainst(newest({ policyId: 'p' }), 'flag')).toContain('policy');
    expect(reasonAgainst(newest({ model: 'm' }), 'flag')).toBeUndefined();
  });

  it('greys a least cost beside a range of days, and days beside a least cost', () => {
    expect(reasonAgainst(newest({ from: '2026-11-01' }), 'costFrom')).toContain('UTC day');
    expect(reasonAgainst({ costFrom: 1, sort: 'costliest' }, 'to')).toContain('UTC day');
    expect(reasonAgainst({ costFrom: 1, sort: 'costliest' }, 'day')).toBeUndefined();
  });

  it('leaves a field alone that is chosen, so that it can be cleared', () => {
    expect(reasonAgainst({ costFrom: 1, from: '2026-11-01', sort: 'costliest' }, 'from')).toBeUndefined();
  });

  it('offers no combination of which a part would be left out', () => {
    const all = everyServedFilter();
    const wrong: unknown[] = [];
    for (const field of FILTER_FIELDS) {
      const sample = all.find((each) => each[field] !== undefined)?.[field];
      for (const filter of all) {
        if (reasonAgainst(filter, field) !== undefined || filter[field] !== undefined) continue;
        const sort = field === 'costFrom' ? 'costliest' : filter.sort;
        const { leftOut } = servedFilter({ ...filter, [field]: sample, sort });
        if (leftOut.length > 0) wrong.push({ filter, field, leftOut });
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('reasonAgainstSort', () => {
  it('greys the oldest beside a flag and both times beside a least cost', () => {
    expect(reasonAgainstSort(newest({ flag: 'under-reported' }), 'oldest')).toContain('oldest');
    expect(reasonAgainstSort({ costFrom: 1, sort: 'costliest' }, 'newest')).toContain('least cost');
    expect(reasonAgainstSort({ sort: 'costliest' }, 'newest')).toBeUndefined();
    expect(reasonAgainstSort(newest({ model: 'm' }), 'oldest')).toBeUndefined();
  });
});

describe('everyServedFilter', () => {
  it('names each combination once, and only what is served whole', () => {
    const all = everyServedFilter();
    expect(new Set(all.map((filter) => JSON.stringify(Object.entries(filter).sort()))).size).toBe(all.length);
    expect(all.filter((filter) => servedFilter(filter).leftOut.length > 0)).toEqual([]);
    // Sessions by 8 fields in 2 orders; flagged by 7 beside the flag; by cost by 8.
    expect(all).toHaveLength(2 ** 8 * 2 + 2 ** 7 + 2 ** 8);
  });
});

describe('planOf', () => {
  it('looks sessions up by equalities and a range, sorted by their beginning', () => {
    expect(planOf({ uid: 'a', templateId: '-', from: '2026-11-21', sort: 'oldest' })).toEqual({
      source: 'sessions',
      collection: 'liveSessions',
      scope: 'collection',
      conditions: [
        { field: 'uid', op: '==', value: 'a' },
        { field: 'templateId', op: '==', value: null },
        { field: 'createdAt', op: '>=', value: new Date(2026, 10, 21).getTime() },
      ],
      order: { field: 'createdAt', direction: 'asc' },
    });
  });

  it('looks costs up in what operators know of all sessions at once', () => {
    expect(planOf({ day: '2026-11-21', costFrom: 0.5, flag: 'under-reported', sort: 'costliest' })).toEqual({
      source: 'costs',
      collection: 'liveOps',
      scope: 'group',
      conditions: [
        { field: 'day', op: '==', value: '2026-11-21' },
        { field: 'flags', op: 'array-contains', value: 'under-reported' },
        { field: 'cost.microUsd', op: '>=', value: 500_000 },
      ],
      order: { field: 'cost.microUsd', direction: 'desc' },
    });
  });
});
