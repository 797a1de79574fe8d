/**
 * The accounts of the project, as an operator sees them. An e-mail address is read when it is asked for, and kept nowhere.
 * @module
 */
import type { Auth, UserRecord } from 'firebase-admin/auth';

/** An account. Times in epoch ms. */
export interface AccountView {
  readonly uid: string;
  readonly email: string | null;
  readonly name: string | null;
  /** `password`, `google.com`, …; none for a guest, and for one who signs in with a token of the app's own. */
  readonly providers: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: number | null;
  readonly lastSignInAt: number | null;
  readonly customClaims: Readonly<Record<string, unknown>>;
}

/** Finds accounts. The seam at which tests keep them in memory. */
export interface AccountDirectory {
  /** `null` where there is no such account; rejects where that cannot be known. */
  find(who: { readonly uid: string } | { readonly email: string }): Promise<AccountView | null>;
}

/** An {@link AccountDirectory} on Firebase Auth. */
export function firebaseAccounts(auth: Pick<Auth, 'getUser' | 'getUserByEmail'>): AccountDirectory {
  return {
    async find(who) {
      try {
        return viewOf(await ('uid' in who ? auth.getUser(who.uid) : auth.getUserByEmail(who.email)));
      } catch (error) {
        if (isNobody(error)) return null;
        throw error;
      }
    },
  };
}

function viewOf({
  uid,
  email,
  displayName,
  providerData,
  disabled,
  metadata,
  customClaims = {},
}: UserRecord): AccountView {
  return {
    uid,
    email: email ?? null,
    name: displayName ?? null,
    providers: providerData.map(({ providerId }) => providerId),
    disabled,
    createdAt: timeOf(metadata.creationTime),
    lastSignInAt: timeOf(metadata.lastSignInTime),
    customClaims,
  };
}

function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

/** What is no address belongs to nobody. */
function isNobody(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'auth/user-not-found' || code === 'auth/invalid-email';
}
