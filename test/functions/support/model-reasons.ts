/**
 * Whether a refusal is right: a gate that refuses everything would keep every bound.
 * @module
 */
import type { LivePolicyDocument, RefusalReason } from '@livegate/protocol';
import { mostTokens, nextIndex, type Order, stepMs } from './model-ledger.ts';

/** A mint that was refused. */
export interface RefusedMint {
  readonly op: Order['op'];
  readonly requestId: string;
  /** `null` at a start. */
  readonly session: string | null;
  readonly calledAt: number;
  readonly policy: LivePolicyDocument;
  /** Minutes that an operator gave for the day of the call. */
  readonly givenMinutes: number;
  /** Standing orders of this user before the call. */
  readonly standing: readonly Order[];
  /** All orders of this user's starts, given back or not: the rate counts them. */
  readonly starts: readonly Order[];
  readonly isRevoked: boolean;
  readonly isOwn: boolean;
}

/** Reasons of a mint that the model meets, each with what must be so where it is given. */
const GROUNDS = {
  'already-issued': ({ standing, requestId, calledAt }) =>
    standing.some((each) => each.requestId === requestId && calledAt - each.calledAt < 60_000),
  concurrency: (mint) =>
    mint.op === 'start' &&
    new Set(alive(mint).map(({ session }) => session)).size >= mint.policy.concurrentSessions,
  'live-tokens': (mint) => alive(mint).length >= mostTokens(mint.policy),
  'minutes-day': (mint) => tooLittle(mint, mint.policy.minutesPerDay, 10),
  'minutes-month': (mint) => tooLittle(mint, mint.policy.minutesPerMonth, 7),
  'not-owner': ({ isOwn }) => !isOwn,
  rate: ({ starts, calledAt, policy }) =>
    starts.some((each) => (calledAt - each.calledAt - 1) * policy.sessionsPerMinute < 60_000),
  'renew-early': (mint) => {
    const newest = ofSession(mint).sort(byLease).at(-1);
    if (!newest) return false;
    const length = newest.expiresAt - newest.calledAt;
    const opens = length < 60_000 ? newest.calledAt + Math.floor(length / 2) : newest.expiresAt - 30_000;
    return mint.calledAt < opens;
  },
  revoked: ({ isRevoked }) => isRevoked,
  'session-over': (mint) => !goesOn(mint),
  'single-lease': ({ op, policy }) => op === 'renew' && policy.renewal === 'single',
} as const satisfies { readonly [K in RefusalReason]?: (mint: RefusedMint) => boolean };

/** Reasons the model knows, those of the Live API among them. */
export const MODEL_REASONS = [...Object.keys(GROUNDS), 'upstream-refused', 'upstream-unavailable'];

/** Reasons that are limits of a policy. */
export const LIMITS: readonly string[] = [
  'concurrency',
  'live-tokens',
  'minutes-day',
  'minutes-month',
  'rate',
];

/** True where the refusal has its ground; `undefined` for a reason the model does not expect. */
export function isGrounded(reason: string, mint: RefusedMint): boolean | undefined {
  const grounds: Readonly<Record<string, ((mint: RefusedMint) => boolean) | undefined>> = GROUNDS;
  return grounds[reason]?.(mint);
}

function ofSession({ standing, session }: RefusedMint): Order[] {
  return standing.filter((each) => each.session === session);
}

/** A token of it is alive, and for a re-mint the newest lease is not over: where leases shrink, an older one may last. */
function goesOn(mint: RefusedMint): boolean {
  const orders = ofSession(mint);
  const newest = Math.max(...orders.map(({ index }) => index));
  const asked = mint.op === 'remint' ? orders.filter(({ index }) => index === newest) : orders;
  return asked.some(({ expiresAt }) => expiresAt > mint.calledAt);
}

function alive({ standing, calledAt }: RefusedMint): readonly Order[] {
  return standing.filter(({ expiresAt }) => expiresAt > calledAt);
}

function byLease(a: Order, b: Order): number {
  return a.index - b.index || a.calledAt - b.calledAt || a.expiresAt - b.expiresAt;
}

/** Less is left than the least a token is made for. */
function tooLittle(mint: RefusedMint, minutes: number | null, letters: number): boolean {
  if (minutes === null) return false;
  const { op, session, calledAt, policy, givenMinutes, standing } = mint;
  const window = (at: number): string => new Date(at).toISOString().slice(0, letters);
  const charged = standing
    .filter((each) => window(each.calledAt) === window(calledAt))
    .reduce((sum, each) => sum + each.expiresAt - each.calledAt, 0);
  const index = op === 'renew' ? nextIndex(standing, session ?? '') : 0;
  const end = Math.max(0, ...ofSession(mint).map(({ expiresAt }) => expiresAt));
  const wanted = op === 'remint' ? Math.min(stepMs(policy, 0), end - calledAt) : stepMs(policy, index);
  return (minutes + givenMinutes) * 60_000 - charged < Math.min(10_000, wanted);
}
