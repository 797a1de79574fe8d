/**
 * How long a token lives and when the next one may be asked for. Pure; all times in epoch ms.
 * @module
 */
import { LEASE_SECONDS, type LeaseEntry, type LivePolicyDocument } from '@livegate/protocol';

/** A renewal opens this long before the end of a lease. */
export const RENEW_AHEAD_MS = 30_000;
/** Below this length a renewal opens half-way instead. */
export const SHORT_LEASE_MS = 60_000;
/** A token must be used within this time. The service's own default (Live API guide, read 2026-11-21). */
export const START_WINDOW_MS = 60_000;
/** Less quota than this is not worth a token: it would die before a conversation begins. */
export const SHORTEST_LEASE_MS = LEASE_SECONDS.least * 1_000;
/** The service refuses an expiry further ahead. */
export const LONGEST_LEASE_MS = LEASE_SECONDS.most * 1_000;

/** The window of one token. */
export interface LeaseWindow {
  readonly mintedAt: number;
  readonly expiresAt: number;
  readonly renewAfter: number;
  readonly startBy: number;
}

/** Length, in ms, of a policy's lease with this index: the steps in order, then the last of them for good. */
export function leaseLengthMs(
  policy: Pick<LivePolicyDocument, 'renewal' | 'leaseSeconds' | 'singleLeaseSeconds'>,
  index: number,
): number {
  const { leaseSeconds } = policy;
  const step = leaseSeconds[Math.min(index, leaseSeconds.length - 1)] ?? 0;
  const seconds = policy.renewal === 'single' ? policy.singleLeaseSeconds : step;
  return Math.min(Math.max(seconds * 1_000, SHORTEST_LEASE_MS), LONGEST_LEASE_MS);
}

/** The window of a token that is minted now and dies at `expiresAt`. */
export function leaseWindow(mintedAt: number, expiresAt: number): LeaseWindow {
  const length = expiresAt - mintedAt;
  const renewAfter = length < SHORT_LEASE_MS ? mintedAt + Math.floor(length / 2) : expiresAt - RENEW_AHEAD_MS;
  return { mintedAt, expiresAt, renewAfter, startBy: Math.min(mintedAt + START_WINDOW_MS, expiresAt) };
}

/** What makes one token of a session newer than another. */
type Numbered = Pick<LeaseEntry, 'index' | 'mintedAt' | 'expiresAt'>;

/** The newest token: that of the latest lease, there the one minted last; `undefined` where there is none. */
export function newestLease<T extends Numbered>(tokens: readonly T[]): T | undefined {
  return tokens.reduce<T | undefined>(
    (newest, token) => (newest === undefined || isNewer(token, newest) ? token : newest),
    undefined,
  );
}

function isNewer(a: Numbered, b: Numbered): boolean {
  if (a.index !== b.index) return a.index > b.index;
  return a.mintedAt === b.mintedAt ? a.expiresAt > b.expiresAt : a.mintedAt > b.mintedAt;
}

/** When the lease with this index (its own token and any re-minted ones) is over: the latest expiry in it. */
export function leaseEnd(tokens: readonly Numbered[], index: number): number {
  return Math.max(0, ...tokens.filter((token) => token.index === index).map(({ expiresAt }) => expiresAt));
}
