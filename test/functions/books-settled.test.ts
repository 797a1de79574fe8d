import { afterEach, describe, expect, it, vi } from 'vitest';
import { settleSessions } from '../../functions/src/books-settled.ts';
import type { BooksDependencies } from '../../functions/src/books-store.ts';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import {
  type Books,
  booksOn,
  closeFirestores,
  freshFirestore,
  LATER,
  seedSessions,
  sessionIn,
} from './support/books.ts';

afterEach(closeFirestores);

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
