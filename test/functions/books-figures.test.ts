import { randomUUID } from 'node:crypto';
import { LIST_PRICES } from '@livegate/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { deadSession } from '../../functions/src/books-testing.ts';
import type { AlertNotice } from '../../functions/src/hooks.ts';
import { SAMPLE_SHARD } from '../../functions/src/queries.ts';
import { createRefusalCounter, FLUSH_EVERY_MS } from '../../functions/src/refusal-counter.ts';
import { rollUpLiveStats } from '../../functions/src/roll-up.ts';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import {
  type Books,
  booksOn,
  closeFirestores,
  DAY,
  dayIn,
  freshFirestore,
  HOUR_MS,
  LATER,
  seedSessions,
} from './support/books.ts';
import { NOON } from './support/world.ts';

afterEach(closeFirestores);

describe('the figures of a day', () => {
  it('are told apart by model, template and policy, and each session is in each once', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 8, (index) => ({
      model: index < 5 ? 'gemini-3.8-live' : 'gemini-2.0-flash-live-001',
      template: index < 6 ? 'support@3' : index < 7 ? 'support@4' : null,
      policy: index < 2 ? 'paying@1' : 'default@9',
    }));
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(8);
    expect(await rollUpLiveStats(dependencies, LATER)).toBe(1);
    const stats = await dayIn(paths);
    expect(stats).toMatchObject({
      v: 1,
      day: DAY,
      rolledUpAt: LATER,
      all: {
        sessions: 8,
        leasedSeconds: 960,
        reportedSeconds: 800,
        meteredSeconds: 0,
        microUsd: 21_000,
        unpriced: 3,
      },
      usage: { turns: 8, prompt: { AUDIO: 8_000 }, response: { AUDIO: 800 }, total: 8_800 },
      byModel: {
        'gemini-3.8-live': { sessions: 5, microUsd: 21_000, unpriced: 0 },
        'gemini-2.0-flash-live-001': { sessions: 3, microUsd: 0, unpriced: 3 },
      },
      byTemplate: { support: { sessions: 7 }, '-': { sessions: 1 } },
      byTier: { paying: { sessions: 2 }, default: { sessions: 6 } },
      refusals: {},
      alerted: {},
    });
  });

  it('are the same however often they are added up', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 3);
    await sweepLiveSessions(dependencies, LATER);
    await rollUpLiveStats(dependencies, LATER);
    const once = await dayIn(paths);
    await rollUpLiveStats(dependencies, LATER);
    expect(await dayIn(paths)).toEqual(once);
  });

  it('are written for a day in which something was, and for no other', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 2, (index) => ({ createdAt: NOON - index * 48 * HOUR_MS }));
    await sweepLiveSessions(dependencies, LATER);
    expect(await rollUpLiveStats(dependencies, LATER)).toBe(2);
    expect((await dayIn(paths, '2026-11-19'))?.all.sessions).toBe(1);
    expect((await paths.db.collection('liveStats').get()).docs.map(({ id }) => id)).toEqual([
      '2026-11-19',
      DAY,
    ]);
  });

  it('have sessions that were made up in a shard of their own, and say so', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 12, (index) => (index < 3 ? { sample: true } : {}));
    await seedSessions(
      paths,
      1,
      () => ({ createdAt: NOON - 24 * HOUR_MS }),
      () => 'of-yesterday',
    );
    await sweepLiveSessions(dependencies, LATER);
    await rollUpLiveStats(dependencies, LATER);
    const { docs } = await paths.statsShards(DAY).get();
    const sessionsIn = (isSample: boolean): number =>
      docs
        .filter(({ id }) => (id === SAMPLE_SHARD) === isSample)
        .reduce((sum, shard) => sum + shard.get('all.sessions'), 0);
    expect([sessionsIn(true), sessionsIn(false)]).toEqual([3, 9]);
    expect(await dayIn(paths)).toMatchObject({ all: { sessions: 12 }, sample: true });
    expect(await dayIn(paths, '2026-11-20')).not.toHaveProperty('sample');
  });

  it('hold names with dots and names of every object as names', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 2, (index) => ({ shard: 0, template: index ? 'constructor@1' : 'a.b`c@1' }));
    await sweepLiveSessions(dependencies, LATER);
    await rollUpLiveStats(dependencies, LATER);
    const { byTemplate } = (await dayIn(paths)) as { byTemplate: Record<string, { sessions: number }> };
    expect(Object.entries(byTemplate).map(([name, { sessions }]) => [name, sessions])).toEqual(
      expect.arrayContaining([
        ['a.b`c', 1],
        ['constructor', 1],
      ]),
    );
  });

  it('take in a page of more names than one write may add to', async () => {
    const db = freshFirestore();
    const sizes: number[] = [];
    const { dependencies, paths } = booksOn(db, {
      commit: async (batch) => {
        sizes.push((await batch.commit()).length);
      },
    });
    await seedSessions(paths, 150, (index) => ({ shard: 0, template: `template-${index}@1` }));
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(150);
    expect(sizes).toEqual([152, 152]);
    await rollUpLiveStats(dependencies, LATER);
    const stats = await dayIn(paths);
    expect(stats?.all.sessions).toBe(150);
    expect(Object.keys(stats?.byTemplate)).toHaveLength(150);
  });
});

