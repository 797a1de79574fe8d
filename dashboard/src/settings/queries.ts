/**
 * What the settings read of Firestore: see `../queries.ts`. `/settings` opens with 59 reads at most, the editor of one
 * setting with 42.
 * @module
 */
import { type AuditAct, COLLECTIONS, type QueryShape } from '@livegate/protocol';
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

/** What operators write, by the name it has in addresses. */
export type SettingKind = 'policies' | 'templates' | 'prices';

/** Documents that a list of settings shows before one asks for more. */
export const SETTINGS_PAGE = 15;

/** Versions, and entries of the audit, that the editor shows. */
export const VERSIONS_LIMIT = 20;

/** Entries of the audit that tell who changed what last. */
export const LATEST_CHANGES = 12;

/** Acts that change settings. */
export const SETTING_ACTS = [
  'set-policy',
  'delete-policy',
  'set-template',
  'set-price',
] as const satisfies readonly AuditAct[];

/** The switches and bounds of the project. */
export function configDocument(db: Firestore): DocumentReference {
  return doc(db, COLLECTIONS.config, 'global');
}

/** Who the operators are. */
export function rolesDocument(db: Firestore): DocumentReference {
  return doc(db, COLLECTIONS.config, 'roles');
}

/** One setting. */
export function settingDocument(db: Firestore, kind: SettingKind, id: string): DocumentReference {
  return doc(db, COLLECTIONS[kind], id);
}

/** Settings of a kind by id, the first `most`. */
export function settingsQuery(db: Firestore, kind: SettingKind, most: number): Query {
  return query(collection(db, COLLECTIONS[kind]), limit(most));
}

/** A template's versions, newest first. */
export function versionsQuery(db: Firestore, id: string): Query {
  return query(
    collection(db, COLLECTIONS.templates, id, 'versions'),
    orderBy('version', 'desc'),
    limit(VERSIONS_LIMIT),
  );
}

/** What was done to one document, newest first. For admins. */
export function changesQuery(db: Firestore, target: string): Query {
  return query(
    collection(db, COLLECTIONS.audit),
    where('target', '==', target),
    orderBy('at', 'desc'),
    limit(VERSIONS_LIMIT),
  );
}

/** What was done to settings last. For admins. */
export function latestChangesQuery(db: Firestore): Query {
  return query(
    collection(db, COLLECTIONS.audit),
    where('act', 'in', SETTING_ACTS),
    orderBy('at', 'desc'),
    limit(LATEST_CHANGES),
  );
}

/** The queries of this folder. Lists that were asked for more read {@link SETTINGS_PAGE} more at a time. */
export const SETTINGS_QUERIES: readonly QueryShape[] = [
  ...(['policies', 'templates', 'prices'] as const).map(
    (kind): QueryShape => ({
      id: `dashboard/settings-${kind}`,
      collection: COLLECTIONS[kind],
      scope: 'collection',
      filters: [],
      order: [],
      limit: SETTINGS_PAGE,
    }),
  ),
  {
    id: 'dashboard/template-versions',
    collection: 'versions',
    scope: 'collection',
    filters: [],
    order: [{ field: 'version', direction: 'desc' }],
    limit: VERSIONS_LIMIT,
  },
  {
    id: 'dashboard/setting-changes',
    collection: COLLECTIONS.audit,
    scope: 'collection',
    filters: [{ field: 'target', op: '==' }],
    order: [{ field: 'at', direction: 'desc' }],
    limit: VERSIONS_LIMIT,
  },
  {
    id: 'dashboard/latest-setting-changes',
    collection: COLLECTIONS.audit,
    scope: 'collection',
    filters: [{ field: 'act', op: 'in' }],
    order: [{ field: 'at', direction: 'desc' }],
    limit: LATEST_CHANGES,
  },
];
