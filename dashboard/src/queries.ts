/**
 * Every read the page makes of Firestore. The emulators enforce no index; {@link QUERIES} is what a test
 * derives production's from.
 * @module
 */
import { COLLECTIONS, type QueryShape, type SessionState } from '@livegate/protocol';
import {
  collection,
  type DocumentReference,
  doc,
  type Firestore,
  limit,
  orderBy,
  type Query,
  query,
  where,
} from 'firebase/firestore';
import { QUERIES as AUDIT_QUERIES } from './audit/queries.ts';
import { QUERIES as COSTS_QUERIES } from './costs/queries.ts';
import { NOW_QUERIES } from './now/queries.ts';
import { SESSION_QUERIES } from './session/queries.ts';
import { SESSIONS_QUERIES } from './sessions/queries.ts';
import { SETTINGS_QUERIES } from './settings/queries.ts';
import { QUERIES as USERS_QUERIES } from './users/queries.ts';

/** Most sessions a list holds; it bounds what opening the page costs in reads. */
export const SESSION_LIST_LIMIT = 50;

/** The list of sessions, newest first, in one state or in all. */
export function sessionsQuery(db: Firestore, state: SessionState | 'all'): Query {
  const inState = state === 'all' ? [] : [where('state', '==', state)];
  return query(
    collection(db, COLLECTIONS.sessions),
    ...inState,
    orderBy('createdAt', 'desc'),
    limit(SESSION_LIST_LIMIT),
  );
}

/** One session. */
export function sessionDocument(db: Firestore, sessionId: string): DocumentReference {
  return doc(db, COLLECTIONS.sessions, sessionId);
}

/** The queries of this page. */
export const QUERIES: readonly QueryShape[] = [
  {
    id: 'dashboard/sessions',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [],
    order: [{ field: 'createdAt', direction: 'desc' }],
    limit: SESSION_LIST_LIMIT,
  },
  {
    id: 'dashboard/sessions-by-state',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [{ field: 'state', op: '==' }],
    order: [{ field: 'createdAt', direction: 'desc' }],
    limit: SESSION_LIST_LIMIT,
  },
  ...SESSION_QUERIES,
  ...SETTINGS_QUERIES,
  ...SESSIONS_QUERIES,
  ...NOW_QUERIES,
  ...USERS_QUERIES,
  ...AUDIT_QUERIES,
  ...COSTS_QUERIES,
];
