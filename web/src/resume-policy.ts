/**
 * How to come back after a connection broke, and what a failed attempt means. Pure.
 * @module
 */
import { type CloseMoment, closeRemedy, type RefusalReason } from '@livegate/protocol';
import { HELD_TOKEN_MIN_MS, type LeaseTimes } from './lease-policy.ts';

/** A session that has not come back after this long is lost, in ms. Ours. */
export const GIVE_UP_AFTER_MS = 60_000;
/** A token is tried again on a broken network this often at most: each further one would be charged. Ours. */
export const TRIES_PER_TOKEN = 3;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;

/** Refusals that time heals; the others are final for this session. */
const TRANSIENT: ReadonlySet<RefusalReason> = new Set([
  'already-issued',
  'cap-tokens',
  'concurrency',
  'contention',
  'live-tokens',
  'rate',
  'renew-early',
  'upstream-unavailable',
]);

/** True where asking again can help. Without a reason nothing was decided: the call itself failed. */
export function isTransient(reason: RefusalReason | undefined): boolean {
  return reason === undefined || TRANSIENT.has(reason);
}

/** Wait before try number `attempt` (from 0), in ms: doubling, and spread so that a crowd does not return at once. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
  return full * (0.5 + random() / 2);
}

/** True where the token that is already paid for is to be tried first: once, with a handle, while it lives on. */
export function canUseHeld(lease: LeaseTimes, now: number, hasHandle: boolean, tried: boolean): boolean {
  return hasHandle && !tried && lease.expiresAt - now >= HELD_TOKEN_MIN_MS;
}

/** What a failed attempt to open asks for. */
export type AfterFailure = 'same-token' | 'new-token' | 'fresh' | 'give-up';

/** A failed attempt. `code` is absent where no socket ever opened or no answer came. */
export interface FailedAttempt {
  readonly code: number | undefined;
  /** A handle was sent. */
  readonly resumed: boolean;
  /** How often this token has been tried, this one included. */
  readonly tries: number;
  /** The token opened a session before. */
  readonly held: boolean;
  readonly startBy: number;
  readonly since: number;
}

/** Decides what follows a failed attempt. */
export function afterFailure(attempt: FailedAttempt, now: number): AfterFailure {
  if (now - attempt.since >= GIVE_UP_AFTER_MS) return 'give-up';
  if (attempt.code !== undefined) {
    const moment: CloseMoment = attempt.resumed ? 'resuming' : 'setup';
    const remedy = closeRemedy(attempt.code, moment);
    // A held token that is refused may only be used up: the handle deserves a new token before it is given up.
    if (remedy === 'restart') return attempt.held ? 'new-token' : 'fresh';
    if (remedy === 'fatal' || remedy === 'end') return attempt.held ? 'new-token' : 'give-up';
  }
  const again = !attempt.held && attempt.tries < TRIES_PER_TOKEN && now < attempt.startBy;
  return again ? 'same-token' : 'new-token';
}
