/**
 * The door of the operators' callables: a token says who they were at sign-in, the user's record who they are now.
 * @module
 */
import type { Auth } from 'firebase-admin/auth';
import { Refusal } from './refusal.ts';

/** Roles of operators, the lesser first. */
export type OperatorRole = 'viewer' | 'admin';

/** Name of the one custom claim that is Livegate's. */
export const ROLE_CLAIM = 'livegate';

/** Longest time since an operator signed in, in ms. Ours. */
export const SIGN_IN_LIFE_MS = 12 * 3_600_000;

/** What is read of a user's record. */
export interface UserRecordView {
  readonly disabled: boolean;
  readonly customClaims: Readonly<Record<string, unknown>>;
  /** Epoch ms, whole seconds: tokens of an earlier sign-in were revoked. `null` where there never was such a time. */
  readonly tokensValidAfter: number | null;
}

/** The users of the project. The seam at which tests keep them in memory. */
export interface UserDirectory {
  /** `null` where there is no such user; rejects where that cannot be known. */
  read(uid: string): Promise<UserRecordView | null>;
  /** Replaces all custom claims. */
  setClaims(uid: string, claims: Readonly<Record<string, unknown>>): Promise<void>;
  /** Every sign-in so far ends; ID tokens that are out live for up to an hour. */
  revokeTokens(uid: string): Promise<void>;
}

/** A {@link UserDirectory} on Firebase Auth. */
export function firebaseUsers(
  auth: Pick<Auth, 'getUser' | 'setCustomUserClaims' | 'revokeRefreshTokens'>,
): UserDirectory {
  return {
    async read(uid) {
      try {
        const { disabled, customClaims = {}, tokensValidAfterTime } = await auth.getUser(uid);
        const validAfter = tokensValidAfterTime === undefined ? null : Date.parse(tokensValidAfterTime);
        return { disabled, customClaims, tokensValidAfter: validAfter };
      } catch (error) {
        if (isUserNotFound(error)) return null;
        throw error;
      }
    },
    setClaims: (uid, claims) => auth.setCustomUserClaims(uid, claims),
    revokeTokens: (uid) => auth.revokeRefreshTokens(uid),
  };
}

function isUserNotFound(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'auth/user-not-found'
  );
}

/** The role in custom claims, of a token or of a record. */
export function roleIn(claims: Readonly<Record<string, unknown>>): OperatorRole | null {
  const role = claims[ROLE_CLAIM];
  return role === 'viewer' || role === 'admin' ? role : null;
}

/** An operator who was let in. */
export interface Operator {
  readonly uid: string;
}

/**
 * Lets an operator in by a verified token and by the user's record as it is at this moment. An admin may do what a
 * viewer may. Throws {@link Refusal}: `not-operator`, also where the record cannot be read; `sign-in-old` where the
 * sign-in is {@link SIGN_IN_LIFE_MS} old.
 */
export async function checkOperator(
  auth: { readonly uid: string; readonly token: Readonly<Record<string, unknown>> } | undefined,
  need: OperatorRole,
  { users, now }: { readonly users: Pick<UserDirectory, 'read'>; readonly now: () => number },
): Promise<Operator> {
  if (!auth || !mayAct(auth.token, need)) throw notOperator(need);
  const signedInMs = signInTime(auth.token);
  if (signedInMs === null || now() - signedInMs >= SIGN_IN_LIFE_MS)
    throw new Refusal('sign-in-old', 'This sign-in is too old for an operator; sign in again.');
  const record = await readClosed(users, auth.uid);
  if (!record || record.disabled || !mayAct(record.customClaims, need)) throw notOperator(need);
  // `!(a <= b)`: a time that is no number lets nobody in.
  if (record.tokensValidAfter !== null && !(record.tokensValidAfter <= signedInMs)) throw notOperator(need);
  return { uid: auth.uid };
}

function mayAct(claims: Readonly<Record<string, unknown>>, need: OperatorRole): boolean {
  const role = roleIn(claims);
  return role === 'admin' || (role === 'viewer' && need === 'viewer');
}

/** `auth_time` of an ID token stands in s. */
function signInTime({ auth_time }: Readonly<Record<string, unknown>>): number | null {
  return typeof auth_time === 'number' && Number.isFinite(auth_time) ? auth_time * 1_000 : null;
}

async function readClosed(users: Pick<UserDirectory, 'read'>, uid: string): Promise<UserRecordView | null> {
  try {
    return await users.read(uid);
  } catch (cause) {
    throw new Refusal(
      'not-operator',
      'Your account could not be looked up, so nothing was done; ask again.',
      {},
      { cause },
    );
  }
}

function notOperator(need: OperatorRole): Refusal {
  return new Refusal(
    'not-operator',
    need === 'admin' ? 'This is for admins.' : 'This is for operators: viewers and admins.',
  );
}
