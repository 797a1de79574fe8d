import type { LiveSessionDocument } from '@livegate/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { LivePaths } from '../../functions/src/paths.ts';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import {
  booksOn,
  closeFirestores,
  DAY,
  freshFirestore,
  HOUR_MS,
  LATER,
  seedSessions,
} from './support/books.ts';
import { NOON } from './support/world.ts';

afterEach(closeFirestores);

/** Every document of the books, by path. */
async function everything({
  sessions,
  ops,
  statsShards,
  usages,
}: LivePaths): Promise<Record<string, unknown>> {
  const found = (await sessions.get()).docs;
  const books = await Promise.all(found.map(({ id }) => ops(id).get()));
  const shards = (await statsShards(DAY).get()).docs;
  const months = (await usages.get()).docs;
  const documents = [...found, ...books, ...shards, ...months].map(
    (each) => [each.ref.path, each.data()] as const,
  );
  return Object.fromEntries(documents);
}

describe('a sweep that is stopped', () => {
  const COUNT = 12;
  /** Sessions of two users, two models, two templates and two policies; a day's end lies between them, and a month's. */
  const change = (index: number): Partial<LiveSessionDocument> => ({
    shard: index % 3,
    model: index % 2 ? 'gemini-3.8-live' : 'gemini-2.0-flash-live-001',
    template: index % 4 ? 'support@3' : null,
    policy: index % 3 ? 'default@2' : 'paying@7',
    // Three of a user fall to one commit, of two months and two days.
    uid: index % 4 ? 'alice' : 'b/ob',
    ...(index === 5 ? { createdAt: NOON - 24 * HOUR_MS } : {}),
    ...(index === 7 ? { createdAt: NOON - 30 * 24 * HOUR_MS } : {}),
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
    expect(Object.keys(documents)).toHaveLength(COUNT * 2 + 3 + 3);
    for (let at = 1; at <= commits; at++) {
      for (const when of ['before', 'after'] as const) {
        const again = await swept({ at, when });
        expect(again.documents, `stopped ${when} commit ${at}`).toEqual(documents);
      }
    }
  });
});
