import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, granted, NOON, reasonOf, type World } from './support/world.ts';

describe('leases', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  const seconds = ({
    expiresAt,
    serverTime,
  }: {
    readonly expiresAt: number;
    readonly serverTime: number;
  }): number => (expiresAt - serverTime) / 1_000;

  it('ask the Live API for a token that dies at exactly the reserved moment [threat:token-replay:window]', async () => {
    const answer = granted(await world.start());
    expect(world.orders).toMatchObject([{ expiresAt: answer.expiresAt, startBy: NOON + 60_000 }]);
    expect(answer).toMatchObject({
      expiresAt: NOON + 120_000,
      renewAfter: NOON + 90_000,
      startBy: NOON + 60_000,
      leaseIndex: 0,
    });
  });

  it('grow from two to five to ten minutes and stay there', async () => {
    let lease = granted(await world.start());
    const lengths = [seconds(lease)];
    for (let renewal = 0; renewal < 3; renewal++) {
      world.now = lease.renewAfter;
      lease = granted(await world.renew(lease.sessionId));
      lengths.push(seconds(lease));
    }
    expect(lengths).toEqual([120, 300, 600, 600]);
    expect((await world.session(lease.sessionId)).leased).toEqual({ seconds: 1_620, tokens: 4 });
  });

  it('are renewed from 30 s before their end, and not a millisecond earlier [threat:early-end:renew-early]', async () => {
    const lease = granted(await world.start());
    world.now = lease.renewAfter - 1;
    expect(await world.renew(lease.sessionId)).toMatchObject({
      ok: false,
      details: { reason: 'renew-early', retryAfterMs: 1 },
    });
    world.now = lease.renewAfter;
    expect(reasonOf(await world.renew(lease.sessionId))).toBe('granted');
  });

  it('shorter than a minute are renewed from half-way', async () => {
    world.policy = { ...world.policy, leaseSeconds: [20] };
    const lease = granted(await world.start());
    expect(lease.renewAfter - NOON).toBe(10_000);
  });

  it('are renewed before they end, and not at their end', async () => {
    const lease = granted(await world.start());
    world.now = lease.expiresAt - 1;
    expect(reasonOf(await world.renew(lease.sessionId))).toBe('granted');
    const other = granted(await world.start());
    world.now = other.expiresAt;
    expect(reasonOf(await world.renew(other.sessionId))).toBe('session-over');
  });

  it('of a single-lease policy are not renewed', async () => {
    world.policy = { ...world.policy, renewal: 'single' };
    const lease = granted(await world.start());
    expect(seconds(lease)).toBe(900);
    world.now = lease.renewAfter;
    expect(reasonOf(await world.renew(lease.sessionId))).toBe('single-lease');
  });

  it('give a re-minted token no more time than they have, nor more than the first step [threat:early-end:remint]', async () => {
    const first = granted(await world.start());
    world.now = first.renewAfter;
    const second = granted(await world.renew(first.sessionId));
    world.now = second.serverTime + 10_000;
    const early = granted(await world.remint(second.sessionId));
    expect(seconds(early)).toBe(120);
    expect(early.leaseIndex).toBe(1);
    world.now = second.expiresAt - 5_000;
    expect(granted(await world.remint(second.sessionId)).expiresAt).toBe(second.expiresAt);
  });

  it('charge a re-minted token like any other', async () => {
    const lease = granted(await world.start());
    world.now = NOON + 20_000;
    const again = granted(await world.remint(lease.sessionId));
    expect(seconds(again)).toBe(100);
    expect(lease.quotaLeft.daySeconds).toBe(600 * 60 - 120);
    expect(again.quotaLeft.daySeconds).toBe(600 * 60 - 220);
  });

  it('stop at the most live tokens of a policy [threat:live-tokens]', async () => {
    world.policy = { ...world.policy, maxLiveTokens: 2 };
    const lease = granted(await world.start());
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
    expect(await world.remint(lease.sessionId)).toMatchObject({
      ok: false,
      details: { reason: 'live-tokens', retryAfterMs: 120_000 },
    });
  });

  it('stay with the user who opened the session [threat:handle:stranger]', async () => {
    const lease = granted(await world.start());
    const stranger = { ...world.caller, uid: 'somebody-else' };
    expect(await world.remint(lease.sessionId, {}, stranger)).toMatchObject({
      ok: false,
      code: 'permission-denied',
      details: { reason: 'not-owner' },
    });
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
    expect(reasonOf(await world.remint('no-such-session'))).toBe('not-owner');
  });

  it('are charged to the day in which they begin [threat:window:midnight]', async () => {
    world.policy = { ...world.policy, minutesPerDay: 2 };
    world.now = Date.parse('2026-11-21T23:59:30Z');
    const late = granted(await world.start());
    expect(seconds(late)).toBe(120);
    expect(reasonOf(await world.start())).toBe('minutes-day');
    world.now = Date.parse('2026-11-22T00:00:00Z');
    expect(seconds(granted(await world.start()))).toBe(120);
  });

  it('shrink to what is left of the quota, and say when there is more [threat:minutes]', async () => {
    world.policy = { ...world.policy, minutesPerDay: 3, minutesPerMonth: 4 };
    granted(await world.start());
    expect(seconds(granted(await world.start()))).toBe(60);
    expect(await world.start()).toMatchObject({
      ok: false,
      details: { reason: 'minutes-day', retryAfterMs: 12 * 3_600_000 },
    });
    world.now = NOON + 24 * 3_600_000;
    expect(seconds(granted(await world.start()))).toBe(60);
    expect(await world.start()).toMatchObject({ ok: false, details: { reason: 'minutes-month' } });
  });

  it('are limited in starts a minute, and not in renewals [threat:wallet:rate]', async () => {
    world.policy = { ...world.policy, sessionsPerMinute: 1 };
    const lease = granted(await world.start());
    expect(await world.start()).toMatchObject({
      ok: false,
      details: { reason: 'rate', retryAfterMs: 60_000 },
    });
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
    world.now = NOON + 60_000;
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('end with the kill switch [threat:wallet:kill-switch]', async () => {
    const lease = granted(await world.start());
    world.config = { v: 1, killSwitch: true, caps: null, alerts: null };
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('kill-switch');
    world.config = { v: 1, killSwitch: false, caps: null, alerts: null };
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
  });
});
