import { isObject } from '@livegate/protocol';
import type { Session } from './session-document.ts';

/** What a live list is doing. `offline` rows are the last ones known. */
export type ListState =
  | { readonly kind: 'loading'; readonly offline: boolean }
  | {
      readonly kind: 'ready';
      readonly sessions: readonly Session[];
      /** Documents that this page cannot read. */
      readonly unreadable: number;
      readonly offline: boolean;
    }
  | { readonly kind: 'failed'; readonly problem: string };

/** What a listener brings. */
export type ListEvent =
  | {
      readonly kind: 'snapshot';
      readonly sessions: readonly Session[];
      readonly unreadable: number;
      /** From the page's own memory: the server has not confirmed it. */
      readonly fromCache: boolean;
    }
  | { readonly kind: 'error'; readonly error: unknown };

/**
 * The next state of a list. An empty snapshot from memory alone proves nothing: it stays `loading`, so that no
 * "no sessions" is shown to someone who is merely offline.
 */
export function nextListState(state: ListState, event: ListEvent): ListState {
  if (event.kind === 'error') return { kind: 'failed', problem: readProblem(event.error) };
  const { sessions, unreadable, fromCache } = event;
  const provesNothing = fromCache && sessions.length + unreadable === 0;
  if (provesNothing && state.kind === 'loading') return { kind: 'loading', offline: true };
  return { kind: 'ready', sessions, unreadable, offline: fromCache };
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  'permission-denied':
    'Firestore refused to show this. Your role may have been taken away: sign out and in again, or ask an admin.',
  unauthenticated: 'The sign-in has run out. Sign out and in again.',
  'failed-precondition':
    'Firestore has no index for this view yet. Deploy firestore.indexes.json and wait until it is built.',
  'resource-exhausted': 'The project is out of Firestore quota for today.',
  unavailable: 'Firestore cannot be reached.',
};

/** A failed read in words with what to do. */
export function readProblem(error: unknown): string {
  const code = isObject(error) && typeof error.code === 'string' ? error.code : 'unknown';
  return READ_PROBLEMS[code] ?? `Firestore answered with an error (${code}).`;
}
