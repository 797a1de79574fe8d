/**
 * What lists of sessions read of Firestore: see `../queries.ts`. `/sessions` opens with 55 reads at most: a page of 50,
 * and 5 to count what matches.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import {
  collection,
  collectionGroup,
  type DocumentReference,
  doc,
  documentId,
  type Firestore,
  limit,
  orderBy,
  type Query,
  type QueryDocumentSnapshot,
  query,
  startAfter,
  where,
} from 'firebase/firestore';
import { everyServedFilter, type ListPlan, planOf } from './filter-policy.ts';
import type { SessionFilter } from './session-filter.ts';

/** Rows of a page of the list. */
export const PAGE_ROWS = 50;

/** Most that is counted: an aggregation costs a read for each thousand of what it counts. */
export const COUNT_LIMIT = 5_000;

/** Sessions of a page of the file that is written from a list. */
export const FILE_PAGE_ROWS = 240;

/** Most documents that are asked for by their ids at once. Source: Firestore's documentation of `in`, read 2026-11-21. */
export const IDS_AT_ONCE = 30;

/** The documents of a list, after one where one is given. */
export function listQuery(
  db: Firestore,
  filter: SessionFilter,
  { rows, after }: { readonly rows: number; readonly after?: QueryDocumentSnapshot },
): Query {
  const plan = planOf(filter);
  const place =
    plan.scope === 'group' ? collectionGroup(db, plan.collection) : collection(db, plan.collection);
  return query(
    place,
    ...plan.conditions.map(({ field, op, value }) => where(field, op, value)),
    orderBy(plan.order.field, plan.order.direction),
    ...(after === undefined ? [] : [startAfter(after)]),
    limit(rows),
  );
}

/** For counting: no more than {@link COUNT_LIMIT} of the list. */
export function countedQuery(db: Firestore, filter: SessionFilter): Query {
  return listQuery(db, filter, { rows: COUNT_LIMIT });
}

/** Sessions by their ids, {@link IDS_AT_ONCE} at most. */
export function sessionsByIdQuery(db: Firestore, ids: readonly string[]): Query {
  return query(collection(db, COLLECTIONS.sessions), where(documentId(), 'in', [...ids]), limit(IDS_AT_ONCE));
}

/** What operators know of a session whose books are closed. */
export function opsDocument(db: Firestore, sessionId: string): DocumentReference {
  return doc(db, COLLECTIONS.sessions, sessionId, COLLECTIONS.ops, 'ops');
}

/** What operators know of these sessions, {@link IDS_AT_ONCE} at most. */
export function opsByIdQuery(db: Firestore, ids: readonly string[]): Query {
  return query(
    collectionGroup(db, COLLECTIONS.ops),
    where(
      documentId(),
      'in',
      ids.map((id) => opsDocument(db, id)),
    ),
    limit(IDS_AT_ONCE),
  );
}

/** The queries of this folder: one for every combination of filters and order that is offered. */
export const SESSIONS_QUERIES: readonly QueryShape[] = /* @__PURE__ */ everyShape();

function everyShape(): readonly QueryShape[] {
  const byId = { filters: [{ field: '__name__', op: 'in' }], order: [], limit: IDS_AT_ONCE } as const;
  return [
    ...everyServedFilter().map((filter) => shapeOf(planOf(filter))),
    { id: 'dashboard/sessions-by-id', collection: COLLECTIONS.sessions, scope: 'collection', ...byId },
    { id: 'dashboard/ops-by-id', collection: COLLECTIONS.ops, scope: 'group', ...byId },
  ];
}

function shapeOf({ source, collection, scope, conditions, order }: ListPlan): QueryShape {
  const names = conditions.map(({ field, op }) => `${field}${op === '>=' || op === '<' ? op : ''}`);
  return {
    id: ['dashboard', source, order.direction, ...names].join('/'),
    collection,
    scope,
    filters: conditions.map(({ field, op }) => ({ field, op })),
    order: [order],
    limit: FILE_PAGE_ROWS,
  };
}
