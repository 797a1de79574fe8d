/**
 * The books of mints and reports: their transactions.
 * @module
 */
import type {
  LeaseEntry,
  LiveEventsDocument,
  LiveQuotaDocument,
  LiveSessionDocument,
} from '@livegate/protocol';
import { type DocumentReference, Timestamp } from 'firebase-admin/firestore';
import type { FullMemory } from './full-memory.ts';
import type { MintGrant } from './mint-policy.ts';
import type { LivePaths } from './paths.ts';
import { emptyQuota, quotaWithout } from './quota-window.ts';
import type { SessionChange } from './report-policy.ts';
import { sessionWithout } from './session-document.ts';
import { checkShares, giveBackShares, readSharedRoom, type SharedBounds } from './shared-budgets.ts';
import { type Spend, spendOn } from './spend-policy.ts';
import { type TransactionOptions, transactionsOn } from './transactions.ts';

/** Which documents a reservation is about. */
export interface MintPlace {
  readonly uid: string;
  readonly sessionId: string;
  /** False at a start: the session does not exist yet, and is not read. */
  readonly continues: boolean;
  /** What it shares with others. */
  readonly bounds: SharedBounds;
}

/** A token that was reserved and is to be given back. */
export interface Reserved {
  readonly leaseId: string;
  readonly requestId: string;
  /** Shares of common bounds that it was charged to as well. */
  readonly paidFrom: readonly DocumentReference[];
}

/** What a reservation does with what it reads. Both may throw a {@link Refusal}; nothing is written then. */
export interface ReserveSteps<T> {
  /** Judges by the quota alone: the one read of a refusal. Asked again with what shared bounds leave, in ms. */
  decide(quota: LiveQuotaDocument | null, sharedLeftMs?: number): MintGrant;
  /** The session as the grant leaves it, and what the caller goes on with. */
  build(
    grant: MintGrant,
    session: LiveSessionDocument | null,
  ): Promise<{ readonly session: LiveSessionDocument; readonly outcome: T }>;
}

/** A reservation that was written. */
export interface ReservedMint<T> {
  readonly grant: MintGrant;
  readonly outcome: T;
  /** Shares of common bounds that it was charged to as well. */
  readonly paidFrom: readonly DocumentReference[];
}

/** A report as it is to be written. */
export interface ReportWrite {
  readonly change: SessionChange;
  /** What the report tells; `null` where it tells nothing. `id` is the same for a batch that is sent again. */
  readonly batch: { readonly id: string; readonly document: LiveEventsDocument } | null;
  /** What the report adds to the day's spend of the user; `null` where no policy bounds that. */
  readonly spend: Spend | null;
}

/** The books. One instance per process. */
export interface Store {
  /**
   * Reads, lets `steps` decide, and writes the grant, all in one transaction. Throws {@link Refusal} `contention`
   * when Firestore gives up.
   */
  reserve<T>(place: MintPlace, steps: ReserveSteps<T>, full: FullMemory): Promise<ReservedMint<T>>;
  /** Gives a reservation back: the service refused, so no token exists. */
  giveBack(place: MintPlace, reserved: Reserved): Promise<void>;
  /** Notes that nobody knows whether the token exists. It stays charged. */
  keep(sessionId: string, leaseId: string): Promise<void>;
  /** The user's quota as it stands; one read. */
  quota(uid: string): Promise<LiveQuotaDocument | null>;
  /** Reads the session, lets `judge` decide (`null`: nothing changes), and writes. */
  report(
    sessionId: string,
    judge: (session: LiveSessionDocument | null) => ReportWrite | null,
  ): Promise<{ readonly changed: boolean; readonly session: LiveSessionDocument | null }>;
}

/** Days a quota that nobody uses is kept: longer than its longest window. */
export const QUOTA_DAYS = 62;

/** A {@link Store} on Firestore. `random` answers 0 ≤ x < 1. */
export function createStore(paths: LivePaths, options: TransactionOptions = {}): Store {
  const { random = Math.random } = options;
  const run = transactionsOn(paths.db, options);

  return {
    quota: async (uid) => ((await paths.quota(uid).get()).data() as LiveQuotaDocument | undefined) ?? null,

    reserve: async (place, steps, full) => {
      checkShares(paths, place.bounds, full);
      return run(async (tx) => {
        const quotaRef = paths.quota(place.uid);
        const sessionRef = paths.session(place.sessionId);
        const quota = ((await tx.get(quotaRef)).data() as LiveQuotaDocument | undefined) ?? null;
        const wanted = steps.decide(quota).window;
        const shared = await readSharedRoom(tx, paths, { bounds: place.bounds, wanted, random, full });
        const grant = steps.decide(quota, shared.leftMs);
        const before = place.continues
          ? (((await tx.get(sessionRef)).data() as LiveSessionDocument | undefined) ?? null)
          : null;
        const { session, outcome } = await steps.build(grant, before);
        tx.set(quotaRef, { ...grant.quota, purgeAt: purgeTime(grant.window.mintedAt, QUOTA_DAYS) });
        tx.set(sessionRef, session);
        shared.pay(tx, grant.window);
        return { grant, outcome, paidFrom: shared.paidFrom };
      });
    },

    giveBack: ({ uid, sessionId }, reserved) =>
      run(async (tx) => {
        const quotaRef = paths.quota(uid);
        const sessionRef = paths.session(sessionId);
        const [quotaSnapshot, sessionSnapshot, ...shares] = await tx.getAll(
          quotaRef,
          sessionRef,
          ...reserved.paidFrom,
        );
        const quota = quotaSnapshot?.data() as LiveQuotaDocument | undefined;
        const session = sessionSnapshot?.data() as LiveSessionDocument | undefined;
        const lease = session?.leases[reserved.leaseId];
        if (!session || !lease || lease.state === 'refused') return;
        if (quota) tx.set(quotaRef, quotaWithout(quota, lease, reserved));
        tx.set(sessionRef, sessionWithout(session, reserved.leaseId));
        giveBackShares(tx, shares, lease);
      }),

    keep: async (sessionId, leaseId) => {
      await paths
        .session(sessionId)
        .update({ [`leases.${leaseId}.state`]: 'kept' satisfies LeaseEntry['state'] });
    },

    report: (sessionId, judge) =>
      run(async (tx) => {
        const ref = paths.session(sessionId);
        const session = ((await tx.get(ref)).data() as LiveSessionDocument | undefined) ?? null;
        const write = judge(session);
        if (!write || !session) return { changed: false, session };
        const quotaRef = write.spend && paths.quota(session.uid);
        const stored = quotaRef && ((await tx.get(quotaRef)).data() as LiveQuotaDocument | undefined);
        tx.update(ref, { ...write.change });
        if (write.batch) tx.set(paths.events(sessionId).doc(write.batch.id), write.batch.document);
        if (write.spend && quotaRef) {
          const { at } = write.spend;
          const reported = spendOn(stored?.reported, write.spend);
          if (stored) tx.update(quotaRef, { reported });
          else tx.set(quotaRef, { ...emptyQuota(at, 0), reported, purgeAt: purgeTime(at, QUOTA_DAYS) });
        }
        return { changed: true, session: { ...session, ...write.change } };
      }),
  };
}

/** A Firestore Timestamp `days` after `nowMs`, for TTL. */
export function purgeTime(nowMs: number, days: number): Timestamp {
  return Timestamp.fromMillis(nowMs + days * 86_400_000);
}
