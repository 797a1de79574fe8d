import type { SessionState } from '@livegate/protocol';

/** What the address bar says is on screen: a filter, and a session whose details are open. */
export interface Route {
  readonly state: SessionState | 'all';
  readonly sessionId: string | null;
}

/** The states there are, in the order of a session's life. */
export const SESSION_STATES = [
  'reserved',
  'active',
  'ended',
  'expired',
  'revoked',
  'failed',
] as const satisfies readonly SessionState[];

/** Reads an address's hash. Anything unknown is left out, so a stale link opens the plain list. */
export function readRoute(hash: string): Route {
  const parameters = new URLSearchParams(hash.replace(/^#\/?sessions\??/, ''));
  const state = SESSION_STATES.find((each) => each === parameters.get('state')) ?? 'all';
  const sessionId = parameters.get('session');
  // A slash would make another path of the document's.
  const named = sessionId !== null && /^[A-Za-z0-9_-]{1,128}$/.test(sessionId) ? sessionId : null;
  return { state, sessionId: named };
}

/** The hash that {@link readRoute} reads back: a link for each view. */
export function routeHash({ state, sessionId }: Route): string {
  const parameters = new URLSearchParams();
  if (state !== 'all') parameters.set('state', state);
  if (sessionId !== null) parameters.set('session', sessionId);
  const query = parameters.toString();
  return query === '' ? '#/sessions' : `#/sessions?${query}`;
}
