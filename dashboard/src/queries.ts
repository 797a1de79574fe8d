/**
 * Every read the page makes of Firestore. The emulators enforce no index; {@link QUERIES} is what a test
 * derives production's from.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import { type DocumentReference, doc, type Firestore } from 'firebase/firestore';
import { QUERIES as AUDIT_QUERIES } from './audit/queries.ts';
import { QUERIES as COSTS_QUERIES } from './costs/queries.ts';
import { NOW_QUERIES } from './now/queries.ts';
import { SESSION_QUERIES } from './session/queries.ts';
import { SESSIONS_QUERIES } from './sessions/queries.ts';
import { SETTINGS_QUERIES } from './settings/queries.ts';
import { QUERIES as USERS_QUERIES } from './users/queries.ts';

/** One session. */
export function sessionDocument(db: Firestore, sessionId: string): DocumentReference {
  return doc(db, COLLECTIONS.sessions, sessionId);
}

/** The queries of this page. */
export const QUERIES: readonly QueryShape[] = [
  ...SESSION_QUERIES,
  ...SETTINGS_QUERIES,
  ...SESSIONS_QUERIES,
  ...NOW_QUERIES,
  ...USERS_QUERIES,
  ...AUDIT_QUERIES,
  ...COSTS_QUERIES,
];
