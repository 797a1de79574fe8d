/**
 * A refusal: what every handler throws when it says no.
 * @module
 */
import type { RefusalDetails, RefusalReason } from '@livegate/protocol';
import type { FunctionsErrorCode } from 'firebase-functions/https';

/** Reason → the callable's error code, and whether waiting can help. */
const CODES = {
  'already-issued': 'aborted',
  anonymous: 'permission-denied',
  'app-check': 'permission-denied',
  backend: 'permission-denied',
  blocked: 'permission-denied',
  'client-outdated': 'failed-precondition',
  concurrency: 'resource-exhausted',
  contention: 'unavailable',
  'emulator-only': 'failed-precondition',
  field: 'permission-denied',
  invalid: 'invalid-argument',
  'kill-switch': 'failed-precondition',
  'live-tokens': 'resource-exhausted',
  'minutes-day': 'resource-exhausted',
  'minutes-month': 'resource-exhausted',
  modality: 'permission-denied',
  model: 'permission-denied',
  'no-template': 'failed-precondition',
  'not-owner': 'permission-denied',
  'no-session': 'not-found',
  rate: 'resource-exhausted',
  'relay-only': 'failed-precondition',
  'renew-early': 'failed-precondition',
  'session-over': 'failed-precondition',
  'single-lease': 'failed-precondition',
  'upstream-refused': 'internal',
  'upstream-unavailable': 'unavailable',
  voice: 'permission-denied',
} as const satisfies Readonly<Record<RefusalReason, FunctionsErrorCode>>;

/** Says no, why, and when to ask again. The message is for the developer of the page; it holds no secret. */
export class Refusal extends Error {
  readonly details: RefusalDetails;

  constructor(
    reason: RefusalReason,
    message: string,
    details: Omit<RefusalDetails, 'reason'> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Refusal';
    this.details = { reason, ...details };
  }

  /** The code a callable answers with. */
  get code(): FunctionsErrorCode {
    return CODES[this.details.reason];
  }
}
