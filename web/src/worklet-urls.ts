/**
 * Where the two audio worklets are.
 * @module
 */

/** Addresses of the worklets' files. They must be of an origin that the page's CSP allows scripts from. */
export interface WorkletUrls {
  readonly capture: string | URL;
  readonly playback: string | URL;
}

/**
 * The files beside this module, unless the page hosts them elsewhere. They are real files, not blobs, so that
 * `script-src 'self'` is enough. Bundlers know this form of `new URL` and take the files along (`?no-inline` keeps
 * Vite from making a `data:` address of the smaller one; servers ignore it); a page whose bundler does not copies
 * `@livegate/web/worklets/*` to its server and names them.
 */
export function workletUrls(own: Partial<WorkletUrls> = {}): WorkletUrls {
  return {
    capture: own.capture ?? new URL('./capture.worklet.js?no-inline', import.meta.url),
    playback: own.playback ?? new URL('./playback.worklet.js?no-inline', import.meta.url),
  };
}
