/**
 * Every query the functions make. The emulators enforce no index; a test derives production's from {@link QUERIES}.
 * @module
 */
import { COLLECTIONS, type QueryShape } from '@livegate/protocol';
import { FieldPath, type Query, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { LivePaths } from './paths.ts';

/** Sessions are spread over this many shards, so that no index grows at one end. */
export const SESSION_SHARDS = 8;
/** Most sessions one sweep of a shard reads. */
export const SWEEP_LIMIT = 200;
/** Most sessions that are read at a time to tell that their books are closed. */
export const SETTLE_PAGE = 100;

/** Sessions of a shard whose books are open and whose last token was dead at `nowMs`, the longest dead first. */
export function deadSessionsQuery(paths: LivePaths, shard: number, nowMs: number, limit: number): Query {
  return paths.sessions
    .where('open', '==', true)
    .where('shard', '==', shard)
    .where('deadAt', '<=', nowMs)
    .orderBy('deadAt', 'asc')
    .limit(limit);
}

/** Most sessions that one transaction of a block ends. */
export const OPEN_SESSIONS_LIMIT = 100;

/** Sessions of a user whose books are open, in the order of their ids, after one where one is given. */
export function openSessionsQuery(paths: LivePaths, uid: string, after?: QueryDocumentSnapshot): Query {
  const open = paths.sessions.where('uid', '==', uid).where('open', '==', true).limit(OPEN_SESSIONS_LIMIT);
  return after ? open.startAfter(after) : open;
}

/** Most documents one page of an erasure reads. */
export const ERASE_PAGE = 100;

/** Sessions of a user, in the order of their ids, for an erasure. Without a limit to be counted only. */
export function userSessionsQuery(paths: LivePaths, uid: string, limit?: number): Query {
  return limited(paths.sessions.where('uid', '==', uid), limit);
}

/** Batches of a session's timeline. Without a limit to be counted only. */
export function eventsQuery(paths: LivePaths, sessionId: string, limit?: number): Query {
  return limited(paths.events(sessionId), limit);
}

/** The months of a user's use, for an erasure. */
export function userUsageQuery(paths: LivePaths, uid: string, limit: number): Query {
  return paths.usages.where('uid', '==', uid).limit(limit);
}

/** Entries of the audit about a user. Without a limit to be counted only. */
export function auditsBySubjectQuery(paths: LivePaths, uid: string, limit?: number): Query {
  return limited(paths.audits.where('subject', '==', uid), limit);
}

/** Entries of the audit about what an operator did. Without a limit to be counted only. */
export function auditsByActorQuery(paths: LivePaths, uid: string, limit?: number): Query {
  return limited(paths.audits.where('actor', '==', uid), limit);
}

/** Entries of the audit about what an operator did with their own account, to be counted. */
export function auditsOfSelfQuery(paths: LivePaths, uid: string): Query {
  return paths.audits.where('subject', '==', uid).where('actor', '==', uid);
}

/** Most erasures one run goes on with. */
export const ERASURES_LIMIT = 20;

/** Erasures with something to do at `nowMs`, the longest due first. */
export function dueErasuresQuery(paths: LivePaths, nowMs: number, limit: number): Query {
  return paths.erasures.where('dueAt', '<=', nowMs).orderBy('dueAt', 'asc').limit(limit);
}

function limited(query: Query, limit: number | undefined): Query {
  return limit === undefined ? query : query.limit(limit);
}

/** Sessions whose books are closed, which nobody was told yet: by id, those after `after`. */
export function unsettledSessionsQuery(paths: LivePaths, after: string, limit: number): Query {
  const query = paths.sessions
    .where('unsettled', '==', true)
    .orderBy(FieldPath.documentId(), 'asc')
    .limit(limit);
  return after === '' ? query : query.startAfter(after);
}

/**
 * The stats shard of sessions that were made up, apart from those of real ones: removing it takes away them alone. No
 * mint makes such a session.
 */
export const SAMPLE_SHARD = 'sample-0';
/** Most stats shards of a day. */
export const STATS_SHARDS = SESSION_SHARDS + 1;

/** The stats shards of a day. */
export function statsShardsQuery(paths: LivePaths, day: string): Query {
  return paths.statsShards(day).limit(STATS_SHARDS);
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
  {
    id: 'functions/open-sessions',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [
      { field: 'uid', op: '==' },
      { field: 'open', op: '==' },
    ],
    order: [],
    limit: OPEN_SESSIONS_LIMIT,
  },
  {
    id: 'functions/user-sessions',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [{ field: 'uid', op: '==' }],
    order: [],
    limit: ERASE_PAGE,
  },
  {
    id: 'functions/user-usage',
    collection: COLLECTIONS.usage,
    scope: 'collection',
    filters: [{ field: 'uid', op: '==' }],
    order: [],
    limit: ERASE_PAGE,
  },
  {
    id: 'functions/events',
    collection: 'events',
    scope: 'collection',
    filters: [],
    order: [],
    limit: ERASE_PAGE,
  },
  {
    id: 'functions/audits-by-subject',
    collection: COLLECTIONS.audit,
    scope: 'collection',
    filters: [{ field: 'subject', op: '==' }],
    order: [],
    limit: ERASE_PAGE,
  },
  {
    id: 'functions/audits-by-actor',
    collection: COLLECTIONS.audit,
    scope: 'collection',
    filters: [{ field: 'actor', op: '==' }],
    order: [],
    limit: ERASE_PAGE,
  },
  {
    id: 'functions/audits-of-self',
    collection: COLLECTIONS.audit,
    scope: 'collection',
    filters: [
      { field: 'subject', op: '==' },
      { field: 'actor', op: '==' },
    ],
    order: [],
    limit: 1,
  },
  {
    id: 'functions/due-erasures',
    collection: COLLECTIONS.erasures,
    scope: 'collection',
    filters: [{ field: 'dueAt', op: '<=' }],
    order: [{ field: 'dueAt', direction: 'asc' }],
    limit: ERASURES_LIMIT,
  },
  {
    // Sorted by document id, in which the index of a single field ends.
    id: 'functions/unsettled-sessions',
    collection: COLLECTIONS.sessions,
    scope: 'collection',
    filters: [{ field: 'unsettled', op: '==' }],
    order: [],
    limit: SETTLE_PAGE,
  },
  {
    id: 'functions/stats-shards',
    collection: 'shards',
    scope: 'collection',
    filters: [],
    order: [],
    limit: STATS_SHARDS,
  },
];
