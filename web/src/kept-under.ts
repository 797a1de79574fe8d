/**
 * Where a page keeps its sessions.
 * @module
 */

/** What the keys of `sessionStorage` begin with. */
export const KEPT_UNDER = 'livegate/';

/** True where a page of this tab may have left a session; whose, its box says. Never throws. */
export function mayHaveKept(): boolean {
  try {
    return Object.keys(sessionStorage).some((key) => key.startsWith(KEPT_UNDER));
  } catch {
    return false;
  }
}
