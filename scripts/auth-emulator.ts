/**
 * Users of the Auth emulator, made and signed in over its REST interface.
 * @module
 */

/** Which emulator. */
export interface AuthEmulator {
  readonly projectId: string;
  readonly hosts: { readonly auth: string };
}

/** A user who is signed in. `idToken` lives an hour. */
export interface SignedIn {
  readonly uid: string;
  readonly idToken: string;
}

/** A user to make. */
export interface NewUser {
  readonly email: string;
  readonly password: string;
  /** Custom claims, in every token from then on. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Makes a user with a password. Rejects where the address is taken. */
export async function createUser(emulator: AuthEmulator, user: NewUser): Promise<string> {
  const { localId } = await post(emulator, `projects/${emulator.projectId}/accounts`, {
    email: user.email,
    password: user.password,
    emailVerified: true,
  });
  if (user.claims !== undefined) await setClaims(emulator, { uid: localId, claims: user.claims });
  return localId;
}

/** Replaces a user's custom claims; tokens made from then on carry them. */
export async function setClaims(
  emulator: AuthEmulator,
  { uid, claims }: { readonly uid: string; readonly claims: Readonly<Record<string, unknown>> },
): Promise<void> {
  await post(emulator, `projects/${emulator.projectId}/accounts:update`, {
    localId: uid,
    customAttributes: JSON.stringify(claims),
  });
}

/** Signs a user in with a password. */
export async function signInWithPassword(
  emulator: AuthEmulator,
  { email, password }: Pick<NewUser, 'email' | 'password'>,
): Promise<SignedIn> {
  const body = { email, password, returnSecureToken: true };
  return signedIn(await post(emulator, 'accounts:signInWithPassword', body));
}

/** Makes a user without a name and signs them in. */
export async function signInAnonymously(emulator: AuthEmulator): Promise<SignedIn> {
  return signedIn(await post(emulator, 'accounts:signUp', { returnSecureToken: true }));
}

interface AuthAnswer {
  readonly localId: string;
  readonly idToken?: string;
}

function signedIn({ localId, idToken = '' }: AuthAnswer): SignedIn {
  return { uid: localId, idToken };
}

/** `Bearer owner` is the emulator's own administrator. Where no project is named, a key's project counts. */
async function post(emulator: AuthEmulator, path: string, body: object): Promise<AuthAnswer> {
  const asOwner = path.startsWith('projects/');
  const response = await fetch(
    `http://${emulator.hosts.auth}/identitytoolkit.googleapis.com/v1/${path}${asOwner ? '' : '?key=demo'}`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(asOwner ? { authorization: 'Bearer owner' } : {}),
      },
      body: JSON.stringify(body),
    },
  );
  if (!response.ok) throw new Error(`The Auth emulator refused ${path}: ${await response.text()}`);
  return (await response.json()) as AuthAnswer;
}
