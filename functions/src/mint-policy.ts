/**
 * Whether a user gets a token, and for how long. Pure: one document and a time in, a decision out. The bound that
 * it keeps: the sum of validity of all tokens ever granted in a window ≤ the minutes of that window, with what an
 * operator gave for the day, for any order of calls.
 * @module
 */
import type {
  LivePolicyDocument,
  LiveQuotaDocument,
  LiveToken,
  MintRequest,
  RefusalDetails,
  RefusalReason,
} from '@livegate/protocol';
import {
  type LeaseWindow,
  leaseEnd,
  leaseLengthMs,
  leaseWindow,
  newestLease,
  SHORTEST_LEASE_MS,
} from './lease-policy.ts';
import { dayOf, emptyQuota, minutesOf, nextDay, nextMonth, quotaAt } from './quota-window.ts';

/** All that a decision goes by. The quota alone, so that a refusal costs one read. */
export interface MintQuestion {
  readonly op: MintRequest['op'];
  readonly requestId: string;
  readonly sessionId: string;
  readonly leaseId: string;
  readonly now: number;
  readonly policy: LivePolicyDocument;
  readonly quota: LiveQuotaDocument | null;
  /** What bounds shared with others leave, in ms: the lease shrinks to it. */
  readonly sharedLeftMs?: number;
}

/** A token is granted: its window, its lease's number, and the quota with its charge in it. */
export interface MintGrant {
  readonly granted: true;
  readonly window: LeaseWindow;
  readonly index: number;
  readonly quota: LiveQuotaDocument;
}

/** No token. */
export interface MintRefusal {
  readonly granted: false;
  readonly message: string;
  readonly details: RefusalDetails;
}

/** Decides. Never throws, changes nothing. */
export function decideMint(question: MintQuestion): MintGrant | MintRefusal {
  const {
    now,
    policy,
    op,
    requestId,
    sessionId,
    leaseId,
    sharedLeftMs = Number.POSITIVE_INFINITY,
  } = question;
  const quota = question.quota
    ? quotaAt(question.quota, now, policy.sessionsPerMinute)
    : emptyQuota(now, policy.sessionsPerMinute);
  if (quota.blocked) return refuse('blocked', 'This user is blocked.');
  const repeated = Object.hasOwn(quota.requests, requestId) ? quota.requests[requestId] : undefined;
  if (repeated) {
    return refuse(
      'already-issued',
      'This request was answered before; its token cannot be shown again. Ask with a new requestId.',
      { sessionId: repeated.sessionId, leaseId: repeated.leaseId },
    );
  }
  const tokens = Object.values(quota.tokens);
  const wanted =
    op === 'start' ? { index: 0, lengthMs: leaseLengthMs(policy, 0) } : continuation(question, tokens);
  if ('granted' in wanted) return wanted;
  const full =
    noRoom(question, tokens) ??
    (op === 'start' ? tooMany(policy, quota) : undefined) ??
    spent(question, quota);
  if (full) return full;

  const minutes = minutesOf(policy, quota);
  const dayLeft = left(minutes.day, quota.dayMs);
  const monthLeft = left(minutes.month, quota.monthMs);
  const lengthMs = Math.min(wanted.lengthMs, dayLeft, monthLeft);
  if (lengthMs < Math.min(SHORTEST_LEASE_MS, wanted.lengthMs)) {
    return monthLeft <= dayLeft
      ? refuse('minutes-month', 'The minutes of this month are used up.', {
          retryAfterMs: nextMonth(now) - now,
        })
      : refuse('minutes-day', 'The minutes of today are used up.', { retryAfterMs: nextDay(now) - now });
  }
  const window = leaseWindow(now, now + Math.min(lengthMs, sharedLeftMs));
  const chargedMs = window.expiresAt - window.mintedAt;
  const token: LiveToken = { sessionId, index: wanted.index, mintedAt: now, expiresAt: window.expiresAt };
  return {
    granted: true,
    window,
    index: wanted.index,
    quota: {
      ...quota,
      tokens: { ...quota.tokens, [leaseId]: token },
      dayMs: quota.dayMs + chargedMs,
      monthMs: quota.monthMs + chargedMs,
      rate: op === 'start' ? { ...quota.rate, level: quota.rate.level - 1 } : quota.rate,
      requests: { ...quota.requests, [requestId]: { sessionId, leaseId, at: now } },
    },
  };
}

