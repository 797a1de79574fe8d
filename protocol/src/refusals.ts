/**
 * Why a callable refuses, and what it says with it.
 * @module
 */

/** Why a callable refused, in `details.reason` of its error. */
export const REFUSAL_REASONS = [
  'already-issued',
  'anonymous',
  'app-check',
  'backend',
  'blocked',
  'client-outdated',
  'concurrency',
  'contention',
  'emulator-only',
  'field',
  'invalid',
  'kill-switch',
  'live-tokens',
  'minutes-day',
  'minutes-month',
  'modality',
  'model',
  'no-template',
  'not-owner',
  'no-session',
  'rate',
  'relay-only',
  'renew-early',
  'session-over',
  'single-lease',
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
}
