import { randomUUID } from 'node:crypto';
import { LIST_PRICES, type LiveOpsDocument, type LiveSessionDocument, NO_USAGE } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import {
  DocumentReference,
  Firestore,
  getFirestore,
  Query,
  Timestamp,
  WriteBatch,
} from 'firebase-admin/firestore';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { settleSessions } from '../../functions/src/books-settled.ts';
import type { BooksDependencies } from '../../functions/src/books-store.ts';
import { deadSession, TALK } from '../../functions/src/books-testing.ts';
import type { AlertNotice } from '../../functions/src/hooks.ts';
import { type LivePaths, livePaths } from '../../functions/src/paths.ts';
import { createRefusalCounter, FLUSH_EVERY_MS } from '../../functions/src/refusal-counter.ts';
import { rollUpLiveStats } from '../../functions/src/roll-up.ts';
import { shardOf } from '../../functions/src/session-document.ts';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import { useStack } from '../support/stack.ts';
import { createWorld, granted, NOON, reportOf, type World } from './support/world.ts';

const DAY = '2026-11-21';
const HOUR_MS = 3_600_000;
const LATER = NOON + HOUR_MS;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

/** A project nobody else writes to: figures are exact. */
function freshFirestore(): Firestore {
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  const app = initializeApp({ projectId: `demo-books-${randomUUID().slice(0, 8)}` }, randomUUID());
  closing.push(() => deleteApp(app));
  return getFirestore(app);
}

interface Books {
  readonly paths: LivePaths;
  readonly dependencies: BooksDependencies;
  readonly lines: readonly { readonly event: string; readonly fields: unknown }[];
}

/** The books on `db`, with a log that is kept. */
function booksOn(db: Firestore, changes: Partial<BooksDependencies> = {}): Books {
  const paths = livePaths(db);
  const lines: { event: string; fields: unknown }[] = [];
  return {
    paths,
    lines,
    dependencies: {
      paths,
      settings: { price: async (model) => LIST_PRICES[model] ?? null, config: async () => null },
      hooks: {},
      log: {
        booksClosed: (fields) => lines.push({ event: 'booksClosed', fields }),
        alertCrossed: (fields) => lines.push({ event: 'alertCrossed', fields }),
        settleFailed: (fields) => lines.push({ event: 'settleFailed', fields }),
        unexpected: (error, doing) => lines.push({ event: 'unexpected', fields: `${doing}: ${error}` }),
      },
      ...changes,
    },
  };
}

/** Puts `count` dead sessions there, spread over the shards by their ids, as handlers do it. */
async function seedSessions(
  paths: LivePaths,
  count: number,
  change: (index: number) => Partial<LiveSessionDocument> = () => ({}),
  name = (index: number) => `session-${index}`,
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => name(index));
  const batch = paths.db.batch();
  ids.forEach((id, index) => {
    batch.set(paths.session(id), deadSession({ shard: shardOf(id), ...change(index) }));
  });
  await batch.commit();
  return ids;
}

const sessionIn = async (paths: LivePaths, id: string) =>
  (await paths.session(id).get()).data() as LiveSessionDocument;
const opsIn = async (paths: LivePaths, id: string) => (await paths.ops(id).get()).data() as LiveOpsDocument;
const dayIn = async (paths: LivePaths, day = DAY) => (await paths.statsDay(day).get()).data();

/** Every document of the books, by path. */
async function everything({ db, sessions, ops, statsShards }: LivePaths): Promise<Record<string, unknown>> {
  const found = (await sessions.get()).docs;
  const books = await Promise.all(found.map(({ id }) => ops(id).get()));
  const shards = (await statsShards(DAY).get()).docs;
  const documents = [...found, ...books, ...shards].map((each) => [each.ref.path, each.data()] as const);
  expect(db).toBeDefined();
  return Object.fromEntries(documents);
}

