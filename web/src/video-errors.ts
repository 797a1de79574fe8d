/**
 * Why there is no picture, in words a person can act on.
 * @module
 */
import { AIError } from './errors.ts';

/**
 * Why there is no picture, as `customErrorData.video` of an {@link AIError} `error`.
 * - `camera-denied`: the user, the browser or the page's permissions policy refused camera or screen
 * - `no-camera`: none is connected, or not the chosen one
 * - `camera-busy`: another program holds it, or the system gives no picture of it
 */
export type VideoErrorReason = 'camera-denied' | 'no-camera' | 'camera-busy';

interface Words {
  readonly video: VideoErrorReason;
  readonly message: string;
}

const DENIED: Words = {
  video: 'camera-denied',
  message:
    'The camera or screen was refused. Allow it for this page, by the icon in the address bar, and try again.',
};
const ABSENT: Words = {
  video: 'no-camera',
  message: 'There is no such camera. Connect one, or choose another.',
};
const BUSY: Words = {
  video: 'camera-busy',
  message: 'The camera or screen gives no picture. Close the program that uses it, and try again.',
};

/** Names of `getUserMedia`'s and `getDisplayMedia`'s errors; https://www.w3.org/TR/mediacapture-streams/, read 2026-11. */
const BY_NAME: Readonly<Record<string, Words | undefined>> = {
  NotAllowedError: DENIED,
  SecurityError: DENIED,
  NotFoundError: ABSENT,
  OverconstrainedError: ABSENT,
  NotReadableError: BUSY,
  AbortError: BUSY,
};

/** {@link AIError} `error` of what opening a camera or a screen rejected with; its `cause`. */
export function videoError(cause: unknown): AIError {
  const known = cause instanceof Error ? BY_NAME[cause.name] : undefined;
  if (!known) return new AIError('error', 'There is no picture.', undefined, { cause });
  return new AIError('error', known.message, { video: known.video }, { cause });
}
