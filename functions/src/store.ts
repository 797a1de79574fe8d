/**
 * Every Firestore path and transaction.
 * @module
 */
import {
  COLLECTIONS,
  DOCUMENTS_VERSION,
  type LeaseEntry,
  type LiveConfigDocument,
  type LiveEventsDocument,
  type LivePolicyDocument,
  type LiveQuotaDocument,
  type LiveSessionDocument,
  type LiveTemplateDocument,
  type UsageReport,
} from '@livegate/protocol';
import { type Firestore, Timestamp, type Transaction } from 'firebase-admin/firestore';
import type { MintGrant, MintRefusal } from './mint-policy.ts';
import { deadSessionsQuery } from './queries.ts';
import { Refusal } from './refusal.ts';
import type { SessionChange } from './report-policy.ts';
import type { SettingsSource } from './settings.ts';

/** What one reservation reads. */
export interface MintDocuments {
  readonly quota: LiveQuotaDocument | null;
  readonly session: LiveSessionDocument | null;
}

/** Which documents a reservation is about. */
export interface MintPlace {
  readonly uid: string;
  readonly sessionId: string;
  /** False at a start: the session does not exist yet, and is not read. */
  readonly continues: boolean;
}

/** The session as a grant leaves it. */
export type SessionAfter = (grant: MintGrant, session: LiveSessionDocument | null) => LiveSessionDocument;

/** Runs `body` as one transaction. The seam at which a test takes the transaction away. */
export type TransactionRunner = <T>(
  db: Firestore,
  body: (transaction: Transaction) => Promise<T>,
) => Promise<T>;

const inTransaction: TransactionRunner = (db, body) => db.runTransaction(body);

/** The books. One instance per process. */
export interface Store extends SettingsSource {
  /**
   * Reads, lets `decide` decide, and writes the grant, all in one transaction. A refusal writes nothing.
   * Throws {@link Refusal} `contention` when Firestore gives up.
   */
  reserve(
    place: MintPlace,
    decide: (documents: MintDocuments) => MintGrant | MintRefusal,
    after: SessionAfter,
  ): Promise<{ readonly decision: MintGrant | MintRefusal; readonly session: LiveSessionDocument | null }>;
  /** Gives a reservation back: the service refused, so no token exists. */
  giveBack(place: MintPlace, leaseId: string, requestId: string): Promise<void>;
  /** Notes that nobody knows whether the token exists. It stays charged. */
  keep(sessionId: string, leaseId: string): Promise<void>;
  session(sessionId: string): Promise<LiveSessionDocument | null>;
  /** Reads the session, lets `judge` decide, writes the change and what the report tells. */
  report(
    report: UsageReport,
    judge: (session: LiveSessionDocument | null) => SessionChange | null,
    keepTranscript: boolean,
  ): Promise<{ readonly changed: boolean; readonly session: LiveSessionDocument }>;
  /** Closes the books of sessions in one shard whose last token was dead at `now`; how many were closed. */
  closeBooks(shard: number, now: number, limit: number): Promise<number>;
}

/** How long, in ms, a caller waits after contention: somewhere in this range, so that a burst spreads out. */
const CONTENTION_WAIT_MS = { least: 500, most: 2_500 } as const;

