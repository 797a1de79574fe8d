import { randomUUID } from 'node:crypto';
import type { LivePolicyDocument, MintAnswer } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, granted, type Outcome, reasonOf, reportOf, type World } from './support/world.ts';

/** A way to be refused, after one lease was granted. */
interface Refused {
  readonly reason: string;
  readonly policy?: Partial<LivePolicyDocument>;
  readonly reads: 0 | 1;
  ask(world: World, lease: MintAnswer): Promise<Outcome<unknown>>;
}

const REFUSED: readonly Refused[] = [
  { reason: 'concurrency', policy: { concurrentSessions: 1 }, reads: 1, ask: (world) => world.start() },
  { reason: 'rate', policy: { sessionsPerMinute: 1 }, reads: 1, ask: (world) => world.start() },
  { reason: 'minutes-day', policy: { minutesPerDay: 2 }, reads: 1, ask: (world) => world.start() },
  { reason: 'minutes-month', policy: { minutesPerMonth: 2 }, reads: 1, ask: (world) => world.start() },
  {
    reason: 'live-tokens',
    policy: { maxLiveTokens: 1 },
    reads: 1,
    ask: (world, { sessionId }) => world.remint(sessionId),
  },
  {
    reason: 'minutes-day',
    policy: { minutesPerDay: 2 },
    reads: 1,
    ask: (world, { sessionId }) => world.remint(sessionId),
  },
  { reason: 'renew-early', reads: 1, ask: (world, { sessionId }) => world.renew(sessionId) },
  {
    reason: 'single-lease',
    policy: { renewal: 'single' },
    reads: 1,
    ask: (world, { sessionId }) => world.renew(sessionId),
  },
  {
    reason: 'session-over',
    reads: 1,
    ask(world, { sessionId, expiresAt }) {
      world.now = expiresAt;
      return world.renew(sessionId);
    },
  },
  {
    reason: 'already-issued',
    reads: 1,
    async ask(world) {
      const requestId = randomUUID();
      granted(await world.start({ requestId }));
      world.anotherInstance();
      world.countAnew();
      return world.start({ requestId });
    },
  },
  {
    reason: 'blocked',
    reads: 1,
    async ask(world) {
      const blocked = { reason: 'abuse', at: world.now };
      await world.db.doc(`liveQuotas/${world.caller.uid}`).update({ blocked });
      return world.start();
    },
  },
  {
    reason: 'kill-switch',
    reads: 0,
    ask(world) {
      world.config = { v: 1, killSwitch: true, caps: null, alerts: null };
      return world.start();
    },
  },
  { reason: 'field', reads: 0, ask: (world) => world.start({ setup: { labels: {} } }) },
  { reason: 'model', reads: 0, ask: (world) => world.start({ model: 'gemini-2.0-flash-live-001' }) },
  { reason: 'relay-only', reads: 0, ask: (world) => world.start({ backend: 'vertex-ai' }) },
  { reason: 'not-owner', reads: 0, ask: (world) => world.renew('session-of-nobody') },
  { reason: 'invalid', reads: 0, ask: (world) => world.mint({}) },
];

describe('a refused mint', () => {
  let world: World;
  afterEach(() => world.close());

  it.each(REFUSED)(
    'for $reason costs $reads reads, no write and no token [threat:wallet:refused]',
    async ({ policy, ask, ...want }) => {
      world = createWorld({ policy: policy ?? {} });
      const lease = granted(await world.start());
      world.countAnew();
      const orders = world.orders.length;
      const refused = await ask(world, lease);
      expect(reasonOf(refused)).toBe(want.reason);
      expect(world.counts).toEqual({ reads: want.reads, writes: 0 });
      expect(world.orders.length - orders).toBe(want.reason === 'already-issued' ? 1 : 0);
    },
  );
});

describe('what is granted', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  it('costs a start 1 read and 2 writes, a renewal and a re-mint 2 and 2, a report 1 and 1', async () => {
    const lease = granted(await world.start());
    expect(world.counts).toEqual({ reads: 1, writes: 2 });
    world.countAnew();
    granted(await world.remint(lease.sessionId));
    expect(world.counts).toEqual({ reads: 2, writes: 2 });
    world.countAnew();
    granted(await world.report(reportOf(lease)));
    expect(world.counts).toEqual({ reads: 1, writes: 1 });
    world.countAnew();
    world.now = lease.renewAfter;
    world.policy = { ...world.policy, maxLiveTokens: 9 };
    granted(await world.renew(lease.sessionId));
    expect(world.counts).toEqual({ reads: 2, writes: 2 });
  });
});
