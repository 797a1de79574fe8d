import { describe, expect, it } from 'vitest';
import { actWords, auditPath, readAuditEntry, readAuditFilter, targetPath } from './audit-filter.ts';

const entry = {
  v: 1,
  at: 5,
  actor: 'op',
  act: 'set-tier',
  target: 'users/u1',
  subject: 'u1',
  reason: '',
  before: null,
  after: { tier: 'gold' },
};

describe('readAuditFilter', () => {
  it('reads what auditPath wrote', () => {
    for (const filter of [null, { by: 'actor', value: 'a&b=c' }, { by: 'act', value: 'set-tier' }] as const) {
      const url = new URL(auditPath(filter), 'http://page');
      expect(readAuditFilter(Object.fromEntries(url.searchParams))).toEqual(filter);
    }
  });

  it('takes one field, since only one has an index with the time', () => {
    expect(readAuditFilter({ subject: 'u', actor: 'op' })).toEqual({ by: 'actor', value: 'op' });
  });

  it('does not filter by an empty word or by a field that is none', () => {
    expect(readAuditFilter({ act: '', reason: 'x' })).toBeNull();
  });
});

describe('readAuditEntry', () => {
  it('keeps the entry and its id', () => {
    expect(readAuditEntry('e', entry)).toEqual({ ...entry, id: 'e' });
  });

  it.each([null, { ...entry, at: 'now' }, { ...entry, reason: 4 }, { ...entry, subject: {} }])(
    'does not read %j',
    (data) => {
      expect(readAuditEntry('e', data)).toBeUndefined();
    },
  );
});

describe('targetPath', () => {
  it.each([
    ['users/u/1', undefined],
    ['users/u%1', '/users/u%251'],
    ['liveSessions/s1', '/sessions/s1'],
    ['livePolicies/default', '/settings/policies/default'],
    ['liveTemplates/t', '/settings/templates/t'],
    ['livePrices/gemini-3.8-live', '/settings/prices/gemini-3.8-live'],
    ['liveConfig/global', '/settings'],
    ['javascript:alert(1)', undefined],
    ['elsewhere/x', undefined],
  ])('leads from %s to %s', (target, path) => {
    expect(targetPath({ target, act: 'set-tier' })).toBe(path);
  });

  it('leads nowhere for a user who was erased', () => {
    expect(targetPath({ target: 'users/erased-x', act: 'erase-user' })).toBeUndefined();
  });
});

describe('actWords', () => {
  it('shows an act it does not know by its own name', () => {
    expect(actWords('set-tier')).toBe('Set a tier');
    expect(actWords('constructor')).toBe('constructor');
  });
});
