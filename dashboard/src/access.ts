import { isObject } from '@livegate/protocol';
import { type Auth, onIdTokenChanged } from 'firebase/auth';

/** What an operator may do. `viewer` reads; `admin` also acts. */
export type Role = 'viewer' | 'admin';

/** Who is in front of the page. */
export type Access =
  | { readonly kind: 'checking' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'denied'; readonly name: string }
  | { readonly kind: 'granted'; readonly uid: string; readonly name: string; readonly role: Role };

/**
 * The role in an ID token's claims, `undefined` for none. It decides what the page shows; what it may read is
 * decided again by the security rules.
 */
export function roleOf(claims: unknown): Role | undefined {
  const role = isObject(claims) ? claims.livegate : undefined;
  return role === 'viewer' || role === 'admin' ? role : undefined;
}

/** Follows sign-in, sign-out and every new token, so that a role given or taken counts at the next one. */
export function watchAccess(auth: Auth, listener: (access: Access) => void): () => void {
  let latest = 0;
  return onIdTokenChanged(auth, async (user) => {
    latest += 1;
    const turn = latest;
    if (user === null) return listener({ kind: 'signed-out' });
    const name = user.email ?? user.uid;
    const role = await user.getIdTokenResult().then(
      ({ claims }) => roleOf(claims),
      () => undefined,
    );
    // A sign-out may have overtaken the token.
    if (turn !== latest) return;
    listener(role === undefined ? { kind: 'denied', name } : { kind: 'granted', uid: user.uid, name, role });
  });
}

/** Asks for a new token, so that a role given since the last one counts now. */
export async function refreshAccess(auth: Auth): Promise<void> {
  await auth.currentUser?.getIdToken(true);
}

const SIGN_IN_PROBLEMS: Readonly<Record<string, string>> = {
  'auth/invalid-credential': 'The address and the password do not belong together.',
  'auth/invalid-email': 'This is not an e-mail address.',
  'auth/missing-password': 'Enter the password.',
  'auth/network-request-failed': 'The sign-in service cannot be reached. Check the connection and try again.',
  'auth/popup-blocked': 'The browser blocked the pop-up. Allow pop-ups for this page and try again.',
  'auth/too-many-requests': 'Too many attempts. Wait a few minutes and try again.',
  'auth/user-disabled': 'This account is disabled.',
  'auth/user-not-found': 'The address and the password do not belong together.',
  'auth/wrong-password': 'The address and the password do not belong together.',
};

/** A failed sign-in in words with what to do; `undefined` where the operator changed their mind. */
export function signInProblem(error: unknown): string | undefined {
  const code = isObject(error) && typeof error.code === 'string' ? error.code : 'unknown';
  if (code === 'auth/popup-closed-by-user' || code === 'auth/cancelled-popup-request') return undefined;
  return SIGN_IN_PROBLEMS[code] ?? `Sign-in failed (${code}).`;
}
