/**
 * Orders an erasure, which the deployed functions carry out.
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  COLLECTIONS,
  DOCUMENTS_VERSION,
  type LiveAuditDocument,
  type LiveErasureDocument,
  type LiveRolesDocument,
} from '@livegate/protocol';
import type { Transaction } from 'firebase-admin/firestore';
import type { OperateBooks } from './operate-roles.ts';

/**
 * Writes the job that `sweepLiveSessions` carries out: it comes every five minutes, blocks the user, and removes what
 * is kept of them. A repeat changes nothing. Throws for the last admin.
 */
export async function orderErasure(
  { db, names = COLLECTIONS, reason = '' }: OperateBooks,
  uid: string,
): Promise<string> {
  const job = db.doc(`${names.erasures}/${uid}`);
  const pseudonym = `erased-${randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const entry = db.collection(names.audit).doc(randomUUID());
  const at = Date.now();
  const isNew = await db.runTransaction(async (tx: Transaction) => {
    const [before, found] = await tx.getAll(job, db.doc(`${names.config}/roles`));
    if (before?.exists) return false;
    const admins = (found?.data() as LiveRolesDocument | undefined)?.admins ?? [];
    if (admins.includes(uid) && admins.length === 1)
      throw new Error('The last admin cannot be erased. Make another one first, with grant-admin.');
    tx.create(job, {
      v: DOCUMENTS_VERSION,
      uid,
      pseudonym,
      requestedAt: at,
      actor: 'command',
      dueAt: at,
    } satisfies LiveErasureDocument & { readonly dueAt: number });
    tx.create(entry, {
      v: DOCUMENTS_VERSION,
      at,
      actor: 'command',
      act: 'erase-user',
      target: `users/${pseudonym}`,
      subject: pseudonym,
      reason: reason.replaceAll(uid, pseudonym),
      before: null,
      after: null,
    } satisfies LiveAuditDocument);
    return true;
  });
  return isNew
    ? `The erasure of ${uid} is ordered. sweepLiveSessions begins with it within five minutes; ${job.path} goes ` +
        'when all is done, which is when their last token is dead and the UTC day of its charge is over.'
    : `The erasure of ${uid} is under way; ${job.path} goes when all is done.`;
}
