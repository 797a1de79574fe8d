/**
 * Where a page keeps its sessions.
 * @module
 */

/** What the keys of `sessionStorage` begin with. */
export const KEPT_UNDER = 'livegate/';
