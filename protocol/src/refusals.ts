/**
 * Why a callable refuses, and what it says with it.
 * @module
 */

/** Why a callable refused, in `details.reason` of its error. */
export const REFUSAL_REASONS = [
  'already-issued',
  'anonymous',
  'anonymous-pool',
  'app-check',
  'backend',
  'blocked',
  'cap-minutes',
  'cap-tokens',
  'client-outdated',
  'concurrency',
  'conflict',
  'contention',
  'emulator-only',
  'field',
  'invalid',
  'kill-switch',
  'last-admin',
  'live-tokens',
  'minutes-day',
  'minutes-month',
  'modality',
  'model',
  'no-template',
  'no-user',
  'not-authorized',
  'not-operator',
  'not-owner',
  'no-session',
  'rate',
  'relay-only',
  'renew-early',
  'revoked',
  'session-over',
  'sign-in-old',
  'single-lease',
  'spend-day',
  'tool',
  'upstream-refused',
  'upstream-unavailable',
  'voice',
] as const;
/** One of {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** `details` of a refusal. */
export interface RefusalDetails {
  readonly reason: RefusalReason;
  /** Wait this long before asking again; absent where asking again cannot help. */
  readonly retryAfterMs?: number;
  /** The field that was wrong. */
  readonly field?: string;
  readonly sessionId?: string;
  readonly leaseId?: string;
  /** The reason of a team's own rule, where one refused. */
  readonly rule?: string;
}
