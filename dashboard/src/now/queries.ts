/**
 * What `Now` reads of Firestore: see `../queries.ts`, and `read-budget-policy.ts` for what it costs.
 * @module
 */
import { COLLECTIONS, type QueryShape, type SessionState } from '@livegate/protocol';
import {
  collection,
  type Firestore,
  limit,
  orderBy,
  type Query,
  type QueryConstraint,
  query,
  where,
} from 'firebase/firestore';
import { NOW_LIST } from './read-budget-policy.ts';

/** States of sessions that go on. */
const GOING_ON = ['reserved', 'active'] as const satisfies readonly SessionState[];

/** Most live sessions that are counted: an aggregation costs a read for each thousand. */
export const LIVE_COUNT_LIMIT = 20_000;

/** What live sessions are counted by, each by itself. */
export type CountedField = 'model' | 'policyId';

/** The newest sessions that go on. One whose token is dead stays until its books are closed. */
export function goingOnQuery(db: Firestore): Query {
  return query(
    collection(db, COLLECTIONS.sessions),
    where('state', 'in', GOING_ON),
    orderBy('createdAt', 'desc'),
    limit(NOW_LIST.rows),
  );
}

/** Sessions with a live token at `nowMs`, for counting; of one model or policy where it is named. */
export function liveQuery(
  db: Firestore,
  nowMs: number,
  of?: { readonly field: CountedField; readonly name: string },
): Query {
  const named: readonly QueryConstraint[] = of === undefined ? [] : [where(of.field, '==', of.name)];
  return query(
    collection(db, COLLECTIONS.sessions),
    ...named,
    where('state', 'in', GOING_ON),
    where('deadAt', '>', nowMs),
    limit(LIVE_COUNT_LIMIT),
  );
}

/** The newest daily figures. */
export function newestDayQuery(db: Firestore): Query {
  return query(collection(db, COLLECTIONS.stats), orderBy('day', 'desc'), limit(1));
}

/** The shares of the project's caps that leased in a UTC day, to be added up. */
export function capsQuery(db: Firestore, day: string): Query {
  return query(
    collection(db, COLLECTIONS.config, 'global', 'caps'),
    where('day', '==', day),
    limit(MOST_SHARES),
  );
}

/** Most shares of the caps. Source: `LiveCaps`. */
const MOST_SHARES = 64;

/** The queries of this folder. */
export const NOW_QUERIES: readonly QueryShape[] = [
  {
    id: 'dashboard/going-on',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [{ field: 'state', op: 'in' }],
    order: [{ field: 'createdAt', direction: 'desc' }],
    limit: NOW_LIST.rows,
  },
  ...([[], ['model'], ['policyId']] as const).map(
    (named): QueryShape => ({
      id: ['dashboard/live', ...named].join('/'),
      collection: COLLECTIONS.sessions,
      scope: 'collection',
      filters: [
        ...named.map((field) => ({ field, op: '==' as const })),
        { field: 'state', op: 'in' },
        { field: 'deadAt', op: '>' },
      ],
      order: [],
      limit: LIVE_COUNT_LIMIT,
    }),
  ),
  {
    id: 'dashboard/newest-day',
    collection: COLLECTIONS.stats,
    scope: 'collection',
    filters: [],
    order: [{ field: 'day', direction: 'desc' }],
    limit: 1,
  },
  {
    id: 'dashboard/caps',
    collection: 'caps',
    scope: 'collection',
    filters: [{ field: 'day', op: '==' }],
    order: [],
    sums: ['dayMs'],
    limit: MOST_SHARES,
  },
];
