/**
 * What the views of users read of Firestore.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import {
  collection,
  type Firestore,
  limit,
  orderBy,
  type Query,
  type QueryDocumentSnapshot,
  query,
  startAfter,
  where,
} from 'firebase/firestore';
import { USAGE_SORTS, type UsageList } from './usage-list.ts';

/** Users on a page of the list. */
export const USAGE_PAGE = 50;
/** Months of one user. */
export const USER_MONTHS = 12;
/** Sessions of one user. */
export const USER_SESSIONS = 20;
/** Policies to choose a tier among. */
export const TIER_POLICIES = 50;

/** Users of a month, highest first, after one. */
export function usageQuery(
  db: Firestore,
  { month, sort }: UsageList,
  {
    after,
    size = USAGE_PAGE,
  }: { readonly after?: QueryDocumentSnapshot | undefined; readonly size?: number } = {},
): Query {
  return query(
    collection(db, COLLECTIONS.usage),
    where('month', '==', month),
    orderBy(sort.field, 'desc'),
    ...(after === undefined ? [] : [startAfter(after)]),
    limit(size),
  );
}

/** The months of a user, newest first. */
export function monthsOfUserQuery(db: Firestore, uid: string): Query {
  return query(
    collection(db, COLLECTIONS.usage),
    where('uid', '==', uid),
    orderBy('month', 'desc'),
    limit(USER_MONTHS),
  );
}

/** The newest sessions of a user. */
export function sessionsOfUserQuery(db: Firestore, uid: string): Query {
  return query(
    collection(db, COLLECTIONS.sessions),
    where('uid', '==', uid),
    orderBy('createdAt', 'desc'),
    limit(USER_SESSIONS),
  );
}

/** The policies, by id. */
export function tiersQuery(db: Firestore): Query {
  return query(collection(db, COLLECTIONS.policies), limit(TIER_POLICIES));
}

/** The queries of these views. */
export const QUERIES: readonly QueryShape[] = [
  ...USAGE_SORTS.map(
    ({ id, field }): QueryShape => ({
      id: `dashboard/users-by-${id}`,
      collection: COLLECTIONS.usage,
      scope: 'collection',
      filters: [{ field: 'month', op: '==' }],
      order: [{ field, direction: 'desc' }],
      limit: USAGE_PAGE,
    }),
  ),
  {
    id: 'dashboard/months-of-user',
    collection: COLLECTIONS.usage,
    scope: 'collection',
    filters: [{ field: 'uid', op: '==' }],
    order: [{ field: 'month', direction: 'desc' }],
    limit: USER_MONTHS,
  },
  {
    id: 'dashboard/sessions-of-user',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [{ field: 'uid', op: '==' }],
    order: [{ field: 'createdAt', direction: 'desc' }],
    limit: USER_SESSIONS,
  },
  {
    id: 'dashboard/tiers',
    collection: COLLECTIONS.policies,
    scope: 'collection',
    filters: [],
    order: [],
    limit: TIER_POLICIES,
  },
];
