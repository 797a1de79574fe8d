/**
 * What a test does as a user, an operator or a server: signing in, calling a function, reading what was written.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll } from 'vitest';
import { openAdminFirestore } from '../../scripts/admin-firestore.ts';
import * as auth from '../../scripts/auth-emulator.ts';
import { SEEDED_ADMIN } from '../../scripts/seed-documents.ts';
import { useStack } from './stack.ts';

/** A user who is signed in. */
export type { SignedIn } from '../../scripts/auth-emulator.ts';

/** A new user without a name. */
export function signInAnonymously(): Promise<auth.SignedIn> {
  return auth.signInAnonymously(useStack());
}

/** A new user with an address, a password and, where given, custom claims: `livegate`, `livegatePolicy`. */
export async function signInAsNewUser(
  claims: Readonly<Record<string, unknown>> = {},
): Promise<auth.SignedIn & { readonly email: string; readonly password: string }> {
  const user = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  await auth.createUser(useStack(), { ...user, claims });
  return { ...user, ...(await auth.signInWithPassword(useStack(), user)) };
}

/** The seeded operator. */
export function signInAsSeededAdmin(): Promise<auth.SignedIn> {
  return auth.signInWithPassword(useStack(), SEEDED_ADMIN);
}

/** What a callable answered: `result` or `error`, as the callable protocol has them. */
export interface CallAnswer<T> {
  /** HTTP status. */
  readonly status: number;
  readonly result?: T;
  /** `status` is the code in capitals, such as `INVALID_ARGUMENT`. */
  readonly error?: {
    readonly status: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** Calls a function in the wire form of callables. Without `idToken` the caller is nobody. */
export async function callFunction<T = unknown>(
  name: string,
  {
    data,
    idToken,
    headers = {},
    functionsUrl = useStack().functionsUrl,
  }: {
    readonly data: unknown;
    readonly idToken?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Another stack's. */
    readonly functionsUrl?: string;
  },
): Promise<CallAnswer<T>> {
  const response = await fetch(`${functionsUrl}/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(idToken === undefined ? {} : { authorization: `Bearer ${idToken}` }),
      ...headers,
    },
    body: JSON.stringify({ data }),
  });
  const body = (await response.json()) as Omit<CallAnswer<T>, 'status'>;
  return { status: response.status, ...body };
}

/** Firestore without rules, opened before the tests of a file (or `describe`) and closed after them. */
export function useAdminFirestore(): () => Firestore {
  let database: Firestore | undefined;
  beforeAll(() => {
    database = openAdminFirestore(useStack());
  });
  afterAll(async () => {
    await database?.terminate();
  });
  return () => {
    if (database === undefined) throw new Error('Firestore is open inside tests and hooks only.');
    return database;
  };
}
