/**
 * The job of an erasure: how it begins, waits and ends. Every write goes through `run`, so that a crash falls between
 * two transactions.
 * @module
 */
import { DOCUMENTS_VERSION, type LiveErasureDocument, type LiveQuotaDocument } from '@livegate/protocol';
import type { DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import { writeAudit } from './audit.ts';
import {
  entombed,
  isLastAdmin,
  keptUntil,
  liveSessionsOf,
  rolesWithout,
  withoutUid,
} from './erasure-policy.ts';
import { rolesOf } from './operators.ts';
import type { LivePaths } from './paths.ts';
import { auditsByActorQuery, auditsBySubjectQuery, userSessionsQuery, userUsageQuery } from './queries.ts';
import { Refusal } from './refusal.ts';

/** What an erasure works with. */
export interface EraseDependencies {
  readonly paths: LivePaths;
  /** Runs a transaction; the seam at which a test counts and fails. */
  readonly run: <T>(body: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Epoch ms. */
  readonly now: () => number;
  /** A new id: `A-Za-z0-9`, unguessable. */
  readonly newId: () => string;
}

/** Whom to erase, and who says so. */
export interface EraseOrder {
  readonly uid: string;
  /** Uid of an operator, `command`, or `system` for an account that was deleted. */
  readonly actor: string;
  /** Stands in the audit. */
  readonly reason?: string;
  /** `true`: nothing changes, the answer counts. */
  readonly preview?: boolean;
}

/**
 * Opens the erasure, or takes up one that is under way: from here on the user is given no token. Says who did it in
 * the audit, under the pseudonym, once. `null` where nothing was kept, and then nothing is written; a deleted account
 * is blocked in any case until its last ID token has expired. Throws {@link Refusal} `last-admin`.
 */
export async function openErasure(
  { paths, run, now, newId }: EraseDependencies,
  { uid, actor, reason = '' }: EraseOrder,
): Promise<LiveErasureDocument | null> {
  const isKnown = await isNamed(paths, uid);
  const auditId = newId();
  const pseudonym = `erased-${newId()}`;
  return run(async (tx) => {
    const [jobSnapshot, quotaSnapshot, rolesSnapshot] = await tx.getAll(
      paths.erasure(uid),
      paths.quota(uid),
      paths.roles(),
    );
    const before = dataOf<LiveErasureDocument>(jobSnapshot);
    const quota = dataOf<LiveQuotaDocument>(quotaSnapshot);
    const roles = rolesSnapshot?.exists ? rolesOf(rolesSnapshot.data()) : null;
    const others = rolesWithout(roles, uid);
    const isKept = isKnown || quota !== null || others !== null;
    if (!before && !isKept && actor !== 'system') return null;
    if (actor !== 'system' && isLastAdmin(roles, uid))
      throw new Refusal('last-admin', 'The last admin cannot be erased; make another one first.');

    const at = now();
    const job = jobOf(before, { uid, actor, at, pseudonym });
    if (job !== before) tx.set(paths.erasure(uid), job);
    if (others) tx.set(paths.roles(), others);
    const tomb = entombed(quota, at);
    if (tomb) tx.set(paths.quota(uid), tomb);
    if (!before && isKept) {
      const done = {
        act: 'erase-user',
        target: `users/${pseudonym}`,
        subject: pseudonym,
        reason: withoutUid(reason, job),
      } as const;
      writeAudit(tx, paths, { id: auditId, at, actor: actor === uid ? pseudonym : actor, done });
    }
    return job;
  });
}

/** The job as it goes on. The deletion of an account takes a job over: its ID tokens are waited for as well. */
function jobOf(
  before: LiveErasureDocument | null,
  { uid, actor, at, pseudonym }: { uid: string; actor: string; at: number; pseudonym: string },
): LiveErasureDocument {
  if (before && (actor !== 'system' || before.actor === 'system'))
    return before.begun ? before : { ...before, begun: true };
  return {
    v: DOCUMENTS_VERSION,
    uid,
    pseudonym: before?.pseudonym ?? pseudonym,
    requestedAt: at,
    actor,
    dueAt: at,
    begun: true,
  };
}

/** True where a session, a month's sums or the audit name the user. */
async function isNamed(paths: LivePaths, uid: string): Promise<boolean> {
  const queries = [
    userSessionsQuery(paths, uid, 1),
    userUsageQuery(paths, uid, 1),
    auditsBySubjectQuery(paths, uid, 1),
    auditsByActorQuery(paths, uid, 1),
  ];
  const found = await Promise.all(queries.map((query) => query.get()));
  return found.some(({ empty }) => !empty);
}

/** Blocks the user again where an operator let them in meanwhile: an erasure ends before the user comes back. */
export async function keepBlocked(
  { paths, run, now }: EraseDependencies,
  { uid }: LiveErasureDocument,
): Promise<void> {
  await run(async (tx) => {
    const quota = dataOf<LiveQuotaDocument>(await tx.get(paths.quota(uid)));
    const tomb = quota && entombed(quota, now());
    if (tomb) tx.set(paths.quota(uid), tomb);
  });
}

/** Notes when there is something to do again. */
export async function postponeErasure(
  { paths, run }: EraseDependencies,
  { uid, dueAt }: LiveErasureDocument,
  at: number,
): Promise<void> {
  if (at === dueAt) return;
  await run(async (tx) => {
    const job = await tx.get(paths.erasure(uid));
    if (job.exists) tx.update(paths.erasure(uid), { dueAt: at });
  });
}

/** Removes the quota and forgets the pseudonym, where their time has come; otherwise when it comes. */
export async function endErasure(
  { paths, run, now }: EraseDependencies,
  job: LiveErasureDocument,
): Promise<{ readonly ended: boolean; readonly until: number }> {
  return run(async (tx) => {
    const [quotaSnapshot, jobSnapshot] = await tx.getAll(paths.quota(job.uid), paths.erasure(job.uid));
    const quota = dataOf<LiveQuotaDocument>(quotaSnapshot);
    const until = keptUntil(quota, job);
    // Another call may have ended it since: then the quota is that of a user who came back.
    if (dataOf<LiveErasureDocument>(jobSnapshot)?.pseudonym !== job.pseudonym) return { ended: true, until };
    if (until > now()) return { ended: false, until };
    tx.delete(paths.quota(job.uid));
    tx.delete(paths.erasure(job.uid));
    return { ended: true, until };
  });
}

/** Sessions of the user with a token that is alive. */
export async function countLive({ paths, now }: EraseDependencies, uid: string): Promise<number> {
  return liveSessionsOf(dataOf<LiveQuotaDocument>(await paths.quota(uid).get()), now());
}

/** A document's fields; `null` where there is none. */
export function dataOf<T>(snapshot: DocumentSnapshot | undefined): T | null {
  return (snapshot?.data() as T | undefined) ?? null;
}
