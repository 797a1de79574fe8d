/**
 * What a page knows of something it watches in Firestore, and how a snapshot or a failure changes it. Pure.
 * @module
 */
import { isObject } from '@livegate/protocol';

/** What is watched, as far as it is known. `offline` values are the last ones known. */
export type Watched<T> =
  | { readonly kind: 'loading'; readonly offline: boolean }
  | { readonly kind: 'ready'; readonly value: T; readonly offline: boolean }
  | { readonly kind: 'failed'; readonly problem: string };

/** Nothing known yet. */
export const LOADING = { kind: 'loading', offline: false } as const satisfies Watched<never>;

/** What a listener brings. */
export type WatchEvent<T> =
  | {
      readonly kind: 'snapshot';
      readonly value: T;
      /** Nothing was found. */
      readonly empty: boolean;
      /** From the page's own memory: the server has not confirmed it. */
      readonly fromCache: boolean;
    }
  | { readonly kind: 'error'; readonly error: unknown };

/**
 * The next state. An empty snapshot from memory alone proves nothing: it stays `loading`, so that nobody who is merely
 * offline reads that there is none.
 */
export function nextWatched<T>(state: Watched<T>, event: WatchEvent<T>): Watched<T> {
  if (event.kind === 'error') return { kind: 'failed', problem: readProblem(event.error) };
  const { value, empty, fromCache } = event;
  if (fromCache && empty && state.kind !== 'ready') return { kind: 'loading', offline: true };
  return { kind: 'ready', value, offline: fromCache };
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  'permission-denied':
    'Firestore refused to show this. Your role may have been taken away: sign out and in again, or ask an admin.',
  unauthenticated: 'The sign-in has run out. Sign out and in again.',
  'failed-precondition':
    'Firestore has no index for this view yet. Deploy firestore.indexes.json and wait until it is built.',
  'resource-exhausted': 'The project is out of Firestore quota for today.',
  unavailable: 'Firestore cannot be reached. Check the connection and try again.',
};

/** A failed read in words with what to do. */
export function readProblem(error: unknown): string {
  const code = isObject(error) && typeof error.code === 'string' ? error.code : 'unknown';
  return READ_PROBLEMS[code] ?? `Firestore answered with an error (${code}). Try again.`;
}

/** What a document is read as; `undefined` too for one that its reader stumbles over: it takes no list with it. */
export function readable<T, D>(
  read: (id: string, data: D) => T | undefined,
  document: { readonly id: string; data(): D | undefined },
): T | undefined {
  const data = document.data();
  try {
    return data === undefined ? undefined : read(document.id, data);
  } catch {
    return undefined;
  }
}
