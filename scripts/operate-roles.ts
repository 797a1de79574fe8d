/**
 * Operators: the claim `livegate` that lets them in, and `liveConfig/roles` that counts them.
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  COLLECTIONS,
  type CollectionNames,
  DOCUMENTS_VERSION,
  type LiveAuditDocument,
  type LiveRolesDocument,
} from '@livegate/protocol';
import type { Auth, UserRecord } from 'firebase-admin/auth';
import type { Firestore, Transaction } from 'firebase-admin/firestore';
import type { WhichUser } from './operate-order.ts';

/** A role; `null` for none. */
export type Role = 'viewer' | 'admin' | null;

/** Where the books are, and how the audit tells of what is done. */
export interface OperateBooks {
  readonly db: Firestore;
  readonly names?: CollectionNames;
  /** Stands in the audit. */
  readonly reason?: string;
}

/**
 * The operators with one user's role changed; `null` where it is so already. A role of the user that was on its way
 * to Auth is dropped: this one counts.
 */
export function rolesWith(
  roles: LiveRolesDocument | null,
  { uid, role }: { readonly uid: string; readonly role: Role },
): LiveRolesDocument | null {
  const { admins = [], viewers = [], pending } = roles ?? {};
  const isPending = pending !== undefined && Object.hasOwn(pending, uid);
  const isSo = admins.includes(uid) === (role === 'admin') && viewers.includes(uid) === (role === 'viewer');
  if (isSo && !isPending) return null;
  const listed = (uids: readonly string[], isOne: boolean): readonly string[] => [
    ...uids.filter((each) => each !== uid),
    ...(isOne ? [uid] : []),
  ];
  const { [uid]: _dropped, ...others } = pending ?? {};
  return {
    v: DOCUMENTS_VERSION,
    admins: listed(admins, role === 'admin'),
    viewers: listed(viewers, role === 'viewer'),
    ...(pending === undefined ? {} : { pending: others }),
  };
}

/**
 * Notes a role in `liveConfig/roles`, with an entry in the audit; false where it stood there already and `isNew` is
 * not said: then nothing is written. Throws where the last admin would go. The claim is the caller's to set.
 */
export async function recordRole(
  { db, names = COLLECTIONS, reason = '' }: OperateBooks,
  change: { readonly uid: string; readonly role: Role; readonly isNew?: boolean },
): Promise<boolean> {
  const { uid, role } = change;
  const place = db.doc(`${names.config}/roles`);
  const entry = db.collection(names.audit).doc(randomUUID());
  return db.runTransaction(async (tx: Transaction) => {
    const before = ((await tx.get(place)).data() as LiveRolesDocument | undefined) ?? null;
    const after = rolesWith(before, change);
    if (after && before?.admins.includes(uid) && after.admins.length === 0)
      throw new Error('This is the last admin. Make another one first, with grant-admin.');
    if (!after && !change.isNew) return false;
    if (after) tx.set(place, after);
    tx.create(entry, {
      v: DOCUMENTS_VERSION,
      at: Date.now(),
      actor: 'command',
      act: 'set-role',
      target: `users/${uid}`,
      subject: uid,
      reason,
      before: { role: roleIn(before, uid) },
      after: { role },
    } satisfies LiveAuditDocument);
    return true;
  });
}

function roleIn(roles: LiveRolesDocument | null, uid: string): Role {
  if (roles?.admins.includes(uid)) return 'admin';
  return roles?.viewers.includes(uid) ? 'viewer' : null;
}

/**
 * Makes an admin: the claim `livegate` beside the user's other claims, then the count and the audit. A repeat writes
 * nothing, and mends what a crash left half done. The answer says what happened. Throws for a user that does not
 * exist.
 */
export async function grantAdmin(auth: Auth, books: OperateBooks, which: WhichUser): Promise<string> {
  const user = await userOf(auth, which);
  const isNew = user.customClaims?.livegate !== 'admin';
  if (isNew) await writeClaims(auth, user, { ...user.customClaims, livegate: 'admin' });
  const recorded = await recordRole(books, { uid: user.uid, role: 'admin', isNew });
  return isNew || recorded
    ? `${nameOf(user)} is an admin now. It counts from their next sign-in, or from the next hour's token.`
    : `${nameOf(user)} is an admin already.`;
}

/**
 * Takes a user's role: the count first, which keeps the last admin; then the claim, and every refresh token, so that
 * the last ID token with the role expires within the hour. A user that is gone is taken from the count.
 */
export async function revokeRole(auth: Auth, books: OperateBooks, which: WhichUser): Promise<string> {
  const user = await userOf(auth, which).catch((error: unknown) => {
    if (error instanceof UnknownUser && 'uid' in which) return null;
    throw error;
  });
  const uid = user?.uid ?? ('uid' in which ? which.uid : '');
  const isNew = user?.customClaims?.livegate !== undefined;
  const recorded = await recordRole(books, { uid, role: null, isNew });
  if (user && isNew) {
    const { livegate: _role, ...others } = user.customClaims ?? {};
    await writeClaims(auth, user, others);
    await auth.revokeRefreshTokens(uid);
  }
  const name = user ? nameOf(user) : uid;
  if (!user && !recorded) throw new UnknownUser(which);
  return isNew || recorded
    ? `${name} has no role any more. An ID token that carries it is valid for an hour at most.`
    : `${name} has no role.`;
}

/** A user that Authentication does not know. */
class UnknownUser extends Error {
  constructor(which: WhichUser, options?: ErrorOptions) {
    const said = 'uid' in which ? `the uid ${which.uid}` : `the address ${which.email}`;
    super(
      `No user of this project has ${said}. They have to sign in to the app once, or be added under ` +
        'Authentication in the Firebase console.',
      options,
    );
  }
}

async function userOf(auth: Auth, which: WhichUser): Promise<UserRecord> {
  try {
    return await ('uid' in which ? auth.getUser(which.uid) : auth.getUserByEmail(which.email));
  } catch (error) {
    if (isUnknown(error)) throw new UnknownUser(which, { cause: error });
    throw error;
  }
}

function isUnknown(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'auth/user-not-found'
  );
}

async function writeClaims(auth: Auth, { uid }: UserRecord, claims: object): Promise<void> {
  await auth.setCustomUserClaims(uid, Object.keys(claims).length === 0 ? null : claims);
}

function nameOf({ uid, email }: UserRecord): string {
  return email === undefined ? uid : `${email} (${uid})`;
}