/** A {@link Store} on Firestore. `random` answers 0 ≤ x < 1. */
export function createStore(
  db: Firestore,
  options: { readonly transaction?: TransactionRunner; readonly random?: () => number } = {},
): Store {
  const { transaction = inTransaction, random = Math.random } = options;
  const sessions = db.collection(COLLECTIONS.sessions);
  const quotas = db.collection(COLLECTIONS.quotas);
  const read = async <T>(path: string): Promise<T | null> =>
    ((await db.doc(path).get()).data() as T | undefined) ?? null;
  const run = async <T>(body: (transaction: Transaction) => Promise<T>): Promise<T> => {
    try {
      return await transaction(db, body);
    } catch (error) {
      if (!isContention(error)) throw error;
      const { least, most } = CONTENTION_WAIT_MS;
      const retryAfterMs = Math.round(least + random() * (most - least));
      throw new Refusal(
        'contention',
        'Too many requests of this user at once; ask again.',
        { retryAfterMs },
        { cause: error },
      );
    }
  };

  return {
    policy: (id) => read<LivePolicyDocument>(`${COLLECTIONS.policies}/${id}`),
    template: (id, version) =>
      read<LiveTemplateDocument>(
        `${COLLECTIONS.templates}/${id}${version === undefined ? '' : `/versions/${version}`}`,
      ),
    config: () => read<LiveConfigDocument>(`${COLLECTIONS.config}/global`),
    session: (sessionId) => read<LiveSessionDocument>(`${COLLECTIONS.sessions}/${sessionId}`),

    reserve: (place, decide, after) =>
      run(async (tx) => {
        const quotaRef = quotas.doc(place.uid);
        const sessionRef = sessions.doc(place.sessionId);
        const [quotaSnapshot, sessionSnapshot] = place.continues
          ? await tx.getAll(quotaRef, sessionRef)
          : await tx.getAll(quotaRef);
        const quota = (quotaSnapshot?.data() as LiveQuotaDocument | undefined) ?? null;
        const session = (sessionSnapshot?.data() as LiveSessionDocument | undefined) ?? null;
        const decision = decide({ quota, session });
        if (!decision.granted) return { decision, session };
        const next = after(decision, session);
        tx.set(quotaRef, decision.quota);
        tx.set(sessionRef, next);
        return { decision, session: next };
      }),

    giveBack: ({ uid, sessionId }, leaseId, requestId) =>
      run(async (tx) => {
        const quotaRef = quotas.doc(uid);
        const sessionRef = sessions.doc(sessionId);
        const [quotaSnapshot, sessionSnapshot] = await tx.getAll(quotaRef, sessionRef);
        const quota = quotaSnapshot?.data() as LiveQuotaDocument | undefined;
        const session = sessionSnapshot?.data() as LiveSessionDocument | undefined;
        const lease = session?.leases[leaseId];
        if (!session || !lease || lease.state === 'refused') return;
        if (quota) tx.set(quotaRef, withoutToken(quota, lease, leaseId, requestId));
        tx.set(sessionRef, withoutLease(session, lease, leaseId));
      }),

    keep: async (sessionId, leaseId) => {
      await sessions
        .doc(sessionId)
        .update({ [`leases.${leaseId}.state`]: 'kept' satisfies LeaseEntry['state'] });
    },

    report: (report, judge, keepTranscript) =>
      run(async (tx) => {
        const ref = sessions.doc(report.sessionId);
        const session = ((await tx.get(ref)).data() as LiveSessionDocument | undefined) ?? null;
        const change = judge(session);
        // `judge` throws where there is no session: past it, there is one.
        const found = session as LiveSessionDocument;
        if (!change) return { changed: false, session: found };
        tx.update(ref, { ...change });
        const { events = [], transcript = [] } = report;
        const kept = keepTranscript ? transcript : [];
        if (events.length > 0 || kept.length > 0) {
          const batch: LiveEventsDocument = {
            v: DOCUMENTS_VERSION,
            connectionId: report.connectionId,
            seq: report.seq,
            events,
            transcript: kept,
            purgeAt: found.purgeAt,
          };
          tx.set(ref.collection('events').doc(`${report.connectionId}-${report.seq}`), batch);
        }
        return { changed: true, session: { ...found, ...change } };
      }),

    closeBooks: async (shard, now, limit) => {
      const dead = await deadSessionsQuery(db, shard, now, limit).get();
      let closed = 0;
      for (const snapshot of dead.docs) {
        const { state } = snapshot.data() as LiveSessionDocument;
        const final = state === 'reserved' || state === 'active' ? 'expired' : state;
        try {
          // A session that was renewed since the query is not closed: its document is a newer one.
          await snapshot.ref.update(
            { open: false, endedAt: now, state: final },
            { lastUpdateTime: snapshot.updateTime },
          );
          closed += 1;
        } catch (error) {
          if (codeOf(error) !== FAILED_PRECONDITION && codeOf(error) !== NOT_FOUND) throw error;
        }
      }
      return closed;
    },
  };
}

/** A Firestore Timestamp `days` after `nowMs`, for TTL. */
export function purgeTime(nowMs: number, days: number): Timestamp {
  return Timestamp.fromMillis(nowMs + days * 86_400_000);
}

function withoutToken(
  quota: LiveQuotaDocument,
  lease: LeaseEntry,
  leaseId: string,
  requestId: string,
): LiveQuotaDocument {
  const { [leaseId]: _token, ...tokens } = quota.tokens;
  const { [requestId]: _request, ...requests } = quota.requests;
  const chargedMs = lease.expiresAt - lease.mintedAt;
  const minted = new Date(lease.mintedAt).toISOString();
  return {
    ...quota,
    tokens,
    requests,
    dayMs: quota.day === minted.slice(0, 10) ? Math.max(0, quota.dayMs - chargedMs) : quota.dayMs,
    monthMs: quota.month === minted.slice(0, 7) ? Math.max(0, quota.monthMs - chargedMs) : quota.monthMs,
  };
}

function withoutLease(session: LiveSessionDocument, lease: LeaseEntry, leaseId: string): LiveSessionDocument {
  const leases = { ...session.leases, [leaseId]: { ...lease, state: 'refused' as const } };
  const standing = Object.values(leases).filter(({ state }) => state !== 'refused');
  const failed = standing.length === 0;
  return {
    ...session,
    leases,
    leased: {
      seconds: Math.max(0, session.leased.seconds - (lease.expiresAt - lease.mintedAt) / 1_000),
      tokens: Math.max(0, session.leased.tokens - 1),
    },
    deadAt: failed ? lease.mintedAt : Math.max(...standing.map(({ expiresAt }) => expiresAt)),
    ...(failed
      ? { state: 'failed' as const, open: false, endedAt: lease.mintedAt, stopReason: 'upstream-refused' }
      : {}),
  };
}

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function isContention(error: unknown): boolean {
  return codeOf(error) === ABORTED;
}
