import { LIST_PRICES, NO_USAGE, type QuotaAnswer, type UsageTotals } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, granted, NOON, reasonOf, reportOf, type World } from './support/world.ts';

const usage = (audio: number): UsageTotals => ({
  ...NO_USAGE,
  turns: 1,
  prompt: { AUDIO: audio },
  total: audio,
});

describe('getLiveQuota', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ policy: { minutesPerDay: 10, minutesPerMonth: 100, concurrentSessions: 2 } });
  });
  afterEach(() => world.close());

  it('tells a user nobody has seen what the policy gives, and writes nothing', async () => {
    expect(granted(await world.quota())).toEqual({
      v: 1,
      serverTime: NOON,
      policy: 'default',
      day: { usedSeconds: 0, limitSeconds: 600, resetsAt: Date.parse('2026-11-22T00:00:00Z') },
      month: { usedSeconds: 0, limitSeconds: 6_000, resetsAt: Date.parse('2026-12-01T00:00:00Z') },
      sessions: { live: 0, limit: 2 },
      blocked: false,
    } satisfies QuotaAnswer);
    expect((await world.paths.quota(world.caller.uid).get()).exists).toBe(false);
  });

  it('tells what is charged, and counts sessions by their live tokens', async () => {
    const lease = granted(await world.start());
    granted(await world.remint(lease.sessionId));
    expect(granted(await world.quota())).toMatchObject({
      day: { usedSeconds: 240 },
      sessions: { live: 1 },
    });
    world.now = lease.expiresAt;
    expect(granted(await world.quota())).toMatchObject({ day: { usedSeconds: 240 }, sessions: { live: 0 } });
    world.now = NOON + 12 * 3_600_000;
    expect(granted(await world.quota())).toMatchObject({
      day: { usedSeconds: 0 },
      month: { usedSeconds: 240 },
    });
  });

  it('refuses a request of another shape or version', async () => {
    expect(reasonOf(await world.quota({ v: 1, nonsense: 1 }))).toBe('invalid');
    expect(reasonOf(await world.quota({ v: 9 }))).toBe('client-outdated');
  });
});

describe('what pages report in a day', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ policy: { reportedPerDay: { tokens: 1_000, usd: null } } });
  });
  afterEach(() => world.close());

  it('ends the leases of the day once it is as much as the policy allows', async () => {
    const lease = granted(await world.start());
    granted(await world.report(reportOf(lease, { seq: 1, totals: usage(999) })));
    expect(reasonOf(await world.start())).toBe('granted');
    granted(await world.report(reportOf(lease, { seq: 2, totals: usage(1_000) })));
    expect(await world.start()).toMatchObject({
      code: 'resource-exhausted',
      details: { reason: 'spend-day', retryAfterMs: 12 * 3_600_000 },
    });
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('spend-day');
    world.now = NOON + 12 * 3_600_000;
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('counts by money where the policy bounds that, and only what has a price', async () => {
    world.policy = { ...world.policy, reportedPerDay: { tokens: null, usd: 0.003 } };
    const lease = granted(await world.start());
    // 3 USD for a million tokens of audio: 1,000 of them are 0.003.
    granted(await world.report(reportOf(lease, { seq: 1, totals: usage(1_000) })));
    expect(reasonOf(await world.start())).toBe('granted');
    world.prices = LIST_PRICES;
    granted(await world.report(reportOf(lease, { seq: 2, totals: usage(2_000) })));
    expect(reasonOf(await world.start())).toBe('spend-day');
  });

  it('is not taken back by a report that tells less, nor counted twice by one that is sent again', async () => {
    const lease = granted(await world.start());
    granted(await world.report(reportOf(lease, { seq: 1, totals: usage(600) })));
    granted(await world.report(reportOf(lease, { seq: 1, totals: usage(600) })));
    granted(await world.report(reportOf(lease, { seq: 2, totals: usage(0) })));
    const { reported } = (await world.paths.quota(world.caller.uid).get()).data() ?? {};
    expect(reported).toMatchObject({ tokens: 600 });
  });

  it('costs a report nothing where no policy bounds it', async () => {
    const lease = granted(await world.start());
    world.countAnew();
    granted(await world.report(reportOf(lease, { seq: 1, totals: usage(1) })));
    expect(world.counts).toEqual({ reads: 2, writes: 2 });
    world.policy = { ...world.policy, reportedPerDay: { tokens: null, usd: null } };
    world.countAnew();
    granted(await world.report(reportOf(lease, { seq: 2, totals: usage(2) })));
    expect(world.counts).toEqual({ reads: 1, writes: 1 });
  });
});

describe('a flood of reports', () => {
  it('is stopped before anything is read', async () => {
    const world = createWorld();
    try {
      const lease = granted(await world.start());
      for (let seq = 1; seq <= 60; seq++) granted(await world.report(reportOf(lease, { seq })));
      world.countAnew();
      expect(await world.report(reportOf(lease, { seq: 61 }))).toMatchObject({
        details: { reason: 'rate', retryAfterMs: 1_000 },
      });
      expect(world.counts).toEqual({ reads: 0, writes: 0 });
      world.now += 1_000;
      expect(reasonOf(await world.report(reportOf(lease, { seq: 61 })))).toBe('granted');
    } finally {
      await world.close();
    }
  });
});