describe('alerts', () => {
  const THRESHOLDS = { usd: 0.01, refusals: null, flaggedSessions: null, mintErrors: 2 };
  const open = (hook?: (alert: AlertNotice) => void) => {
    const told: AlertNotice[] = [];
    const books = booksOn(freshFirestore(), {
      settings: {
        price: async (model) => LIST_PRICES[model] ?? null,
        config: async () => ({ v: 1, killSwitch: false, caps: null, alerts: THRESHOLDS }),
      },
      hooks: {
        onAlert: (alert) => {
          told.push(alert);
          hook?.(alert);
        },
      },
    });
    return { ...books, told };
  };
  const spend = async ({ dependencies, paths }: Books, sessions: number, createdAt = NOON) => {
    const batch = paths.db.batch();
    for (let index = 0; index < sessions; index++)
      batch.set(paths.session(randomUUID()), deadSession({ createdAt }));
    await batch.commit();
    await sweepLiveSessions(dependencies, LATER);
  };

  it('are told once for a threshold and day, to the log and to the team', async () => {
    const books = open();
    await spend(books, 2);
    await rollUpLiveStats(books.dependencies, LATER);
    expect(books.told).toEqual([]);
    await spend(books, 1);
    await rollUpLiveStats(books.dependencies, LATER);
    await spend(books, 1);
    await rollUpLiveStats(books.dependencies, LATER + 1);
    const notice = { kind: 'usd', value: 0.0126, threshold: 0.01, day: DAY };
    expect(books.told).toEqual([notice]);
    expect(books.lines.filter(({ event }) => event === 'alertCrossed')).toEqual([
      { event: 'alertCrossed', fields: notice },
    ]);
    expect((await dayIn(books.paths))?.alerted).toEqual({ usd: LATER });
  });

  it('are told once where two roll-ups run at the same time', async () => {
    const books = open();
    await spend(books, 3);
    await Promise.allSettled([1, 2, 3].map(() => rollUpLiveStats(books.dependencies, LATER)));
    expect(books.told).toHaveLength(1);
  });

  it('are told of the day that just ended, and of none before it', async () => {
    const books = open();
    const lateEvening = Date.parse('2026-11-20T23:50:00Z');
    await spend(books, 3, lateEvening);
    await rollUpLiveStats(books.dependencies, Date.parse('2026-11-21T00:59:59Z'));
    expect(books.told).toMatchObject([{ kind: 'usd', day: '2026-11-20' }]);
    const others = open();
    await spend(others, 3, lateEvening);
    await rollUpLiveStats(others.dependencies, Date.parse('2026-11-21T01:00:01Z'));
    expect(others.told).toEqual([]);
    expect((await dayIn(others.paths, '2026-11-20'))?.all.sessions).toBe(3);
  });

  it('that the team’s own code cannot take in stand in the log all the same', async () => {
    const books = open(() => {
      throw new Error('no');
    });
    await spend(books, 3);
    expect(await rollUpLiveStats(books.dependencies, LATER)).toBe(1);
    expect(books.lines.map(({ event }) => event).slice(-2)).toEqual(['alertCrossed', 'unexpected']);
  });
});

describe('refusals', () => {
  it('are in the figures of the day in which they were told, once', async () => {
    const db = freshFirestore();
    const { dependencies, paths } = booksOn(db);
    const clock = { now: Date.parse('2026-11-20T23:59:30Z') };
    let isBroken = true;
    const counter = createRefusalCounter({
      paths,
      now: () => clock.now,
      log: dependencies.log,
      commit: (batch) => (isBroken ? Promise.reject(new Error('unreachable')) : batch.commit()),
    });
    counter.count('rate');
    clock.now += FLUSH_EVERY_MS;
    counter.count('rate');
    counter.count('upstream-refused');
    await counter.flushIfDue();
    expect(await rollUpLiveStats(dependencies, clock.now)).toBe(0);
    isBroken = false;
    clock.now += FLUSH_EVERY_MS;
    counter.count('rate');
    await counter.flushIfDue();
    clock.now += FLUSH_EVERY_MS;
    await counter.flushIfDue();
    expect(await rollUpLiveStats(dependencies, clock.now)).toBe(2);
    expect((await dayIn(paths, '2026-11-20'))?.refusals).toEqual({ rate: 1 });
    expect((await dayIn(paths))?.refusals).toEqual({ rate: 2, 'upstream-refused': 1 });
  });

  it('take nothing away from what sessions left in the same shard', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 1, () => ({ shard: 0 }));
    await sweepLiveSessions(dependencies, LATER);
    const clock = { now: NOON };
    const counter = createRefusalCounter({
      paths,
      now: () => clock.now,
      log: dependencies.log,
      random: () => 0,
    });
    counter.count('blocked');
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    await rollUpLiveStats(dependencies, LATER);
    expect((await paths.statsShards(DAY).get()).size).toBe(1);
    expect(await dayIn(paths)).toMatchObject({
      all: { sessions: 1 },
      byModel: { 'gemini-3.8-live': { sessions: 1 } },
      refusals: { blocked: 1 },
    });
  });
});
