/**
 * The closing of books in Firestore: what is due, and the batch that closes a page of it.
 * @module
 */
import type { LiveOpsDocument, LiveSessionDocument } from '@livegate/protocol';
import { FieldValue, type QueryDocumentSnapshot, type WriteBatch } from 'firebase-admin/firestore';
import type { BooksClosing } from './books-policy.ts';
import type { AlertNotice, LiveHooks } from './hooks.ts';
import type { LivePaths } from './paths.ts';
import { deadSessionsQuery, unsettledSessionsQuery } from './queries.ts';
import type { SettingsSource } from './settings.ts';
import { incrementsOf, MOST_INCREMENTS, usageIncrements } from './stats-increments.ts';
import { treeOf } from './stats-policy.ts';
import { addTrees, countLeaves, type NumberTree } from './stats-tree.ts';
import { isOutdated, type TransactionRunner } from './transactions.ts';
import { type UsageAddition, usageOf } from './usage-policy.ts';

/** Lines that the books write. */
export interface BooksLog {
  booksClosed(fields: { readonly closed: number }): void;
  alertCrossed(fields: AlertNotice): void;
  settleFailed(fields: { readonly sessionId: string }, error: unknown): void;
  unexpected(error: unknown, doing: string): void;
}

/** Commits a batch. The seam at which a test takes a commit away. */
export type BatchCommitter = (batch: WriteBatch) => Promise<unknown>;

/** What the sweep and the roll-up work with. */
export interface BooksDependencies {
  readonly paths: LivePaths;
  readonly settings: Pick<SettingsSource, 'price' | 'config'>;
  readonly hooks: Pick<LiveHooks, 'onSettled' | 'onAlert'>;
  readonly log: BooksLog;
  readonly commit?: BatchCommitter;
  readonly transaction?: TransactionRunner;
  /** Answers 0 ≤ x < 1. */
  readonly random?: () => number;
  /** How long `onSettled` and `onAlert` may take, in ms. */
  readonly tellLimitMs?: number;
}

/** How long `onSettled` and `onAlert` may take where nothing else is said, in ms. Nobody waits for them. Ours. */
export const TELL_LIMIT_MS = 10_000;

/** A session as it was read. */
export interface FoundSession {
  readonly id: string;
  readonly session: LiveSessionDocument;
  /** As it was when it was read. */
  readonly snapshot: QueryDocumentSnapshot;
}

/** A session and how its books close. */
export interface DueSession extends FoundSession {
  readonly closing: BooksClosing;
}

/** A session whose books are closed, which nobody was told yet. */
export interface UnsettledSession {
  readonly id: string;
  readonly session: LiveSessionDocument;
  readonly ops: LiveOpsDocument | null;
}

/** The books that are due. */
export interface BooksStore {
  /** At most `limit` sessions of a shard that are due at `now`, the longest dead first, those after `after`. */
  due(
    shard: number,
    now: number,
    page: { readonly limit: number; readonly after?: FoundSession | undefined },
  ): Promise<readonly FoundSession[]>;
  /**
   * Closes these books, all in one batch, and how many were closed. Where a session changed since it was read, the
   * others close in halves and that one is left. A page that adds to many sums closes in halves too.
   */
  close(due: readonly DueSession[]): Promise<number>;
  /** At most `limit` sessions whose closing was not told yet, each with its books: by id, those after `after`. */
  unsettled(after: string, limit: number): Promise<readonly UnsettledSession[]>;
  /** Notes that a closing was told. Nothing happens where the session is gone. */
  settled(sessionId: string): Promise<void>;
}

/** Most documents that one batch writes. Firestore has had a bound of 500; a page of many users is more. Ours. */
const MOST_WRITES = 500;

const commitBatch: BatchCommitter = (batch) => batch.commit();

/** A {@link BooksStore} on Firestore. */
export function booksStore(paths: LivePaths, commit: BatchCommitter = commitBatch): BooksStore {
  const closeAtOnce = async (due: readonly DueSession[], { shards, months }: Sums): Promise<void> => {
    const batch = paths.db.batch();
    for (const { id, closing, snapshot } of due) {
      // A session that was renewed or reported since is not closed: its document is a newer one.
      batch.update(paths.session(id), { ...closing.change }, { lastUpdateTime: snapshot.updateTime });
      batch.set(paths.ops(id), closing.ops);
    }
    for (const { day, shard, tree } of shards)
      batch.set(paths.statsShard(day, shard), incrementsOf(tree), { merge: true });
    for (const month of months)
      batch.set(paths.usage(month.month, month.uid), usageIncrements(month), { merge: true });
    await commit(batch);
  };

  const close = async (due: readonly DueSession[]): Promise<number> => {
    if (due.length === 0) return 0;
    const sums = sumsOf(due);
    const isWide =
      sums.shards.some(({ tree }) => countLeaves(tree) > MOST_INCREMENTS) ||
      due.length * 2 + sums.shards.length + sums.months.length > MOST_WRITES;
    if (!isWide || due.length === 1) {
      try {
        await closeAtOnce(due, sums);
        return due.length;
      } catch (error) {
        if (!isOutdated(error)) throw error;
        if (due.length === 1) return 0;
      }
    }
    const half = Math.ceil(due.length / 2);
    return (await close(due.slice(0, half))) + (await close(due.slice(half)));
  };

  return {
    close,

    due: async (shard, now, { limit, after }) => {
      const query = deadSessionsQuery(paths, shard, now, limit);
      const { docs } = await (after ? query.startAfter(after.snapshot) : query).get();
      return docs.map((snapshot) => ({
        id: snapshot.id,
        session: snapshot.data() as LiveSessionDocument,
        snapshot,
      }));
    },

    unsettled: async (after, limit) => {
      const { docs } = await unsettledSessionsQuery(paths, after, limit).get();
      if (docs.length === 0) return [];
      const books = await paths.db.getAll(...docs.map(({ id }) => paths.ops(id)));
      return docs.map((snapshot, index) => ({
        id: snapshot.id,
        session: snapshot.data() as LiveSessionDocument,
        ops: (books[index]?.data() as LiveOpsDocument | undefined) ?? null,
      }));
    },

    settled: async (sessionId) => {
      try {
        await paths.session(sessionId).update({ unsettled: FieldValue.delete() });
      } catch (error) {
        if (!isOutdated(error)) throw error;
      }
    },
  };
}

/** What a page adds to one stats shard. */
interface DayShard {
  readonly day: string;
  readonly shard: number | string;
  readonly tree: NumberTree;
}

/** What a page adds to sums. */
interface Sums {
  readonly shards: readonly DayShard[];
  readonly months: readonly UsageAddition[];
}

function sumsOf(due: readonly DueSession[]): Sums {
  const stats = new Map<string, DayShard>();
  for (const { closing } of due) {
    const { day, shard, addition } = closing;
    const key = `${day}/${shard}`;
    const tree = addTrees(stats.get(key)?.tree ?? {}, treeOf(addition));
    stats.set(key, { day, shard, tree });
  }
  const months = usageOf(due.flatMap(({ closing: { usage } }) => usage ?? []));
  return { shards: [...stats.values()], months };
}
