/**
 * Refusals of the HTTP side, in the JSON that Google's APIs answer with.
 * @module
 */

const STATUS = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  413: 'INVALID_ARGUMENT',
} as const;

/** HTTP status codes the emulator answers with, success apart. */
export type GoogleStatusCode = keyof typeof STATUS;

/** A request that is refused. `message` names fields, never values. */
export class GoogleError extends Error {
  readonly statusCode: GoogleStatusCode;

  constructor(statusCode: GoogleStatusCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GoogleError';
    this.statusCode = statusCode;
  }

  /** The body: `{ error: { code, message, status } }`. */
  toJSON(): { readonly error: { readonly code: number; readonly message: string; readonly status: string } } {
    return { error: { code: this.statusCode, message: this.message, status: STATUS[this.statusCode] } };
  }
}
