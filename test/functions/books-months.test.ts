import { Timestamp } from 'firebase-admin/firestore';
import { afterEach, describe, expect, it } from 'vitest';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import {
  booksOn,
  closeFirestores,
  freshFirestore,
  HOUR_MS,
  LATER,
  MONTH,
  seedSessions,
  sessionIn,
  usageIn,
} from './support/books.ts';
import { NOON } from './support/world.ts';

afterEach(closeFirestores);

describe("a user's month", () => {
  it('adds up what their sessions that began in it leased, told and cost, each once', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    await seedSessions(paths, 9, (index) => ({
      uid: index < 6 ? 'alice' : 'bob',
      ...(index === 0 ? { createdAt: NOON - 30 * 24 * HOUR_MS } : {}),
      ...(index === 1 ? { model: 'gemini-2.0-flash-live-001' } : {}),
    }));
    expect(await sweepLiveSessions(dependencies, LATER, 2)).toBe(9);
    expect(await sweepLiveSessions(dependencies, LATER, 2)).toBe(0);
    expect(await usageIn(paths)).toEqual({
      v: 1,
      uid: 'alice',
      month: MONTH,
      sessions: 5,
      leasedSeconds: 600,
      reportedSeconds: 500,
      meteredSeconds: 0,
      microUsd: 4 * 4_200,
      unpriced: 1,
      flagged: 0,
      failed: 0,
      closedAt: LATER,
      purgeAt: Timestamp.fromDate(new Date('2028-01-01T00:00:00Z')),
    });
    expect(await usageIn(paths, 'alice', '2026-10')).toMatchObject({ sessions: 1, leasedSeconds: 120 });
    expect(await usageIn(paths, 'bob')).toMatchObject({ sessions: 3, microUsd: 12_600 });
    expect((await paths.usages.get()).size).toBe(3);
  });

  it('is one document for any uid, and for no two', async () => {
    const { dependencies, paths } = booksOn(freshFirestore());
    const uids = ['a/b', '..', '__name__', 'ä@b.c', 'a%2Fb'];
    await seedSessions(paths, uids.length, (index) => ({ uid: uids[index] ?? '' }));
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(uids.length);
    const { docs } = await paths.usages.get();
    expect(docs.map((each) => each.data().uid).sort()).toEqual([...uids].sort());
    for (const uid of uids) expect(await usageIn(paths, uid)).toMatchObject({ uid, sessions: 1 });
  });

  it('has nothing of a session that was renewed or erased meanwhile, and all of the others', async () => {
    const db = freshFirestore();
    const { paths } = booksOn(db);
    const [renewed = '', erased = ''] = await seedSessions(paths, 5, () => ({ shard: 2 }));
    let commits = 0;
    const { dependencies } = booksOn(db, {
      commit: async (batch) => {
        commits += 1;
        if (commits === 1) {
          await paths.session(renewed).update({ deadAt: LATER + 600_000 });
          await paths.session(erased).update({ erased: true });
        }
        return batch.commit();
      },
    });
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(3);
    expect(await usageIn(paths)).toMatchObject({ sessions: 3 });
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(1);
    expect((await sessionIn(paths, erased)).open).toBe(false);
    expect(await usageIn(paths)).toMatchObject({ sessions: 3 });
  });

  it('is written for a page of many users in batches of at most 500 documents', async () => {
    const sizes: number[] = [];
    const { dependencies, paths } = booksOn(freshFirestore(), {
      commit: async (batch) => {
        sizes.push((await batch.commit()).length);
      },
    });
    await seedSessions(paths, 200, (index) => ({ shard: 0, uid: `user-${index}` }));
    expect(await sweepLiveSessions(dependencies, LATER)).toBe(200);
    expect(sizes).toEqual([301, 301]);
    expect((await paths.usages.get()).size).toBe(200);
  });
});
