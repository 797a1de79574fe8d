import {
  type LiveAuditDocument,
  type LiveQuotaDocument,
  type LiveSessionDocument,
  NO_USAGE,
} from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import {
  entombed,
  ID_TOKEN_MS,
  isLastAdmin,
  keptUntil,
  liveSessionsOf,
  mayGo,
  nextStepAt,
  pseudonymised,
  rolesWithout,
  strippedSession,
} from './erasure-policy.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const MIDNIGHT = Date.parse('2026-11-22T00:00:00Z');
const MINUTE = 60_000;
const timestamp = { toMillis: () => NOON };

const QUOTA: LiveQuotaDocument = {
  v: 1,
  tokens: { lease: { sessionId: 's1', index: 0, mintedAt: NOON, expiresAt: NOON + 2 * MINUTE } },
  day: '2026-11-21',
  dayMs: 120_000,
  month: '2026-11',
  monthMs: 500_000,
  rate: { level: 5, at: NOON },
  blocked: null,
  reported: { day: '2026-11-21', tokens: 9, microUsd: 9 },
  purgeAt: timestamp,
  requests: { r1: { sessionId: 's1', leaseId: 'lease', at: NOON } },
};

const SESSION: LiveSessionDocument = {
  v: 1,
  uid: 'alice',
  backend: 'google-ai',
  route: 'direct',
  model: 'gemini-3.8-live',
  template: null,
  templateId: null,
  policy: 'default@1',
  policyId: 'default',
  state: 'active',
  createdAt: NOON,
  open: true,
  deadAt: NOON + 2 * MINUTE,
  endedAt: null,
  stopReason: null,
  leases: {},
  leased: { seconds: 120, tokens: 1 },
  reported: { seconds: 0, totals: NO_USAGE, at: null },
  metered: null,
  connections: {},
  timeline: [],
  toldBytes: 0,
  asked: { setup: { systemInstruction: { parts: [{ text: 'secret' }] } }, template: null },
  shard: 0,
  purgeAt: timestamp,
};

describe('entombed', () => {
  it('keeps what the bounds need and nothing else', () => {
    expect(entombed(QUOTA, NOON + 1)).toEqual({
      v: 1,
      tokens: { lease: { ...QUOTA.tokens.lease, revoked: true } },
      day: '2026-11-21',
      dayMs: 120_000,
      month: '2026-11',
      monthMs: 500_000,
      rate: { level: 0, at: NOON },
      blocked: { reason: 'erased', at: NOON + 1 },
      requests: {},
    });
  });

  it('blocks a user nobody has seen', () => {
    expect(entombed(null, NOON)).toMatchObject({ tokens: {}, dayMs: 0, blocked: { reason: 'erased' } });
  });

  it('changes nothing a second time, and all that came after the first', () => {
    const tomb = entombed(QUOTA, NOON);
    expect(entombed(tomb, NOON + 5)).toBeNull();
    expect(entombed(tomb && { ...tomb, blocked: null }, NOON + 5)?.blocked).toEqual({
      reason: 'erased',
      at: NOON + 5,
    });
    const reported = { day: '2026-11-21', tokens: 1, microUsd: 1 };
    expect(entombed(tomb && { ...tomb, reported }, NOON + 5)).toEqual(tomb);
    expect(entombed(tomb && { ...tomb, purgeAt: timestamp }, NOON + 5)).toEqual(tomb);
  });

  it('takes the place of a block by an operator', () => {
    const blocked = { reason: 'abuse of alice', at: NOON - 5 };
    expect(entombed({ ...QUOTA, blocked }, NOON)?.blocked).toEqual({ reason: 'erased', at: NOON });
  });
});

describe('keptUntil', () => {
  const ordered = { actor: 'admin', requestedAt: NOON };
  const nothing = { ...QUOTA, tokens: {}, dayMs: 0 };

  it('waits for the end of the day of the charge, and not where nothing was charged', () => {
    expect(keptUntil({ ...QUOTA, tokens: {} }, ordered)).toBe(MIDNIGHT);
    expect(keptUntil(nothing, ordered)).toBe(0);
    expect(keptUntil(null, ordered)).toBe(0);
  });

  it('waits for a token that outlives the day', () => {
    const late = { sessionId: 's', index: 0, mintedAt: NOON, expiresAt: MIDNIGHT + MINUTE };
    expect(keptUntil({ ...QUOTA, tokens: { late } }, ordered)).toBe(MIDNIGHT + MINUTE);
  });

  it('waits for the last ID token of an account that was deleted', () => {
    expect(keptUntil(nothing, { ...ordered, actor: 'system' })).toBe(NOON + ID_TOKEN_MS);
  });
});

