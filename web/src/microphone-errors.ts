/**
 * Why there is no microphone, in words a person can act on. Fetched when there is none.
 * @module
 */
import { type AudioErrorReason, audioError } from './audio-errors.ts';
import { AIError } from './errors.ts';

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
