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
  'anonymous-pool': 'resource-exhausted',
  'app-check': 'permission-denied',
  backend: 'permission-denied',
  blocked: 'permission-denied',
  'cap-minutes': 'resource-exhausted',
  'cap-tokens': 'resource-exhausted',
  'client-outdated': 'failed-precondition',
  concurrency: 'resource-exhausted',
  conflict: 'aborted',
  contention: 'unavailable',
  'emulator-only': 'failed-precondition',
  field: 'permission-denied',
  invalid: 'invalid-argument',
  'kill-switch': 'failed-precondition',
  'last-admin': 'failed-precondition',
  'live-tokens': 'resource-exhausted',
  'minutes-day': 'resource-exhausted',
  'minutes-month': 'resource-exhausted',
  modality: 'permission-denied',
  model: 'permission-denied',
  'no-template': 'failed-precondition',
  'no-user': 'not-found',
  'not-authorized': 'permission-denied',
  'not-operator': 'permission-denied',
  'not-owner': 'permission-denied',
  'no-session': 'not-found',
  rate: 'resource-exhausted',
  'relay-only': 'failed-precondition',
  'renew-early': 'failed-precondition',
  revoked: 'failed-precondition',
  'session-over': 'failed-precondition',
  'sign-in-old': 'permission-denied',
  'single-lease': 'failed-precondition',
  'spend-day': 'resource-exhausted',
  tool: 'permission-denied',
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