describe('liveSessionsOf', () => {
  it('counts sessions by their tokens, until the instant of expiry', () => {
    const [token] = Object.values(QUOTA.tokens);
    const quota = { ...QUOTA, tokens: { a: token!, b: token!, c: { ...token!, sessionId: 's2' } } };
    expect(liveSessionsOf(quota, NOON + 2 * MINUTE - 1)).toBe(2);
    expect(liveSessionsOf(quota, NOON + 2 * MINUTE)).toBe(0);
    expect(liveSessionsOf(null, NOON)).toBe(0);
  });
});

describe('mayGo', () => {
  it('lets a session go once its books are closed and the settling was told', () => {
    expect(mayGo({ open: false })).toBe(true);
    expect(mayGo({ open: true })).toBe(false);
    expect(mayGo({ open: false, unsettled: true })).toBe(false);
  });
});

describe('strippedSession', () => {
  it('ends a session whose token is alive, and forgets what was asked and told', () => {
    expect(strippedSession(SESSION, NOON + MINUTE)).toEqual({
      state: 'revoked',
      stopReason: 'erased',
      endedAt: NOON + MINUTE,
      asked: { setup: {}, template: null },
      timeline: [],
      erased: true,
    });
  });

  it('leaves the state of one that is over to the sweeper', () => {
    expect(strippedSession(SESSION, SESSION.deadAt)).toMatchObject({ state: 'active', erased: true });
    const closed = {
      ...SESSION,
      open: false,
      state: 'ended' as const,
      endedAt: NOON,
      unsettled: true as const,
    };
    expect(strippedSession(closed, NOON)).toMatchObject({ state: 'ended', stopReason: null, endedAt: NOON });
  });

  it('changes nothing a second time', () => {
    expect(strippedSession({ ...SESSION, erased: true }, NOON)).toBeNull();
  });
});

describe('nextStepAt', () => {
  it('comes when the first token is dead, and not at once again', () => {
    expect(nextStepAt([{ deadAt: NOON + 60 * MINUTE }, { deadAt: NOON + 10 * MINUTE }], NOON)).toBe(
      NOON + 10 * MINUTE,
    );
    expect(nextStepAt([{ deadAt: NOON - MINUTE }], NOON)).toBe(NOON + 5 * MINUTE);
  });
});

describe('pseudonymised', () => {
  const who = { uid: 'u-1', pseudonym: 'erased-x', sessions: 'liveSessions' };
  const entry: LiveAuditDocument = {
    v: 1,
    at: NOON,
    actor: 'admin',
    act: 'block-user',
    target: 'users/u-1',
    subject: 'u-1',
    reason: 'u-1 wrote (u-1) again; not u-1a, nor au-1, nor u-1-b',
    before: { blocked: null },
    after: { list: ['u-1', 'u-2'], 'u-1': { deep: 'liveQuotas/u-1' } },
  };

  it('puts the pseudonym wherever the uid stands by itself', () => {
    expect(pseudonymised(entry, who)).toEqual({
      ...entry,
      target: 'users/erased-x',
      subject: 'erased-x',
      reason: 'erased-x wrote (erased-x) again; not u-1a, nor au-1, nor u-1-b',
      after: { list: ['erased-x', 'u-2'], 'erased-x': { deep: 'liveQuotas/erased-x' } },
    });
  });

  it('keeps the session that an operator who is erased ended, and not one of the user who is', () => {
    const target = 'liveSessions/s1';
    expect(pseudonymised({ ...entry, target }, who).target).toBe('liveSessions/erased-x');
    const byThem = pseudonymised({ ...entry, target, actor: 'u-1', subject: 'u-2' }, who);
    expect(byThem).toMatchObject({ target, actor: 'erased-x', subject: 'u-2' });
  });

  it('takes a uid of any characters as it is written', () => {
    const odd = { ...who, uid: 'a.b$&(c' };
    expect(pseudonymised({ ...entry, reason: 'a.b$&(c and axb$&(c' }, odd).reason).toBe(
      'erased-x and axb$&(c',
    );
  });
});

describe('rolesWithout', () => {
  const roles = { v: 1, admins: ['u-1', 'u-2'], viewers: ['u-3'], pending: {} };

  it('forgets a user, also one whose role is on its way', () => {
    expect(rolesWithout(roles, 'u-1')).toEqual({ ...roles, admins: ['u-2'] });
    const pending = { 'u-4': { role: null, revoke: true } };
    expect(rolesWithout({ ...roles, pending }, 'u-4')).toEqual(roles);
    expect(rolesWithout(roles, 'u-4')).toBeNull();
    expect(rolesWithout(null, 'u-1')).toBeNull();
  });

  it('tells the last admin from one of several', () => {
    expect(isLastAdmin(roles, 'u-1')).toBe(false);
    expect(isLastAdmin({ ...roles, admins: ['u-1'] }, 'u-1')).toBe(true);
    expect(isLastAdmin({ ...roles, admins: ['u-1'] }, 'u-2')).toBe(false);
    expect(isLastAdmin({ ...roles, admins: [] }, 'u-1')).toBe(false);
  });
});
