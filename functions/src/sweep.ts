/**
 * Closes books. Bookkeeping only: no mint and no limit waits for it.
 * @module
 */
import { SESSION_SHARDS, SWEEP_LIMIT } from './queries.ts';
import type { Store } from './store.ts';

/** Pages of {@link SWEEP_LIMIT} that one run takes from a shard at most: the next run takes the rest. */
const MOST_PAGES = 10;

/**
 * Closes the books of sessions whose last token was dead at `now`, `limit` of a shard at a time; how many were closed.
 * Doing it twice, or stopping half-way and doing it again, changes nothing that was done.
 */
export async function sweepLiveSessions(
  store: Pick<Store, 'closeBooks'>,
  now: number,
  limit = SWEEP_LIMIT,
): Promise<number> {
  let closed = 0;
  for (let shard = 0; shard < SESSION_SHARDS; shard++) {
    for (let page = 0; page < MOST_PAGES; page++) {
      const books = await store.closeBooks(shard, now, limit);
      closed += books.closed;
      if (books.found < limit) break;
    }
  }
  return closed;
}
