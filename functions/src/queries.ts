/**
 * Every query the functions make. The emulators enforce no index; a test derives production's from {@link QUERIES}.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import type { Firestore, Query } from 'firebase-admin/firestore';

/** Sessions are spread over this many shards, so that no index grows at one end. */
export const SESSION_SHARDS = 8;
/** Most sessions one sweep of a shard reads. */
export const SWEEP_LIMIT = 200;

/** Sessions of a shard whose books are open and whose last token was dead at `nowMs`, the longest dead first. */
export function deadSessionsQuery(db: Firestore, shard: number, nowMs: number, limit: number): Query {
  return db
    .collection(COLLECTIONS.sessions)
    .where('open', '==', true)
    .where('shard', '==', shard)
    .where('deadAt', '<=', nowMs)
    .orderBy('deadAt', 'asc')
    .limit(limit);
}

/** The queries of this package. */
export const QUERIES: readonly QueryShape[] = [
  {
    id: 'functions/dead-sessions',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [
      { field: 'open', op: '==' },
      { field: 'shard', op: '==' },
      { field: 'deadAt', op: '<=' },
    ],
    order: [{ field: 'deadAt', direction: 'asc' }],
    limit: SWEEP_LIMIT,
  },
];
