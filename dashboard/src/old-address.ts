/**
 * Addresses of before the views had paths: links that people kept go on working. Pure.
 * @module
 */
import { sessionPath, sessionsPath } from './places.ts';
import { filterParameters, readFilter } from './sessions/session-filter.ts';

/** Where `#/sessions?…` leads now; `undefined` for any other hash. */
export function pathOfOldAddress(hash: string): string | undefined {
  const [place, query] = hash.split('?');
  if (place !== '#/sessions' && place !== '#sessions') return undefined;
  const { session, ...parameters } = Object.fromEntries(new URLSearchParams(query));
  if (session !== undefined && /^[A-Za-z0-9_-]{1,128}$/.test(session)) return sessionPath(session);
  return sessionsPath(filterParameters(readFilter(parameters)));
}
