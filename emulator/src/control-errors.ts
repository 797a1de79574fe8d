/**
 * Every refusal of the control API, with its HTTP status and what the caller can do.
 * @module
 */

/** Code → status and remedy. */
export const CONTROL_ERRORS = {
  'remote-caller': {
    status: 403,
    remedy: 'Call from the machine the emulator runs on, or start it with controlRemote.',
  },
  'foreign-host': {
    status: 403,
    remedy: 'Name the emulator 127.0.0.1, localhost or [::1], with its port.',
  },
  'foreign-origin': {
    status: 403,
    remedy:
      'Call without an Origin, from the emulator’s own page, or from an origin listed in controlOrigins.',
  },
  unauthorized: {
    status: 401,
    remedy: 'Send Authorization: Bearer with the controlToken that start --json printed.',
  },
  'route-not-found': { status: 404, remedy: 'See the routes in docs/control.md.' },
  'method-not-allowed': { status: 405, remedy: 'Use the method that docs/control.md names for this route.' },
  'media-type': { status: 415, remedy: 'Send JSON with Content-Type: application/json.' },
  'body-too-large': { status: 413, remedy: 'Send less.' },
  'invalid-json': { status: 400, remedy: 'Send one JSON object.' },
  'invalid-request': { status: 400, remedy: 'Correct the field that the message names.' },
  'session-not-found': {
    status: 404,
    remedy: 'List the sessions; a reset forgets them, and newer ones drive the oldest out (journalLimit).',
  },
  'session-closed': { status: 409, remedy: 'Do this while the session is open.' },
  'audio-not-kept': { status: 409, remedy: 'Turn the option captureAudio on before the session begins.' },
  timeout: { status: 408, remedy: 'Wait longer, or look at what the sessions and the journal show.' },
  closed: { status: 503, remedy: 'Start the emulator again.' },
  internal: { status: 500, remedy: 'Read the emulator’s log.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly remedy: string }>>;

/** A row of {@link CONTROL_ERRORS}. */
export type ControlErrorCode = keyof typeof CONTROL_ERRORS;

/** True for the code of one of {@link CONTROL_ERRORS}. */
export function isControlErrorCode(code: unknown): code is ControlErrorCode {
  return typeof code === 'string' && Object.hasOwn(CONTROL_ERRORS, code);
}
