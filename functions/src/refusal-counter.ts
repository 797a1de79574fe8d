/**
 * Counts refusals. A refused mint writes nothing; what was refused is told to the day's figures now and then.
 * @module
 */
import type { RefusalReason } from '@livegate/protocol';
import type { WriteBatch } from 'firebase-admin/firestore';
import type { BatchCommitter, BooksLog } from './books-store.ts';
import type { LivePaths } from './paths.ts';
import { SESSION_SHARDS } from './queries.ts';
import { dayOf } from './quota-window.ts';
import { incrementsOf } from './stats-increments.ts';

/** An instance writes its counts at most once in this time, in ms. */
export const FLUSH_EVERY_MS = 60_000;
/** Days of counts that are held while they cannot be written; of more the oldest are forgotten. */
const MOST_DAYS = 3;

/** What a counter works with. `random` answers 0 ≤ x < 1; `now` epoch ms. */
export interface RefusalCounterDependencies {
  readonly paths: LivePaths;
  readonly now: () => number;
  readonly log: Pick<BooksLog, 'unexpected'>;
  readonly random?: () => number;
  readonly commit?: BatchCommitter;
}

/** Counts the refusals of one instance. */
export interface RefusalCounter {
  /** Notes a refusal, in memory. */
  count(reason: RefusalReason): void;
  /**
   * Writes what was counted into a random stats shard of its day, where {@link FLUSH_EVERY_MS} have passed since the
   * last attempt and since the first refusal after it. Never rejects: counts that could not be written stay, and the
   * next attempt takes them along.
   */
  flushIfDue(now?: number): Promise<void>;
}

/** Day → reason → how often. */
type Counts = Map<string, Map<RefusalReason, number>>;

/**
 * A {@link RefusalCounter}. One flush runs at a time. An instance that dies may take a minute of counts with it, or
 * more where nobody asks it anything after its last refusals; a commit that went through without saying so is written
 * twice. The counts are for people to look at: nothing is decided by them but an alert.
 */
export function createRefusalCounter({
  paths,
  now: clock,
  log,
  random = Math.random,
  commit = (batch: WriteBatch) => batch.commit(),
}: RefusalCounterDependencies): RefusalCounter {
  let counts: Counts = new Map();
  /** From when on the minute runs. */
  let since = 0;
  let isFlushing = false;

  const write = async (taken: Counts): Promise<void> => {
    const shard = Math.min(SESSION_SHARDS - 1, Math.floor(random() * SESSION_SHARDS));
    const batch = paths.db.batch();
    for (const [day, reasons] of taken)
      batch.set(paths.statsShard(day, shard), incrementsOf({ refusals: Object.fromEntries(reasons) }), {
        merge: true,
      });
    await commit(batch);
  };

  return {
    count(reason) {
      const now = clock();
      if (counts.size === 0) since = Math.max(since, now);
      add(counts, dayOf(now), [[reason, 1]]);
    },

    async flushIfDue(now = clock()) {
      if (isFlushing || counts.size === 0 || now - since < FLUSH_EVERY_MS) return;
      isFlushing = true;
      since = now;
      const taken = counts;
      counts = new Map();
      try {
        await write(taken);
      } catch (error) {
        for (const [day, reasons] of taken) add(counts, day, reasons);
        log.unexpected(error, 'writing how often was refused');
      } finally {
        isFlushing = false;
      }
    },
  };
}

/** Adds to the counts of a day. */
function add(counts: Counts, day: string, reasons: Iterable<readonly [RefusalReason, number]>): void {
  const known = counts.get(day) ?? new Map<RefusalReason, number>();
  for (const [reason, count] of reasons) known.set(reason, (known.get(reason) ?? 0) + count);
  counts.set(day, known);
  if (counts.size <= MOST_DAYS) return;
  const [oldest] = [...counts.keys()].sort();
  if (oldest !== undefined) counts.delete(oldest);
}
