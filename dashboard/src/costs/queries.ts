/**
 * What the view of costs reads of Firestore. By user it reads `usageQuery` too.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import {
  collection,
  documentId,
  type Firestore,
  limit,
  orderBy,
  type Query,
  query,
  where,
} from 'firebase/firestore';

/** Most days that are read: a month's. */
const MOST_DAYS = 31;
/** Users that are listed by cost. */
export const COST_USERS = 25;

/** The figures of UTC days, from one to another, both included, oldest first. */
export function daysQuery(db: Firestore, from: string, to: string): Query {
  return query(
    collection(db, COLLECTIONS.stats),
    where(documentId(), '>=', from),
    where(documentId(), '<=', to),
    orderBy(documentId()),
    limit(MOST_DAYS),
  );
}

/** The queries of this view. */
export const QUERIES: readonly QueryShape[] = [
  {
    id: 'dashboard/costs',
    collection: COLLECTIONS.stats,
    scope: 'collection',
    filters: [
      { field: '__name__', op: '>=' },
      { field: '__name__', op: '<=' },
    ],
    order: [{ field: '__name__', direction: 'asc' }],
    limit: MOST_DAYS,
  },
];
