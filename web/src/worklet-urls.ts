/**
 * Where the audio worklets and the live worker are.
 * @module
 */

/**
 * Addresses of the files. The page's CSP must allow scripts from there (for the worker, `worker-src`); a worker of
 * another origin is not allowed by browsers, and sockets and frames are the page's own work then.
 */
export interface WorkletUrls {
  readonly capture: string | URL;
  readonly playback: string | URL;
  readonly worker: string | URL;
}

/**
 * The files beside this module, unless the page hosts them elsewhere. They are real files, not blobs, so that
 * `script-src 'self'` is enough. Bundlers know this form of `new URL` and take the files along (`?no-inline` keeps
 * Vite from making a `data:` address of the smaller ones; servers ignore it); a page whose bundler does not copies
 * `@livegate/web/worklets/*` to its server and names them.
 */
export function workletUrls(own: Partial<WorkletUrls> = {}): WorkletUrls {
  return {
    capture: own.capture ?? new URL('./capture.worklet.js?no-inline', import.meta.url),
    playback: own.playback ?? new URL('./playback.worklet.js?no-inline', import.meta.url),
    worker: own.worker ?? new URL('./live.worker.js?no-inline', import.meta.url),
  };
}
