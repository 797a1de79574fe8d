/**
 * What is wrong with a page's set-up, and what to do about it. Fetched when something is.
 * @module
 */

/** Without the live worker all works, but not as well. */
export const NO_WORKER =
  "The live worker could not be loaded, so sound waits for the page's own thread. Host live.worker.js on the page's origin, allow it (worker-src), and name it in workletUrls.";

/** A worklet's file is not there, or not allowed. */
export const unloadable = (url: string | URL): string =>
  `The audio worklet ${url} could not be loaded. Check that it is served as JavaScript and that the page's CSP allows it, or name another address in workletUrls.`;

/** The service finds speech by itself. */
export const automatic = (method: string): string =>
  `${method}() needs manual activity: connect with live: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } }, and a policy that lets the page set it.`;