describe('the books of a session', () => {
  let world: World;
  const open = (options: Parameters<typeof createWorld>[0] = {}) => {
    world = createWorld({ firestore: freshFirestore(), ...options });
    world.prices = LIST_PRICES;
    return world;
  };
  const booksOf = (changes: Partial<BooksDependencies> = {}) =>
    booksOn(world.db, {
      settings: {
        price: async (model) => world.prices[model] ?? null,
        config: async () => world.config,
      },
      ...changes,
    });

  it('close with its cost by modality once its last token is dead, and not before', async () => {
    open();
    const lease = granted(await world.start());
    const totals = {
      ...NO_USAGE,
      turns: 2,
      prompt: { AUDIO: 1_000, TEXT: 100 },
      response: { AUDIO: 200 },
      thoughts: 50,
      total: 1_300,
    };
    granted(await world.report(reportOf(lease, { seconds: 100, totals })));
    const { dependencies, paths } = booksOf();
    expect(await sweepLiveSessions(dependencies, lease.expiresAt - 1)).toBe(0);
    expect((await sessionIn(paths, lease.sessionId)).open).toBe(true);
    expect((await paths.ops(lease.sessionId).get()).exists).toBe(false);

    expect(await sweepLiveSessions(dependencies, lease.expiresAt)).toBe(1);
    expect(await sessionIn(paths, lease.sessionId)).toMatchObject({
      open: false,
      state: 'expired',
      endedAt: lease.expiresAt,
    });
    expect(await opsIn(paths, lease.sessionId)).toMatchObject({
      flags: [],
      policy: 'default@1',
      closedAt: lease.expiresAt,
      cost: {
        microUsd: 5_700,
        parts: { 'prompt.AUDIO': 3_000, 'prompt.TEXT': 75, 'response.AUDIO': 2_400, thoughts: 225 },
        unpriced: [],
        asOf: DAY,
      },
    });
  });

  it('say unpriced for a model without a price, and for one modality without one', async () => {
    open({ policy: { models: ['gemini-3.8-live', 'gemini-2.0-flash-live-001'] } });
    const unknown = granted(await world.start({ model: 'gemini-2.0-flash-live-001' }));
    granted(await world.report(reportOf(unknown, { totals: TALK })));
    const partly = granted(await world.start());
    granted(
      await world.report(reportOf(partly, { totals: { ...TALK, response: { AUDIO: 100, OTHER: 7 } } })),
    );
    const { dependencies, paths } = booksOf();
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(2);
    expect((await opsIn(paths, unknown.sessionId)).cost).toEqual({
      microUsd: null,
      pricedMicroUsd: 0,
      parts: {},
      unpriced: ['prompt.AUDIO', 'response.AUDIO'],
      asOf: null,
    });
    expect((await opsIn(paths, partly.sessionId)).cost).toMatchObject({
      microUsd: null,
      pricedMicroUsd: 4_200,
      unpriced: ['response.OTHER'],
    });
    expect(await rollUpLiveStats(dependencies, LATER)).toBe(1);
    expect((await dayIn(paths))?.all).toMatchObject({ sessions: 2, unpriced: 2, microUsd: 4_200 });
  });

  it('flag a long session that reported next to nothing, and not one that reported', async () => {
    open();
    const talk = async (seconds: number) => {
      world.now = NOON;
      const lease = granted(await world.start());
      world.now = lease.renewAfter;
      const second = granted(await world.renew(lease.sessionId));
      world.now = second.renewAfter;
      granted(await world.renew(lease.sessionId));
      granted(await world.report(reportOf(lease, { seconds })));
      return lease.sessionId;
    };
    const silent = await talk(1);
    const honest = await talk(250);
    const { dependencies, paths } = booksOf();
    await sweepLiveSessions(dependencies, LATER);
    expect((await opsIn(paths, silent)).flags).toEqual(['under-reported']);
    expect((await opsIn(paths, honest)).flags).toEqual([]);
    await rollUpLiveStats(dependencies, LATER);
    expect((await dayIn(paths))?.all).toMatchObject({ sessions: 2, flagged: 1 });
  });

  it('stay open for a session that was renewed while they were to be closed; the others close', async () => {
    const db = freshFirestore();
    const { paths } = booksOn(db);
    const ids = await seedSessions(paths, 5, () => ({ shard: 2 }));
    const renewed = ids[3] ?? '';
    let commits = 0;
    const { dependencies } = booksOn(db, {
      commit: async (batch) => {
        commits += 1;
        if (commits === 1) await paths.session(renewed).update({ deadAt: LATER + 600_000 });
        return batch.commit();
      },
    });
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(4);
    expect((await sessionIn(paths, renewed)).open).toBe(true);
    expect((await paths.ops(renewed).get()).exists).toBe(false);
    await rollUpLiveStats(dependencies, LATER);
    expect((await dayIn(paths))?.all.sessions).toBe(4);
    expect(await sweepLiveSessions(dependencies, LATER + 600_000)).toBe(1);
    await rollUpLiveStats(dependencies, LATER + 600_000);
    expect((await dayIn(paths))?.all.sessions).toBe(5);
  });

  it('close for all others where one document cannot be read or one was deleted meanwhile', async () => {
    const db = freshFirestore();
    const { paths } = booksOn(db);
    const ids = await seedSessions(paths, 4, () => ({ shard: 2 }));
    await paths.session('session-0').update({ leases: null });
    const { dependencies, lines } = booksOn(db, {
      commit: async (batch) => {
        await paths.session('session-1').delete();
        return batch.commit();
      },
    });
    // A page of one: what cannot be closed must not hold up what comes after it.
    expect(await sweepLiveSessions(dependencies, LATER, 1)).toBe(2);
    expect(lines.filter(({ event }) => event === 'unexpected')).toHaveLength(1);
    expect(await Promise.all(ids.slice(2).map(async (id) => (await sessionIn(paths, id)).open))).toEqual([
      false,
      false,
    ]);
  });

  it('close in the other shards where the commit of one fails', async () => {
    const db = freshFirestore();
    let commits = 0;
    const { dependencies, paths, lines } = booksOn(db, {
      commit: async (batch) => {
        commits += 1;
        if (commits === 1) throw new Error('unreachable');
        return batch.commit();
      },
    });
    await seedSessions(paths, 3, (index) => ({ shard: index }));
    await expect(sweepLiveSessions(dependencies, LATER)).rejects.toThrow(AggregateError);
    expect(lines.map(({ event }) => event)).toEqual(['unexpected', 'booksClosed']);
    expect(lines.at(-1)?.fields).toEqual({ closed: 2 });
    expect((await sessionIn(paths, 'session-0')).open).toBe(true);
    expect((await sessionIn(paths, 'session-2')).open).toBe(false);
  });

  it('close once where two sweeps run at the same time', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 30, () => ({ shard: 4 }));
    await Promise.allSettled([1, 2, 3].map(() => sweepLiveSessions(dependencies, LATER, 10)));
    await sweepLiveSessions(dependencies, LATER);
    await rollUpLiveStats(dependencies, LATER);
    expect((await dayIn(paths))?.all).toMatchObject({ sessions: 30, leasedSeconds: 3_600 });
  });

  it('wait where a price cannot be looked up: that is not "unpriced"', async () => {
    const db = freshFirestore();
    const price = vi.fn(async () => {
      if (price.mock.calls.length === 1) throw new Error('unreachable');
      return LIST_PRICES['gemini-3.8-live'] ?? null;
    });
    const { dependencies, paths } = booksOn(db, { settings: { price, config: async () => null } });
    await seedSessions(paths, 1);
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(0);
    expect((await sessionIn(paths, 'session-0')).open).toBe(true);
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(1);
    expect((await opsIn(paths, 'session-0')).cost.microUsd).toBe(4_200);
  });

  it('close and count for a user who is being erased, and say nothing of erasure', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 1, () => ({ erased: true, state: 'revoked', stopReason: 'erased' }));
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(1);
    expect(await sessionIn(paths, 'session-0')).toMatchObject({
      open: false,
      state: 'revoked',
      erased: true,
    });
    await rollUpLiveStats(dependencies, LATER);
    expect((await dayIn(paths))?.all.sessions).toBe(1);
  });

  it('cost 1 read and 2 writes for each, and 1 write for a page', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 50, () => ({ shard: 5 }));
    const counts = { reads: 0, writes: 0 };
    const get = Query.prototype.get;
    vi.spyOn(Query.prototype, 'get').mockImplementation(async function (this: Query, ...args) {
      const result = await get.apply(this, args);
      counts.reads += result.size;
      return result;
    });
    const one = vi.spyOn(DocumentReference.prototype, 'get');
    const many = vi.spyOn(Firestore.prototype, 'getAll');
    const writes = [vi.spyOn(WriteBatch.prototype, 'set'), vi.spyOn(WriteBatch.prototype, 'update')];
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(50);
    counts.writes = writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    expect(counts).toEqual({ reads: 50, writes: 101 });
    expect([one.mock.calls.length, many.mock.calls.length]).toEqual([0, 0]);
  });
});

