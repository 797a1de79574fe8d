/**
 * The errors of the browser's audio as {@link AIError}. The microphone's own are not among them: those go to the page
 * as the browser gave them.
 * @module
 */
import { AIError } from './errors.ts';

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
