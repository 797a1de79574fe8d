import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionsPath } from '../places.ts';
import {
  ALL_SESSIONS,
  BACKENDS,
  FLAGS,
  filterParameters,
  leastMicroUsd,
  rangeOf,
  readFilter,
  SESSION_STATES,
  type SessionFilter,
  SORTS,
  withField,
} from './session-filter.ts';

const name = fc
  .string({ minLength: 1, maxLength: 128, unit: 'binary' })
  .filter((text) => text.trim() === text && text.isWellFormed());
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const filters = fc
  .record(
    {
      uid: name,
      state: fc.constantFrom(...SESSION_STATES),
      model: name,
      templateId: name,
      policyId: name,
      backend: fc.constantFrom(...BACKENDS),
      from: day,
      to: day,
      day,
      flag: fc.constantFrom(...FLAGS),
      costFrom: fc.integer({ min: 0, max: 10 ** 9 }).map((microUsd) => Number((microUsd / 1e6).toFixed(6))),
      sort: fc.constantFrom(...SORTS),
    },
    { requiredKeys: ['sort'] },
  )
  .filter(({ costFrom }) => costFrom === undefined || costFrom === 0 || costFrom >= 1e-6)
  .map((filter) => (filter.costFrom === undefined ? filter : { ...filter, sort: 'costliest' as const }));

describe('readFilter', () => {
  it('reads back every filter from its address', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const { searchParams } = new URL(sessionsPath(filterParameters(filter)), 'https://dashboard');
        expect(readFilter(Object.fromEntries(searchParams))).toEqual(filter);
      }),
    );
  });

  it.each([
    [{ state: 'asleep' }],
    [{ backend: 'elsewhere' }],
    [{ flag: 'green' }],
    [{ from: '2026-02-30' }],
    [{ to: 'yesterday' }],
    [{ day: '2026-1-1' }],
    [{ costFrom: '-1' }],
    [{ costFrom: '1e9' }],
    [{ sort: 'loudest' }],
    [{ uid: ' ' }],
    [{ model: 'm'.repeat(129) }],
    [{ elephant: 'yes' }],
  ])('leaves out %o', (parameters: Record<string, string>) => {
    expect(readFilter(parameters)).toEqual(ALL_SESSIONS);
  });

  it('sorts by cost where a least cost is named', () => {
    expect(readFilter({ costFrom: '0.5', sort: 'oldest' })).toEqual({ costFrom: 0.5, sort: 'costliest' });
    expect(readFilter({ sort: 'oldest' }).sort).toBe('oldest');
  });
});

describe('withField', () => {
  it('sets a field, and clears it by an empty value', () => {
    const filter: SessionFilter = { uid: 'alice', sort: 'oldest' };
    expect(withField(filter, 'model', 'm')).toEqual({ uid: 'alice', model: 'm', sort: 'oldest' });
    expect(withField(filter, 'uid', '')).toEqual({ sort: 'oldest' });
  });

  it('goes back to the newest first when the least cost is cleared', () => {
    const costly = withField(ALL_SESSIONS, 'costFrom', '2');
    expect(costly.sort).toBe('costliest');
    expect(withField(costly, 'costFrom', '')).toEqual(ALL_SESSIONS);
  });
});

describe('rangeOf', () => {
  it('begins at the midnight of the first day and ends before the one after the last', () => {
    const { fromMs, beforeMs } = rangeOf({ from: '2026-11-20', to: '2026-11-21', sort: 'newest' });
    expect(new Date(fromMs as number).toString()).toContain('Nov 20 2026 00:00:00');
    expect(new Date(beforeMs as number).toString()).toContain('Nov 22 2026 00:00:00');
    expect(rangeOf(ALL_SESSIONS)).toEqual({});
  });
});

describe('leastMicroUsd', () => {
  it('counts in whole millionths', () => {
    expect(leastMicroUsd({ costFrom: 0.29, sort: 'costliest' })).toBe(290_000);
    expect(leastMicroUsd(ALL_SESSIONS)).toBeUndefined();
  });
});
