/**
 * The windows that minutes are counted in: UTC days and months. A token is charged whole to the window in which
 * it was minted.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  type LivePolicyDocument,
  type LiveQuotaDocument,
  type LiveToken,
} from '@livegate/protocol';
import { newestLease } from './lease-policy.ts';

/** A request id is remembered this long, in ms. */
export const REQUEST_MEMORY_MS = 60_000;
/** Most request ids remembered; each stands for a token that was charged, so honest clients stay far below. */
const REQUESTS_KEPT = 24;

/** `2026-11-21` in UTC. */
export function dayOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}

/** `2026-11` in UTC. */
export function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}

/** The next midnight in UTC. */
export function nextDay(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
}

/** The next first of a month in UTC. */
export function nextMonth(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}

/** Starts that may come at once: a minute's worth, and one at least, else a slow policy would let nobody in. */
function bucketSize(perMinute: number): number {
  return Math.max(1, perMinute);
}

/** A user nobody has seen: full bucket, nothing charged. */
export function emptyQuota(nowMs: number, perMinute: number): LiveQuotaDocument {
  return {
    v: DOCUMENTS_VERSION,
    tokens: {},
    day: dayOf(nowMs),
    dayMs: 0,
    month: monthOf(nowMs),
    monthMs: 0,
    rate: { level: perMinute > 0 ? bucketSize(perMinute) : 0, at: nowMs },
    blocked: null,
    requests: {},
  };
}

/** The quota of a user nobody has seen, whose policy is not known here: the time since 1970 fills the bucket of any. */
export function unseenQuota(nowMs: number): LiveQuotaDocument {
  return { ...emptyQuota(nowMs, 0), rate: { level: 0, at: 0 } };
}

/**
 * The quota as it is now: dead tokens, closed windows and old request ids gone, the bucket refilled. Arithmetic
 * only, so that no job has to run for a mint to be right. A clock that went back refills nothing.
 */
export function quotaAt(quota: LiveQuotaDocument, nowMs: number, perMinute: number): LiveQuotaDocument {
  const day = dayOf(nowMs);
  const month = monthOf(nowMs);
  const refilled = quota.rate.level + (Math.max(0, nowMs - quota.rate.at) * perMinute) / 60_000;
  const requests = Object.entries(quota.requests)
    .filter(([, { at }]) => nowMs - at < REQUEST_MEMORY_MS)
    .sort(([, a], [, b]) => b.at - a.at)
    .slice(0, REQUESTS_KEPT);
  return {
    ...quota,
    tokens: standing(quota.tokens, nowMs),
    // A clock that went back must not open an old window again: the later of the two stays.
    day: day > quota.day ? day : quota.day,
    dayMs: day > quota.day ? 0 : quota.dayMs,
    month: month > quota.month ? month : quota.month,
    monthMs: month > quota.month ? 0 : quota.monthMs,
    rate: { level: Math.min(bucketSize(perMinute), refilled), at: Math.max(nowMs, quota.rate.at) },
    requests: Object.fromEntries(requests),
  };
}

/** Minutes that an operator gave for the day that goes on. `quota` is as {@link quotaAt} leaves it. */
export function raisedMinutes({ day, raise }: Pick<LiveQuotaDocument, 'day' | 'raise'>): number {
  return raise?.day === day ? raise.minutes : 0;
}

/** The minutes of the day and of the month that go on, with what an operator gave; `null` for no bound. */
export function minutesOf(
  { minutesPerDay, minutesPerMonth }: Pick<LivePolicyDocument, 'minutesPerDay' | 'minutesPerMonth'>,
  quota: Pick<LiveQuotaDocument, 'day' | 'raise'>,
): { readonly day: number | null; readonly month: number | null } {
  const raised = raisedMinutes(quota);
  return {
    day: minutesPerDay === null ? null : minutesPerDay + raised,
    month: minutesPerMonth === null ? null : minutesPerMonth + raised,
  };
}

/**
 * The tokens that still count: live ones, and the newest of each session that has a live one, dead or not, since
 * the session's next lease goes by it.
 */
function standing(tokens: LiveQuotaDocument['tokens'], nowMs: number): LiveQuotaDocument['tokens'] {
  const entries = Object.entries(tokens);
  const live = new Set(entries.flatMap(([, token]) => (token.expiresAt > nowMs ? [token.sessionId] : [])));
  const newest = new Set<LiveToken | undefined>(
    [...live].map((id) =>
      newestLease(entries.map(([, each]) => each).filter((each) => each.sessionId === id)),
    ),
  );
  return Object.fromEntries(entries.filter(([, token]) => token.expiresAt > nowMs || newest.has(token)));
}

/** A quota without a token that the service refused to make, and without its charge where its window is still open. */
export function quotaWithout(
  quota: LiveQuotaDocument,
  token: { readonly mintedAt: number; readonly expiresAt: number },
  { leaseId, requestId }: { readonly leaseId: string; readonly requestId: string },
): LiveQuotaDocument {
  const { [leaseId]: _token, ...tokens } = quota.tokens;
  const { [requestId]: _request, ...requests } = quota.requests;
  const chargedMs = token.expiresAt - token.mintedAt;
  return {
    ...quota,
    tokens,
    requests,
    dayMs: quota.day === dayOf(token.mintedAt) ? Math.max(0, quota.dayMs - chargedMs) : quota.dayMs,
    monthMs: quota.month === monthOf(token.mintedAt) ? Math.max(0, quota.monthMs - chargedMs) : quota.monthMs,
  };
}
