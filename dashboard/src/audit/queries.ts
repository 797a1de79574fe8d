/**
 * What the views of the audit read of Firestore.
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
import { AUDIT_FIELDS, type AuditFilter } from './audit-filter.ts';

/** Entries on a page. */
export const AUDIT_PAGE = 50;
/** Entries about one user on the user's page. */
export const USER_ENTRIES = 20;

/** Entries of the audit, newest first, after one. */
export function auditQuery(
  db: Firestore,
  filter: AuditFilter | null,
  {
    after,
    size = AUDIT_PAGE,
  }: { readonly after?: QueryDocumentSnapshot | undefined; readonly size?: number } = {},
): Query {
  return query(
    collection(db, COLLECTIONS.audit),
    ...(filter === null ? [] : [where(filter.by, '==', filter.value)]),
    orderBy('at', 'desc'),
    ...(after === undefined ? [] : [startAfter(after)]),
    limit(size),
  );
}

const shape: Omit<QueryShape, 'id' | 'filters'> = {
  collection: COLLECTIONS.audit,
  scope: 'collection',
  order: [{ field: 'at', direction: 'desc' }],
  limit: AUDIT_PAGE,
};

/** The queries of these views. */
export const QUERIES: readonly QueryShape[] = [
  { ...shape, id: 'dashboard/audit', filters: [] },
  ...AUDIT_FIELDS.map(
    (field): QueryShape => ({
      ...shape,
      id: `dashboard/audit-by-${field}`,
      filters: [{ field, op: '==' }],
    }),
  ),
];
