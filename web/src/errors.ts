/**
 * What this module throws: the error of firebase/ai, with its codes, and what a live session can say beyond it.
 * @module
 */
import type { RefusalReason } from '@livegate/protocol';
import { FirebaseError } from 'firebase/app';
import type { AudioErrorReason } from './audio-errors.ts';
import type { VideoErrorReason } from './video-errors.ts';

/**
 * The codes an {@link AIError} can have: the closed list of firebase/ai 2.16.0, so that a page which compares
 * codes goes on working.
 * - `error`: something failed that has no code of its own; read `cause`.
 * - `request-error`: the call cannot be carried out now (session closed, queue full, a mint was refused:
 *   `customErrorData.reason` says which); correct the call or wait `customErrorData.retryAfterMs`.
 * - `response-error`: the server answered something else than the protocol asks for, or closed the socket
 *   while it was opening (`customErrorData.closeCode`, `closeReason`).
 * - `fetch-error`: no connection; check the network and try again.
 * - `session-closed`: the session is over; connect a new one.
 * - `invalid-content`: what was to be sent is empty or mixes parts that may not be mixed.
 * - `api-not-enabled`, `invalid-schema`, `parse-failed`: not raised here.
 * - `no-api-key`, `no-app-id`, `no-project-id`: the Firebase config lacks the field.
 * - `no-model`: `getLiveGenerativeModel` was called without a model.
 * - `unsupported`: this browser, model or set-up cannot do it; the message names the remedy.
 */
export const AIErrorCode = {
  ERROR: 'error',
  REQUEST_ERROR: 'request-error',
  RESPONSE_ERROR: 'response-error',
  FETCH_ERROR: 'fetch-error',
  SESSION_CLOSED: 'session-closed',
  INVALID_CONTENT: 'invalid-content',
  API_NOT_ENABLED: 'api-not-enabled',
  INVALID_SCHEMA: 'invalid-schema',
  NO_API_KEY: 'no-api-key',
  NO_APP_ID: 'no-app-id',
  NO_MODEL: 'no-model',
  NO_PROJECT_ID: 'no-project-id',
  PARSE_FAILED: 'parse-failed',
  UNSUPPORTED: 'unsupported',
} as const;
/** One of {@link AIErrorCode}. */
export type AIErrorCode = (typeof AIErrorCode)[keyof typeof AIErrorCode];

/** Details of an error as Google APIs give them. */
export interface ErrorDetails {
  '@type'?: string;
  reason?: string;
  domain?: string;
  metadata?: Record<string, unknown>;
  [key: string]: unknown;
}

/**
 * Why a token could not be had: a reason of the callable, or one of the way there.
 * `unauthenticated`: nobody is signed in. `unreachable`: the callable could not be called, or broke.
 */
export type LiveErrorReason = RefusalReason | 'unauthenticated' | 'unreachable';

/** What an {@link AIError} of a live session says beside its code. */
export interface CustomErrorData {
  status?: number;
  statusText?: string;
  errorDetails?: ErrorDetails[];
  /** Why no token was given. */
  reason?: LiveErrorReason;
  /** Why there is no microphone. */
  audio?: AudioErrorReason;
  /** Why there is no picture. */
  video?: VideoErrorReason;
  /** Milliseconds after which asking again can help; absent where it cannot. */
  retryAfterMs?: number;
  /** The field of the set-up that was refused. */
  field?: string;
  /** What the socket closed with. */
  closeCode?: number;
  closeReason?: string;
  /** Names the session in the operator's dashboard. Not secret. */
  sessionId?: string;
}

interface StackCapturer {
  captureStackTrace?(error: object, above: unknown): void;
}

/**
 * An error of this module: `name` is `FirebaseError`, `message` is `AI: … (AI/<code>)` and `code` is bare, as
 * firebase/ai has them. `cause` holds the error underneath, where there is one.
 */
export class AIError extends FirebaseError {
  override readonly code: AIErrorCode;
  readonly customErrorData?: CustomErrorData | undefined;

  /** `message` is for people and never quotes a token, a handle or what was said. */
  constructor(code: AIErrorCode, message: string, customErrorData?: CustomErrorData, options?: ErrorOptions) {
    super(code, `AI: ${message} (AI/${code})`);
    // FirebaseError pins the prototype to its own. By new.target, because bundlers rename a class that names itself.
    Object.setPrototypeOf(this, new.target.prototype);
    // ... and its stack to the factory that makes the SDK's own errors. V8 only.
    (Error as StackCapturer).captureStackTrace?.(this, new.target);
    this.code = code;
    this.customErrorData = customErrorData;
    if (options && 'cause' in options) this.cause = options.cause;
  }

  override toString(): string {
    return this.message;
  }
}
