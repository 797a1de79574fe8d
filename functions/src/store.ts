/**
 * Every Firestore path and transaction.
 * @module
 */
import {
  COLLECTIONS,
  type LeaseEntry,
  type LiveEventsDocument,
  type LiveQuotaDocument,
  type LiveSessionDocument,
} from '@livegate/protocol';
import { type Firestore, Timestamp, type Transaction } from 'firebase-admin/firestore';
import type { MintGrant } from './mint-policy.ts';
import { readConfig, readPolicy, readTemplate } from './policy-document.ts';
import { deadSessionsQuery } from './queries.ts';
import { quotaWithout } from './quota-window.ts';
import { Refusal } from './refusal.ts';
import type { SessionChange } from './report-policy.ts';
import { sessionWithout } from './session-document.ts';
import type { SettingsSource } from './settings.ts';

/** Which documents a reservation is about. */
export interface MintPlace {
  readonly uid: string;
  readonly sessionId: string;
  /** False at a start: the session does not exist yet, and is not read. */
  readonly continues: boolean;
}

/** A token that was reserved and is to be given back. */
export interface Reserved {
  readonly leaseId: string;
  readonly requestId: string;
}

/** What a reservation does with what it reads. Both may throw a {@link Refusal}; nothing is written then. */
export interface ReserveSteps<T> {
  /** Judges by the quota alone: the one read of a refusal. */
  decide(quota: LiveQuotaDocument | null): MintGrant;
  /** The session as the grant leaves it, and what the caller goes on with. */
  build(
    grant: MintGrant,
    session: LiveSessionDocument | null,
  ): Promise<{ readonly session: LiveSessionDocument; readonly outcome: T }>;
}

/** A report as it is to be written. */
export interface ReportWrite {
  readonly change: SessionChange;
  /** What the report tells; `null` where it tells nothing. `id` is the same for a batch that is sent again. */
  readonly batch: { readonly id: string; readonly document: LiveEventsDocument } | null;
}

/** Runs `body` as one transaction. The seam at which a test takes the transaction away. */
export type TransactionRunner = <T>(
  db: Firestore,
  body: (transaction: Transaction) => Promise<T>,
) => Promise<T>;

const inTransaction: TransactionRunner = (db, body) => db.runTransaction(body);

/** The books. One instance per process. */
export interface Store extends SettingsSource {
  /**
   * Reads, lets `steps` decide, and writes the grant, all in one transaction. Throws {@link Refusal} `contention`
   * when Firestore gives up.
   */
  reserve<T>(
    place: MintPlace,
    steps: ReserveSteps<T>,
  ): Promise<{ readonly grant: MintGrant; readonly outcome: T }>;
  /** Gives a reservation back: the service refused, so no token exists. */
  giveBack(place: MintPlace, reserved: Reserved): Promise<void>;
  /** Notes that nobody knows whether the token exists. It stays charged. */
  keep(sessionId: string, leaseId: string): Promise<void>;
  /** True where the user is blocked. */
  isBlocked(uid: string): Promise<boolean>;
  /** Reads the session, lets `judge` decide (`null`: nothing changes), and writes. */
  report(
    sessionId: string,
    judge: (session: LiveSessionDocument | null) => ReportWrite | null,
  ): Promise<{ readonly changed: boolean; readonly session: LiveSessionDocument | null }>;
  /** Closes the books of at most `limit` sessions of one shard whose last token was dead at `now`. */
  closeBooks(
    shard: number,
    now: number,
    limit: number,
  ): Promise<{ readonly found: number; readonly closed: number }>;
}

/** How long, in ms, a caller waits after contention: somewhere in this range, so that a burst spreads out. */
const CONTENTION_WAIT_MS = { least: 500, most: 2_500 } as const;
/** Books that are closed at the same time. */
const CLOSED_AT_ONCE = 25;

