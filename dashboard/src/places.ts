/**
 * The address of everything that has one. Pure; the router's patterns stand beside the functions that fill them in.
 * @module
 */

/** A part of the page, as the menu shows it. */
export interface Place {
  readonly path: string;
  readonly title: string;
}

/** The menu, in its order. */
export const PLACES = [
  { path: '/', title: 'Now' },
  { path: '/sessions', title: 'Sessions' },
  { path: '/users', title: 'Users' },
  { path: '/costs', title: 'Costs' },
  { path: '/settings', title: 'Settings' },
  { path: '/audit', title: 'Audit' },
] as const satisfies readonly Place[];

/** One session. */
export function sessionPath(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}

/** One user. */
export function userPath(uid: string): string {
  return `/users/${encodeURIComponent(uid)}`;
}

/** A list of sessions, filtered by what the parameters say; see `sessions/session-filter.ts`. */
export function sessionsPath(parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return query === '' ? '/sessions' : `/sessions?${query}`;
}

/** What operators write, one of each kind. */
export function settingPath(kind: 'policies' | 'templates' | 'prices', id: string): string {
  return `/settings/${kind}/${encodeURIComponent(id)}`;
}

/** Title of the menu's entry that an address belongs to; `undefined` for none. */
export function placeOf(path: string): Place | undefined {
  const [, first = ''] = path.split('/');
  return PLACES.find((place) => place.path === `/${first}`);
}
