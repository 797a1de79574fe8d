/**
 * What goes wrong in running the emulator itself. What it answers to clients is in `closings.ts` and
 * `google-error.ts`.
 * @module
 */
import type { ControlErrorCode } from './control-errors.ts';

/**
 * - `port-in-use`: another process holds the port; choose another, or 0 for a free one.
 * - `invalid-option`: an option makes no sense; the message names it.
 * - `invalid-fault`: a fault or a rule of faults makes no sense; the message names the field.
 * - `timeout`: what `waitFor` waited for did not happen in time.
 * - `closed`: the emulator was closed meanwhile.
 * - `command-not-found`: `exec` could not start its command.
 * - `invalid-recording`: a file is no recording, or cannot be read or written; the message names it and the line.
 * - `invalid-scenario`: a scenario cannot be used; the message has a line for each problem, with its place.
 * - `speech-not-installed`: something is to be spoken and the optional package for it is missing; install it.
 * - `unreachable`: no emulator answers at the URL; start it, or correct the URL.
 * - `unexpected-answer`: what answers there is no emulator of this version; use the same version on both sides.
 * - any other: what the control API refused, and why ({@link ControlErrorCode}).
 */
export type EmulatorErrorCode =
  | 'port-in-use'
  | 'invalid-option'
  | 'invalid-fault'
  | 'timeout'
  | 'closed'
  | 'command-not-found'
  | 'invalid-recording'
  | 'invalid-scenario'
  | 'speech-not-installed'
  | 'unreachable'
  | 'unexpected-answer'
  | ControlErrorCode;

/** A failure of the emulator's own calls. */
export class EmulatorError extends Error {
  readonly code: EmulatorErrorCode;

  constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmulatorError';
    this.code = code;
  }
}