/** A {@link Store} on Firestore. `random` answers 0 ≤ x < 1. */
export function createStore(
  db: Firestore,
  options: { readonly transaction?: TransactionRunner; readonly random?: () => number } = {},
): Store {
  const { transaction = inTransaction, random = Math.random } = options;
  const sessions = db.collection(COLLECTIONS.sessions);
  const quotas = db.collection(COLLECTIONS.quotas);
  const read = async (path: string): Promise<unknown> => (await db.doc(path).get()).data();
  const run = async <T>(body: (transaction: Transaction) => Promise<T>): Promise<T> => {
    try {
      return await transaction(db, body);
    } catch (error) {
      if (codeOf(error) !== ABORTED) throw error;
      const { least, most } = CONTENTION_WAIT_MS;
      throw new Refusal(
        'contention',
        'Too many requests of this user at once; ask again.',
        { retryAfterMs: Math.round(least + random() * (most - least)) },
        { cause: error },
      );
    }
  };

  return {
    policy: async (id) => readPolicy(id, await read(`${COLLECTIONS.policies}/${id}`)),
    config: async () => readConfig(await read(`${COLLECTIONS.config}/global`)),
    template: async (id, version) => {
      const path = `${COLLECTIONS.templates}/${id}`;
      const old = version === undefined ? undefined : await read(`${path}/versions/${version}`);
      const template = readTemplate(id, old ?? (await read(path)));
      // A version that was never put aside may still be the current one; another is not a substitute for it.
      return version === undefined || template?.version === version ? template : null;
    },
    isBlocked: async (uid) =>
      ((await quotas.doc(uid).get()).data() as LiveQuotaDocument | undefined)?.blocked != null,

    reserve: (place, steps) =>
      run(async (tx) => {
        const quotaRef = quotas.doc(place.uid);
        const sessionRef = sessions.doc(place.sessionId);
        const quota = ((await tx.get(quotaRef)).data() as LiveQuotaDocument | undefined) ?? null;
        const grant = steps.decide(quota);
        const before = place.continues
          ? (((await tx.get(sessionRef)).data() as LiveSessionDocument | undefined) ?? null)
          : null;
        const { session, outcome } = await steps.build(grant, before);
        tx.set(quotaRef, grant.quota);
        tx.set(sessionRef, session);
        return { grant, outcome };
      }),

    giveBack: ({ uid, sessionId }, reserved) =>
      run(async (tx) => {
        const quotaRef = quotas.doc(uid);
        const sessionRef = sessions.doc(sessionId);
        const [quotaSnapshot, sessionSnapshot] = await tx.getAll(quotaRef, sessionRef);
        const quota = quotaSnapshot?.data() as LiveQuotaDocument | undefined;
        const session = sessionSnapshot?.data() as LiveSessionDocument | undefined;
        const lease = session?.leases[reserved.leaseId];
        if (!session || !lease || lease.state === 'refused') return;
        if (quota) tx.set(quotaRef, quotaWithout(quota, lease, reserved));
        tx.set(sessionRef, sessionWithout(session, reserved.leaseId));
      }),

    keep: async (sessionId, leaseId) => {
      await sessions
        .doc(sessionId)
        .update({ [`leases.${leaseId}.state`]: 'kept' satisfies LeaseEntry['state'] });
    },

    report: (sessionId, judge) =>
      run(async (tx) => {
        const ref = sessions.doc(sessionId);
        const session = ((await tx.get(ref)).data() as LiveSessionDocument | undefined) ?? null;
        const write = judge(session);
        if (!write || !session) return { changed: false, session };
        tx.update(ref, { ...write.change });
        if (write.batch) tx.set(ref.collection('events').doc(write.batch.id), write.batch.document);
        return { changed: true, session: { ...session, ...write.change } };
      }),

    closeBooks: async (shard, now, limit) => {
      const { docs } = await deadSessionsQuery(db, shard, now, limit).get();
      let closed = 0;
      for (let from = 0; from < docs.length; from += CLOSED_AT_ONCE) {
        await Promise.all(
          docs.slice(from, from + CLOSED_AT_ONCE).map(async (snapshot) => {
            const { state, endedAt, deadAt } = snapshot.data() as LiveSessionDocument;
            const final = state === 'reserved' || state === 'active' ? 'expired' : state;
            try {
              // A session that was renewed since the query is not closed: its document is a newer one.
              await snapshot.ref.update(
                { open: false, state: final, endedAt: endedAt ?? deadAt },
                { lastUpdateTime: snapshot.updateTime },
              );
              closed += 1;
            } catch (error) {
              if (codeOf(error) !== FAILED_PRECONDITION && codeOf(error) !== NOT_FOUND) throw error;
            }
          }),
        );
      }
      return { found: docs.length, closed };
    },
  };
}

/** A Firestore Timestamp `days` after `nowMs`, for TTL. */
export function purgeTime(nowMs: number, days: number): Timestamp {
  return Timestamp.fromMillis(nowMs + days * 86_400_000);
}

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

/** The gRPC code of a Firestore error. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
