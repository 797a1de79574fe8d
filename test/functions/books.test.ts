import { LIST_PRICES, NO_USAGE } from '@livegate/protocol';
import { DocumentReference, Firestore, Query, Timestamp, WriteBatch } from 'firebase-admin/firestore';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BooksDependencies } from '../../functions/src/books-store.ts';
import { TALK } from '../../functions/src/books-testing.ts';
import { rollUpLiveStats } from '../../functions/src/roll-up.ts';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import {
  booksOn,
  closeFirestores,
  DAY,
  dayIn,
  freshFirestore,
  HOUR_MS,
  LATER,
  opsIn,
  seedSessions,
  sessionIn,
} from './support/books.ts';
import { createWorld, granted, NOON, reportOf, type World } from './support/world.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await closeFirestores();
});

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

  it('cost 1 read and 2 writes for each, and for a page 1 write and 1 for each of its users', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 50, (index) => ({ shard: 5, uid: `user-${index % 7}` }));
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
    expect(counts).toEqual({ reads: 50, writes: 100 + 1 + 7 });
    expect([one.mock.calls.length, many.mock.calls.length]).toEqual([0, 0]);
  });

  it('are purged with the session', async () => {
    const purgeAt = Timestamp.fromMillis(NOON + 7 * 24 * HOUR_MS);
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 1, () => ({ purgeAt }));
    await sweepLiveSessions(dependencies, LATER);
    expect((await opsIn(paths, 'session-0')).purgeAt.toMillis()).toBe(purgeAt.toMillis());
  });
});
