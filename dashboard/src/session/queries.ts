/**
 * What the page of one session reads of Firestore: see `../queries.ts`. It opens with 43 reads at most: the session,
 * its books, its policy, and the first batches.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import {
  collection,
  type DocumentReference,
  doc,
  type Firestore,
  limit,
  type Query,
  type QueryDocumentSnapshot,
  query,
  startAfter,
} from 'firebase/firestore';

/** Batches of a timeline that are read at a time. */
export const BATCHES_PAGE = 40;

/** What the books of a session say. For operators. */
export function opsDocument(db: Firestore, sessionId: string): DocumentReference {
  return doc(db, COLLECTIONS.sessions, sessionId, COLLECTIONS.ops, 'ops');
}

/** The batches of a session by id, after one where one is given. For admins: what people said may stand in them. */
export function batchesQuery(db: Firestore, sessionId: string, after?: QueryDocumentSnapshot): Query {
  return query(
    collection(db, COLLECTIONS.sessions, sessionId, 'events'),
    ...(after === undefined ? [] : [startAfter(after)]),
    limit(BATCHES_PAGE),
  );
}

/** The queries of this folder. */
export const SESSION_QUERIES: readonly QueryShape[] = [
  {
    id: 'dashboard/session-batches',
    collection: 'events',
    scope: 'collection',
    filters: [],
    order: [],
    limit: BATCHES_PAGE,
  },
];
