import { type LeaseEntry, type LiveSessionDocument, NO_USAGE, type SessionState } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { readSession } from './session-document.ts';
import { leaseLines, livenessOf, usageOf } from './session-figures.ts';

const now = new Date(2026, 10, 21, 12).getTime();
const lease = (changes: Partial<LeaseEntry> = {}): LeaseEntry => ({
  index: 0,
  op: 'start',
  connectionId: 'connection-0',
  mintedAt: now,
  expiresAt: now + 120_000,
  state: 'issued',
  ...changes,
});
const session = (changes: Partial<LiveSessionDocument> = {}): LiveSessionDocument => ({
  v: 1,
  uid: 'alice',
  backend: 'google-ai',
  route: 'direct',
  model: 'gemini-3.8-live',
  template: 'demo-echo@1',
  templateId: 'demo-echo',
  policy: 'anonymous@1',
  policyId: 'anonymous',
  state: 'active',
  createdAt: now - 10_000,
  open: true,
  deadAt: now + 110_000,
  endedAt: null,
  stopReason: null,
  leases: {},
  leased: { seconds: 120, tokens: 1 },
  reported: { seconds: 0, totals: NO_USAGE, at: null },
  metered: null,
  connections: {},
  timeline: [],
  toldBytes: 0,
  asked: { setup: {}, template: null },
  shard: 0,
  purgeAt: { toMillis: () => now },
  ...changes,
});

describe('livenessOf', () => {
  it.each([
    ['reserved', 'live'],
    ['active', 'live'],
    ['ended', 'lingering'],
    ['revoked', 'lingering'],
    ['expired', 'lingering'],
    ['failed', 'over'],
  ] as const satisfies readonly (readonly [SessionState, string])[])(
    'calls a session that is %s %s while its last token lives',
    (state, liveness) => {
      expect(livenessOf(session({ state }), now)).toBe(liveness);
    },
  );

  it('calls a session over from the instant its last token is dead', () => {
    expect(livenessOf(session({ deadAt: now + 1 }), now)).toBe('live');
    expect(livenessOf(session({ deadAt: now }), now)).toBe('over');
  });
});

describe('usageOf', () => {
  it("takes the relay's figures where there are any, the page's elsewhere", () => {
    const measured = { ...NO_USAGE, turns: 9 };
    expect(usageOf(session()).turns).toBe(0);
    expect(usageOf(session({ metered: { seconds: 3, totals: measured } })).turns).toBe(9);
  });
});

describe('leaseLines', () => {
  it('lists leases in the order they were handed out, each with the seconds it is charged for', () => {
    const document = session({
      leases: {
        second: lease({ index: 1, op: 'renew', mintedAt: now + 90_000, expiresAt: now + 390_000 }),
        first: lease(),
      },
    });
    expect(leaseLines(document).map(({ id, seconds }) => [id, seconds])).toEqual([
      ['first', 120],
      ['second', 300],
    ]);
  });

  it('charges nothing for a lease that was refused, and all for one whose outcome nobody knows', () => {
    const seconds = (state: LeaseEntry['state']) =>
      leaseLines(session({ leases: { one: lease({ state }) } })).map((line) => line.seconds);
    expect(seconds('refused')).toEqual([0]);
    expect(seconds('kept')).toEqual([120]);
  });
});

describe('readSession', () => {
  it('reads a document of this version', () => {
    const document = session();
    expect(readSession('one', document)).toEqual({ id: 'one', document });
  });

  it.each(['uid', 'state', 'createdAt', 'leases', 'reported'])('refuses one whose %s is missing', (field) => {
    expect(readSession('one', { ...session(), [field]: undefined })).toBeUndefined();
  });

  it('refuses totals that are not figures, and takes figures that are not metered', () => {
    const broken = { seconds: 1, totals: { ...NO_USAGE, turns: 'many' }, at: null };
    expect(readSession('one', { ...session(), reported: broken })).toBeUndefined();
    expect(readSession('one', { ...session(), metered: null })).toBeDefined();
  });
});