/** What a session that goes on may have: the next lease, or a token inside the running one. */
function continuation(
  { op, now, policy, sessionId }: MintQuestion,
  all: readonly LiveToken[],
): { readonly index: number; readonly lengthMs: number } | MintRefusal {
  const tokens = all.filter((token) => token.sessionId === sessionId);
  const newest = newestLease(tokens);
  // A session of which no token is alive is over, whatever its document says by now.
  if (!newest || tokens.every(({ expiresAt }) => expiresAt <= now)) return sessionOver();
  if (tokens.some(({ revoked }) => revoked)) {
    return refuse('revoked', 'This session was ended by an operator.');
  }
  if (op === 'remint') {
    const lengthMs = Math.min(leaseEnd(tokens, newest.index), now + leaseLengthMs(policy, 0)) - now;
    return lengthMs > 0 ? { index: newest.index, lengthMs } : sessionOver();
  }
  if (policy.renewal === 'single')
    return refuse('single-lease', 'Sessions of this policy have one lease; start a new session.');
  const { renewAfter } = leaseWindow(newest.mintedAt, newest.expiresAt);
  if (now < renewAfter)
    return refuse('renew-early', 'It is too early for the next lease.', { retryAfterMs: renewAfter - now });
  return { index: newest.index + 1, lengthMs: leaseLengthMs(policy, newest.index + 1) };
}

/** The limits on what may be alive at once. */
function noRoom(
  { now, policy, sessionId }: MintQuestion,
  all: readonly LiveToken[],
): MintRefusal | undefined {
  const tokens = all.filter(({ expiresAt }) => expiresAt > now);
  const ends = new Map<string, number>();
  for (const token of tokens)
    ends.set(token.sessionId, Math.max(token.expiresAt, ends.get(token.sessionId) ?? 0));
  if (!ends.has(sessionId) && ends.size >= policy.concurrentSessions) {
    return refuse(
      'concurrency',
      `At most ${policy.concurrentSessions} sessions at a time.`,
      roomAfter([...ends.values()], { most: policy.concurrentSessions, now }),
    );
  }
  const most = mostLiveTokens(policy);
  if (tokens.length < most) return undefined;
  const expiries = tokens.map(({ expiresAt }) => expiresAt);
  return refuse('live-tokens', `At most ${most} live tokens.`, roomAfter(expiries, { most, now }));
}

/** Most tokens of a user that may be alive. */
export function mostLiveTokens({ maxLiveTokens, concurrentSessions }: LivePolicyDocument): number {
  return maxLiveTokens ?? concurrentSessions * 6;
}

/** The wait until fewer than `most` are left, or nothing where waiting cannot help. */
function roomAfter(
  ends: readonly number[],
  { most, now }: { readonly most: number; readonly now: number },
): { readonly retryAfterMs?: number } {
  const end = most > 0 ? [...ends].sort((a, b) => a - b)[ends.length - most] : undefined;
  return end === undefined ? {} : { retryAfterMs: end - now };
}

function tooMany(
  { sessionsPerMinute }: LivePolicyDocument,
  quota: LiveQuotaDocument,
): MintRefusal | undefined {
  const missing = 1 - quota.rate.level;
  if (missing <= 0) return undefined;
  return refuse(
    'rate',
    `At most ${sessionsPerMinute} new sessions a minute.`,
    sessionsPerMinute > 0 ? { retryAfterMs: Math.ceil((missing * 60_000) / sessionsPerMinute) } : {},
  );
}

/** What pages of this user reported today is as much as the policy allows. Advisory: a page may report less. */
function spent({ now, policy }: MintQuestion, { reported }: LiveQuotaDocument): MintRefusal | undefined {
  const { tokens, usd } = policy.reportedPerDay;
  if (!reported || reported.day !== dayOf(now)) return undefined;
  const isOver =
    (tokens !== null && reported.tokens >= tokens) || (usd !== null && reported.microUsd >= usd * 1_000_000);
  return isOver
    ? refuse('spend-day', "Today's share of tokens or money is used up.", {
        retryAfterMs: nextDay(now) - now,
      })
    : undefined;
}

/** What is left of the minutes, in s; `null` for no bound. For display: every mint decides anew. */
export function secondsLeft(minutes: number | null, usedMs: number): number | null {
  return minutes === null ? null : Math.floor(left(minutes, usedMs) / 1_000);
}

function left(minutes: number | null, usedMs: number): number {
  return minutes === null ? Number.POSITIVE_INFINITY : Math.max(0, minutes * 60_000 - usedMs);
}

function sessionOver(): MintRefusal {
  return refuse('session-over', 'This session is over; start a new one.');
}

function refuse(
  reason: RefusalReason,
  message: string,
  details: Omit<RefusalDetails, 'reason'> = {},
): MintRefusal {
  return { granted: false, message, details: { reason, ...details } };
}
