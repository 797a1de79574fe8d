/**
 * Where each document stands: every Firestore path of this package.
 * @module
 */
import { COLLECTIONS, type CollectionNames, usageId } from '@livegate/protocol';
import type { CollectionReference, DocumentReference, Firestore } from 'firebase-admin/firestore';

/** The places. Ids are checked before they come here: none holds a slash. */
export interface LivePaths {
  readonly db: Firestore;
  readonly names: CollectionNames;
  readonly sessions: CollectionReference;
  session(id: string): DocumentReference;
  events(sessionId: string): CollectionReference;
  ops(sessionId: string): DocumentReference;
  quota(uid: string): DocumentReference;
  policy(id: string): DocumentReference;
  template(id: string): DocumentReference;
  templateVersion(id: string, version: number): DocumentReference;
  price(model: string): DocumentReference;
  /** `liveConfig/global`. */
  config(): DocumentReference;
  /** `liveConfig/roles`. */
  roles(): DocumentReference;
  /** A share of the project's bounds. */
  cap(shard: number): DocumentReference;
  /** What anonymous users of one origin share. */
  pool(origin: string): DocumentReference;
  statsDay(day: string): DocumentReference;
  statsShards(day: string): CollectionReference;
  statsShard(day: string, shard: number | string): DocumentReference;
  readonly usages: CollectionReference;
  /** What a user's sessions of a month add up to. */
  usage(month: string, uid: string): DocumentReference;
  readonly audits: CollectionReference;
  readonly erasures: CollectionReference;
  erasure(uid: string): DocumentReference;
}

/** The places of one database. */
export function livePaths(db: Firestore, names: CollectionNames = COLLECTIONS): LivePaths {
  const sessions = db.collection(names.sessions);
  const config = db.collection(names.config);
  const statsDay = (day: string): DocumentReference => db.collection(names.stats).doc(day);
  const template = (id: string): DocumentReference => db.collection(names.templates).doc(id);
  return {
    db,
    names,
    sessions,
    session: (id) => sessions.doc(id),
    events: (sessionId) => sessions.doc(sessionId).collection('events'),
    ops: (sessionId) => sessions.doc(sessionId).collection(names.ops).doc('ops'),
    quota: (uid) => db.collection(names.quotas).doc(uid),
    policy: (id) => db.collection(names.policies).doc(id),
    template,
    templateVersion: (id, version) => template(id).collection('versions').doc(String(version)),
    price: (model) => db.collection(names.prices).doc(model),
    config: () => config.doc('global'),
    roles: () => config.doc('roles'),
    cap: (shard) => config.doc('global').collection('caps').doc(String(shard)),
    pool: (origin) => db.collection(names.pools).doc(origin),
    statsDay,
    statsShards: (day) => statsDay(day).collection('shards'),
    statsShard: (day, shard) => statsDay(day).collection('shards').doc(String(shard)),
    usages: db.collection(names.usage),
    usage: (month, uid) => db.collection(names.usage).doc(usageId(month, uid)),
    audits: db.collection(names.audit),
    erasures: db.collection(names.erasures),
    erasure: (uid) => db.collection(names.erasures).doc(uid),
  };
}
