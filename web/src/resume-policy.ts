/**
 * How to come back after a connection broke, and what a failed attempt means. Pure.
 * @module
 */
import { type CloseMoment, closeRemedy, type RefusalReason, type StopNotice } from '@livegate/protocol';
import { AIError, type LiveErrorReason } from './errors.ts';
import { HELD_TOKEN_MIN_MS, type LeaseTimes } from './lease-policy.ts';
import { refusalReason } from './mint-error.ts';

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

/** The session's books are closed: only a new one can be had. */
export function isOver(reason: RefusalReason | undefined): boolean {
  return reason === 'session-over' || reason === 'no-session' || reason === 'single-lease';
}

/** The notice that a refused renewal is: an operator's word ends a session however it comes. */
export function operatorsWord(reason: RefusalReason | undefined): StopNotice | undefined {
  return reason === 'revoked' || reason === 'blocked' || reason === 'kill-switch' ? { reason } : undefined;
}

/** What becomes of a session that a page left when going on with it failed. */
export type AfterReload = 'start-anew' | 'keep' | 'forget';

/** Refusals that end no session: its state is there to go on with once they are over. */
const PASSES: ReadonlySet<LiveErrorReason> = new Set([
  'app-check',
  'kill-switch',
  'minutes-day',
  'minutes-month',
  'spend-day',
  'unauthenticated',
]);

/**
 * Decides it. One that is over, or that an operator ended, is forgotten, and a new one asked for: the functions say
 * whether there is one. What may pass within its lease, the network's failures among them, leaves it for the next
 * try. A refusal of the person, or a server that closes on what it is sent, is told and leaves nothing.
 */
export function afterReload(error: unknown): AfterReload {
  if (!(error instanceof AIError)) return 'forget';
  const { reason, closeCode } = error.customErrorData ?? {};
  const refusal = refusalReason(error);
  if (refusal === 'revoked' || isOver(refusal)) return 'start-anew';
  if (reason !== undefined && PASSES.has(reason)) return 'keep';
  const passes = closeCode === undefined || closeRemedy(closeCode, 'setup') === 'resume';
  return passes && isTransient(refusal) && error.code !== 'unsupported' ? 'keep' : 'forget';
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
