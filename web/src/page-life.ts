/**
 * The end of a page, as far as a session cares.
 * @module
 */

interface PageTarget {
  addEventListener?(type: string, listener: (event: Event) => void): void;
  removeEventListener?(type: string, listener: (event: Event) => void): void;
}

/** Calls `leaving` when the page is hidden for good, or kept for a return (`mayReturn`). The answer stops it. */
export function onPageHide(leaving: (mayReturn: boolean) => void): () => void {
  const page = globalThis as PageTarget;
  const listener = (event: Event): void => leaving((event as PageTransitionEvent).persisted === true);
  page.addEventListener?.('pagehide', listener);
  return () => page.removeEventListener?.('pagehide', listener);
}
