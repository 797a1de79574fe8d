/**
 * Closes books. Bookkeeping only: no mint and no limit waits for it.
 * @module
 */
import { SESSION_SHARDS, SWEEP_LIMIT } from './queries.ts';
import type { Store } from './store.ts';

/**
 * Closes the books of sessions whose last token was dead at `now`, at most `limit` in each shard; how many were
 * closed. Doing it twice changes nothing, and what is left over is taken by the next run.
 */
export async function sweepLiveSessions(store: Store, now: number, limit = SWEEP_LIMIT): Promise<number> {
  let closed = 0;
  for (let shard = 0; shard < SESSION_SHARDS; shard++) closed += await store.closeBooks(shard, now, limit);
  return closed;
}
