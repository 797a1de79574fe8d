/**
 * The errors of the browser's audio as {@link AIError}, each with what a person can do.
 * @module
 */
import { AIError } from './errors.ts';

/**
 * Why there is no microphone, as `customErrorData.audio` of an {@link AIError} `error` (`insecure-origin`:
 * `unsupported`).
 * - `microphone-denied`: the user, the browser or the page's permissions policy refused it; allow it in the address bar
 * - `no-microphone`: none is connected, or not the chosen one; connect one
 * - `microphone-busy`: another program holds it, or the system gives no sound of it; close that and try again
 * - `microphone-lost`: it was unplugged in mid-talk and no other could be opened; choose another
 * - `insecure-origin`: browsers give microphones to `https://` and to localhost only
 */
export type AudioErrorReason =
  | 'microphone-denied'
  | 'no-microphone'
  | 'microphone-busy'
  | 'microphone-lost'
  | 'insecure-origin';

/** {@link AIError} `error`, with what the browser said as its cause. */
export function audioError(message: string, cause?: unknown): AIError {
  return new AIError('error', message, undefined, cause === undefined ? undefined : { cause });
}

/** Runs `make`; what it throws becomes the cause of an {@link audioError}. */
export function attempt<T>(failure: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw audioError(failure, cause);
  }
}

/** The same error; if it is ours, it names the session from here on. */
export function ofSession<E>(error: E, session: { readonly sessionId?: string | undefined } | undefined): E {
  const sessionId = session?.sessionId;
  if (error instanceof AIError && sessionId !== undefined)
    Object.assign(error, { customErrorData: { ...error.customErrorData, sessionId } });
  return error;
}
