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

const DENIED = {
  reason: 'microphone-denied',
  message:
    'The microphone was refused. Allow it for this page, by the icon in the address bar, and try again.',
} as const;
const ABSENT = {
  reason: 'no-microphone',
  message: 'There is no such microphone. Connect one, or choose another.',
} as const;
const BUSY = {
  reason: 'microphone-busy',
  message: 'The microphone gives no sound. Close the program that uses it, and try again.',
} as const;

/** Names of `getUserMedia`'s errors; https://www.w3.org/TR/mediacapture-streams/, read 2026-11. */
const BY_NAME: Readonly<
  Record<string, { readonly reason: AudioErrorReason; readonly message: string } | undefined>
> = {
  NotAllowedError: DENIED,
  SecurityError: DENIED,
  NotFoundError: ABSENT,
  OverconstrainedError: ABSENT,
  NotReadableError: BUSY,
  AbortError: BUSY,
};

/** {@link AIError} `error`, with what the browser said as its cause. */
export function audioError(message: string, cause?: unknown): AIError {
  return new AIError('error', message, undefined, cause === undefined ? undefined : { cause });
}

/** {@link AIError} `error` of what `getUserMedia` rejected with; its `cause`. */
export function microphoneError(cause: DOMException): AIError {
  const known = BY_NAME[cause.name];
  if (!known) return audioError('The microphone could not be opened.', cause);
  return new AIError('error', known.message, { audio: known.reason }, { cause });
}

/** {@link AIError} `error`, `microphone-lost`. */
export function microphoneLostError(cause: unknown): AIError {
  const message = 'The microphone is gone, and no other could be opened. Connect or choose another.';
  return new AIError('error', message, { audio: 'microphone-lost' }, { cause });
}

/** Runs `make`; what it throws becomes the cause of an {@link audioError}. */
export function attempt<T>(failure: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw audioError(failure, cause);
  }
}
