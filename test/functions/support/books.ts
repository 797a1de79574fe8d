import { randomUUID } from 'node:crypto';
import {
  LIST_PRICES,
  type LiveOpsDocument,
  type LiveSessionDocument,
  type LiveUsageDocument,
} from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { BooksDependencies } from '../../../functions/src/books-store.ts';
import { deadSession } from '../../../functions/src/books-testing.ts';
import { type LivePaths, livePaths } from '../../../functions/src/paths.ts';
import { shardOf } from '../../../functions/src/session-document.ts';
import { useStack } from '../../support/stack.ts';
import { NOON } from './world.ts';

/** The day of {@link NOON}. */
export const DAY = '2026-11-21';
/** The month of {@link DAY}. */
export const MONTH = '2026-11';
/** An hour, in ms. */
export const HOUR_MS = 3_600_000;
/** An hour after noon: every lease of a test is dead. */
export const LATER = NOON + HOUR_MS;

const opened: (() => Promise<unknown>)[] = [];

/** Ends what {@link freshFirestore} opened since the last call. */
export async function closeFirestores(): Promise<void> {
  for (const close of opened.splice(0)) await close();
}

/** A project nobody else writes to: figures are exact. */
export function freshFirestore(): Firestore {
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  const app = initializeApp({ projectId: `demo-books-${randomUUID().slice(0, 8)}` }, randomUUID());
  opened.push(() => deleteApp(app));
  return getFirestore(app);
}

/** The books, and what they wrote to the log. */
export interface Books {
  readonly paths: LivePaths;
  readonly dependencies: BooksDependencies;
  readonly lines: readonly { readonly event: string; readonly fields: unknown }[];
}

/** The books on `db`, with a log that is kept. */
export function booksOn(db: Firestore, changes: Partial<BooksDependencies> = {}): Books {
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
export async function seedSessions(
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

/** A session's document. */
export const sessionIn = async (paths: LivePaths, id: string) =>
  (await paths.session(id).get()).data() as LiveSessionDocument;
/** What operators see of a session whose books are closed. */
export const opsIn = async (paths: LivePaths, id: string) =>
  (await paths.ops(id).get()).data() as LiveOpsDocument;
/** What a user's month adds up to. */
export const usageIn = async (paths: LivePaths, uid = 'alice', month = MONTH) =>
  (await paths.usage(month, uid).get()).data() as LiveUsageDocument | undefined;
/** The figures of a day. */
export const dayIn = async (paths: LivePaths, day = DAY) => (await paths.statsDay(day).get()).data();