describe('a sweep that is stopped', () => {
  const COUNT = 12;
  /** Sessions of two models, two templates and two policies; a day's end lies between them. */
  const change = (index: number): Partial<LiveSessionDocument> => ({
    shard: index % 3,
    model: index % 2 ? 'gemini-3.8-live' : 'gemini-2.0-flash-live-001',
    template: index % 4 ? 'support@3' : null,
    policy: index % 3 ? 'default@2' : 'paying@7',
    ...(index === 5 ? { createdAt: NOON - 24 * HOUR_MS } : {}),
  });
  const swept = async (fail: { readonly at: number; readonly when: 'before' | 'after' } | null) => {
    const db = freshFirestore();
    const { paths } = booksOn(db);
    await seedSessions(paths, COUNT, change);
    let commits = 0;
    let isDead = false;
    const { dependencies } = booksOn(db, {
      commit: async (batch) => {
        commits += 1;
        if (isDead) throw new Error('this instance is gone');
        isDead = commits === fail?.at;
        if (isDead && fail?.when === 'before') throw new Error('it stopped before');
        await batch.commit();
        if (isDead) throw new Error('it stopped before it knew');
      },
    });
    if (fail) {
      await expect(sweepLiveSessions(dependencies, LATER, 2)).rejects.toThrow(AggregateError);
      isDead = false;
      commits = Number.NEGATIVE_INFINITY;
    }
    await sweepLiveSessions(dependencies, LATER, 2);
    expect(await sweepLiveSessions(dependencies, LATER, 2)).toBe(0);
    return { commits, documents: await everything(paths) };
  };

  it('at any commit, and is run again, leaves the documents of one that was not', async () => {
    const { commits, documents } = await swept(null);
    expect(commits).toBe(6);
    expect(Object.keys(documents)).toHaveLength(COUNT * 2 + 3);
    for (let at = 1; at <= commits; at++) {
      for (const when of ['before', 'after'] as const) {
        const again = await swept({ at, when });
        expect(again.documents, `stopped ${when} commit ${at}`).toEqual(documents);
      }
    }
  });
});

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
    expect(sizes).toEqual([151, 151]);
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

