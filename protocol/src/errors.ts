/**
 * What goes wrong at the wire.
 * @module
 */

/**
 * - `invalid-json`: the text is not JSON or not an object; resend valid JSON.
 * - `unknown-message`: no known key, or more than one; send exactly one documented key.
 * - `unknown-field`: a field the wire does not have; remove it (`path` names it).
 * - `invalid-field`: a field of the wrong type or form; correct it (`path` names it).
 */
export type ProtocolErrorCode = 'invalid-json' | 'unknown-message' | 'unknown-field' | 'invalid-field';

/** A message that is not of the Live wire. `message` never quotes the content, only names and types. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;
  /** Where in the message, such as `setup.generationConfig.topK`; empty for the message itself. */
  readonly path: string;

  constructor(code: ProtocolErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProtocolError';
    this.code = code;
    this.path = path;
  }
}
