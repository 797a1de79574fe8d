import { describe, expect, it, vi } from 'vitest';
import { deadSession, NOON } from '../functions/src/books-testing.ts';
import { shardOf } from '../functions/src/session-document.ts';
import { type Bookkeeper, createBookkeeper } from './bookkeeper.ts';
import { createMemoryStore, type Gate } from './memory/memory-firestore.ts';

/** A bookkeeper on documents in memory, with the time in the test's hand. */
function keeping({ gate }: { readonly gate?: Gate } = {}) {
  const store = createMemoryStore();
  const db = store.open();
  const wakes: (() => void)[] = [];
  const lines: string[] = [];
  const books = {
    store,
    lines,
    /** How many runs wait for their time. */
    get waiting() {
      return wakes.length;
    },
    wake: () => wakes.splice(0).forEach((wake) => void wake()),
    addSession: (id: string) => db.doc(`liveSessions/${id}`).set(deadSession({ shard: shardOf(id) })),
    isOpen: (id: string) => store.dump()[`liveSessions/${id}`]?.open,
    begin: (): Bookkeeper =>
      createBookkeeper({
        db: store.open(gate),
        log: (severity, message) => void lines.push(`${severity} ${message}`),
        now: () => NOON + 3_600_000,
        after: (_, wake) => {
          wakes.push(wake);
          return () => void wakes.splice(wakes.indexOf(wake), wakes.includes(wake) ? 1 : 0);
        },
      }),
  };
  return books;
}

describe('createBookkeeper', () => {
  it('closes books and adds up their day at once, and again when its time has come', async () => {
    const books = keeping();
    await books.addSession('first');
    const keeper = books.begin();
    await vi.waitFor(() => expect(books.waiting).toBe(1));
    expect(books.isOpen('first')).toBe(false);
    expect(books.store.dump()['liveStats/2026-11-21']).toMatchObject({ all: { sessions: 1 } });
    await books.addSession('second');
    books.wake();
    await vi.waitFor(() => expect(books.waiting).toBe(1));
    expect(books.isOpen('second')).toBe(false);
    expect(books.store.dump()['liveStats/2026-11-21']).toMatchObject({ all: { sessions: 2 } });
    await keeper.stop();
  });

  it('never overlaps itself, however often it is asked', async () => {
    let atOnce = 0;
    let most = 0;
    const books = keeping({
      gate: (call) => {
        if (call === 'commit') most = Math.max(most, ++atOnce);
        if (call === 'committed') atOnce -= 1;
      },
    });
    await Promise.all(['a', 'b', 'c'].map(books.addSession));
    const keeper = books.begin();
    await Promise.all([keeper.runNow(), keeper.runNow(), keeper.runNow()]);
    expect(most).toBe(1);
    expect(books.store.dump()['liveStats/2026-11-21']).toMatchObject({ all: { sessions: 3 } });
    expect(books.waiting).toBe(1);
    await keeper.stop();
  });

  it('goes on after a run that failed, and says so', async () => {
    let fails = true;
    const books = keeping({
      gate: () => {
        if (fails) throw new Error('unreachable');
      },
    });
    await books.addSession('first');
    const keeper = books.begin();
    await keeper.runNow();
    expect(books.lines).toContain('ERROR keeping the books failed');
    expect(books.isOpen('first')).toBe(true);
    fails = false;
    await keeper.runNow();
    expect(books.isOpen('first')).toBe(false);
    await keeper.stop();
  });

  it('does nothing any more once it is stopped', async () => {
    const books = keeping();
    const keeper = books.begin();
    await keeper.runNow();
    await keeper.stop();
    expect(books.waiting).toBe(0);
    await books.addSession('late');
    await keeper.runNow();
    expect(books.isOpen('late')).toBe(true);
    expect(books.waiting).toBe(0);
  });
});