describe('a team that is told of closed books', () => {
  const told = async (books: Books) => {
    const keys: string[] = [];
    await settleSessions(books.dependencies, (_, key) => {
      keys.push(key);
    });
    return keys;
  };
  const open = async (count: number, changes: Partial<BooksDependencies> = {}) => {
    const books = booksOn(freshFirestore(), { hooks: { onSettled: () => undefined }, ...changes });
    const ids = await seedSessions(books.paths, count);
    await sweepLiveSessions(books.dependencies, LATER);
    return { books, ids };
  };

  it('hears of each session, with its cost and its id as key, and then no more', async () => {
    const { books, ids } = await open(3);
    const heard: unknown[] = [];
    const outcome = await settleSessions(books.dependencies, ({ sessionId, session, cost }, key) => {
      heard.push([sessionId, key, session.state, cost?.microUsd]);
    });
    expect(outcome).toEqual({ told: 3, failed: 0 });
    expect(heard.sort()).toEqual(ids.map((id) => [id, id, 'expired', 4_200]));
    expect(await sessionIn(books.paths, ids[0] ?? '')).not.toHaveProperty('unsettled');
    expect(await told(books)).toEqual([]);
  });

  it('hears nothing of sessions that closed while it did not ask', async () => {
    const { books, ids } = await open(1, { hooks: {} });
    expect(await sessionIn(books.paths, ids[0] ?? '')).not.toHaveProperty('unsettled');
    expect(await told(books)).toEqual([]);
  });

  it('hears again of a session at which it failed or took too long; of the others once', async () => {
    const { books } = await open(4, { tellLimitMs: 50 });
    const outcome = await settleSessions(books.dependencies, (_, key) => {
      if (key === 'session-1') throw new Error('no');
      return key === 'session-2' ? new Promise<void>(() => undefined) : undefined;
    });
    expect(outcome).toEqual({ told: 2, failed: 2 });
    expect(books.lines.filter(({ event }) => event === 'settleFailed').map(({ fields }) => fields)).toEqual(
      expect.arrayContaining([{ sessionId: 'session-1' }, { sessionId: 'session-2' }]),
    );
    expect((await told(books)).sort()).toEqual(['session-1', 'session-2']);
    expect(await told(books)).toEqual([]);
  });

  it('hears of each once, wherever among the ids a run begins', async () => {
    for (const random of [0, 0.5, 0.999]) {
      const books = booksOn(freshFirestore(), {
        hooks: { onSettled: () => undefined },
        random: () => random,
      });
      const name = (index: number) => `${'09AMZamz'.charAt(index % 8)}-${index}`;
      const ids = await seedSessions(books.paths, 120, undefined, name);
      await sweepLiveSessions(books.dependencies, LATER);
      expect((await told(books)).sort()).toEqual([...ids].sort());
    }
  });

  it('hears of no more than a run may tell, and of the rest at the next', async () => {
    const { books, ids } = await open(5);
    const hook = vi.fn();
    expect(await settleSessions(books.dependencies, hook, 3)).toEqual({ told: 3, failed: 0 });
    expect(await settleSessions(books.dependencies, hook, 3)).toEqual({ told: 2, failed: 0 });
    expect(new Set(hook.mock.calls.map(([, key]) => key))).toEqual(new Set(ids));
  });

  it('hears of every session of many pages, though some of the first always fail', async () => {
    const { books, ids } = await open(230, { random: () => 0 });
    const heard = new Set<string>();
    const outcome = await settleSessions(books.dependencies, (_, key) => {
      heard.add(key);
      if (key < 'session-15') throw new Error('no');
    });
    expect(heard).toEqual(new Set(ids));
    const failing = ids.filter((id) => id < 'session-15').length;
    expect(outcome).toEqual({ told: 230 - failing, failed: failing });
  });

  it('is not asked on and on where it always fails', async () => {
    const { books } = await open(120);
    const outcome = await settleSessions(books.dependencies, () => {
      throw new Error('no');
    });
    expect(outcome).toEqual({ told: 0, failed: 100 });
  });

  it('hears of a session that is deleted meanwhile, which holds up nothing', async () => {
    const { books } = await open(2);
    const outcome = await settleSessions(books.dependencies, async (_, key) => {
      if (key === 'session-0') await books.paths.session(key).delete();
    });
    expect(outcome).toEqual({ told: 2, failed: 0 });
    expect((await books.paths.session('session-0').get()).exists).toBe(false);
  });
});

describe('a purge time', () => {
  it('of the books is that of the session', async () => {
    const purgeAt = Timestamp.fromMillis(NOON + 7 * 24 * HOUR_MS);
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 1, () => ({ purgeAt }));
    await sweepLiveSessions(dependencies, LATER);
    expect((await opsIn(paths, 'session-0')).purgeAt.toMillis()).toBe(purgeAt.toMillis());
  });
});
