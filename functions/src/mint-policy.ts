/**
 * Whether a user gets a token, and for how long. Pure: documents and a time in, a decision out. The bound that
 * it keeps: the sum of validity of all tokens ever granted in a window ≤ the minutes of that window, for any
 * order of calls.
 * @module
 */
import type {
  LivePolicyDocument,
  LiveQuotaDocument,
  LiveSessionDocument,
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
import { emptyQuota, nextDay, nextMonth, quotaAt } from './quota-window.ts';

/** All that a decision goes by. */
export interface MintQuestion {
  readonly op: MintRequest['op'];
  readonly requestId: string;
  readonly sessionId: string;
  readonly leaseId: string;
  readonly uid: string;
  readonly now: number;
  readonly policy: LivePolicyDocument;
  readonly killSwitch: boolean;
  readonly quota: LiveQuotaDocument | null;
  /** The session that is to go on; `null` at a start. */
  readonly session: LiveSessionDocument | null;
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
  const { now, policy, session, op } = question;
  const quota = question.quota
    ? quotaAt(question.quota, now, policy.sessionsPerMinute)
    : emptyQuota(now, policy.sessionsPerMinute);

  if (question.killSwitch) return refuse('kill-switch', 'Live sessions are switched off for now.');
  if (quota.blocked) return refuse('blocked', 'This user is blocked.');
  const repeated = quota.requests[question.requestId];
  if (repeated) {
    return refuse(
      'already-issued',
      'This request was answered before; its token cannot be shown again. Ask with a new requestId.',
      {
        sessionId: repeated.sessionId,
        leaseId: repeated.leaseId,
      },
    );
  }

  const wanted =
    op === 'start' ? { index: 0, lengthMs: leaseLengthMs(policy, 0) } : continuation(question, session);
  if ('granted' in wanted) return wanted;

  const tokens = Object.values(quota.tokens);
  const live = new Map<string, number>();
  for (const { sessionId, expiresAt } of tokens)
    live.set(sessionId, Math.max(expiresAt, live.get(sessionId) ?? 0));
  if (!live.has(question.sessionId) && live.size >= policy.concurrentSessions) {
    return refuse('concurrency', `At most ${policy.concurrentSessions} sessions at a time.`, {
      retryAfterMs: nth([...live.values()], live.size - policy.concurrentSessions) - now,
    });
  }
  const mostTokens = policy.maxLiveTokens ?? policy.concurrentSessions * 6;
  if (tokens.length >= mostTokens) {
    return refuse('live-tokens', `At most ${mostTokens} live tokens.`, {
      retryAfterMs:
        nth(
          tokens.map(({ expiresAt }) => expiresAt),
          tokens.length - mostTokens,
        ) - now,
    });
  }
  if (op === 'start' && quota.rate.level < 1) {
    return refuse('rate', `At most ${policy.sessionsPerMinute} new sessions a minute.`, {
      retryAfterMs: Math.ceil(((1 - quota.rate.level) * 60_000) / policy.sessionsPerMinute),
    });
  }

  const dayLeft = left(policy.minutesPerDay, quota.dayMs);
  const monthLeft = left(policy.minutesPerMonth, quota.monthMs);
  const lengthMs = Math.min(wanted.lengthMs, dayLeft, monthLeft);
  if (lengthMs < Math.min(SHORTEST_LEASE_MS, wanted.lengthMs)) {
    return monthLeft <= dayLeft
      ? refuse('minutes-month', 'The minutes of this month are used up.', {
          retryAfterMs: nextMonth(now) - now,
        })
      : refuse('minutes-day', 'The minutes of today are used up.', { retryAfterMs: nextDay(now) - now });
  }

  const window = leaseWindow(now, now + lengthMs);
  return {
    granted: true,
    window,
    index: wanted.index,
    quota: {
      ...quota,
      tokens: {
        ...quota.tokens,
        [question.leaseId]: { sessionId: question.sessionId, expiresAt: window.expiresAt },
      },
      dayMs: quota.dayMs + lengthMs,
      monthMs: quota.monthMs + lengthMs,
      rate: op === 'start' ? { ...quota.rate, level: quota.rate.level - 1 } : quota.rate,
      requests: {
        ...quota.requests,
        [question.requestId]: { sessionId: question.sessionId, leaseId: question.leaseId, at: now },
      },
    },
  };
}

/** What a session that goes on may have: the next lease, or a token inside the running one. */
function continuation(
  { op, now, policy, uid }: MintQuestion,
  session: LiveSessionDocument | null,
): { readonly index: number; readonly lengthMs: number } | MintRefusal {
  if (!session) return refuse('no-session', 'There is no such session.');
  if (session.uid !== uid) return refuse('not-owner', 'This session belongs to somebody else.');
  const newest = newestLease(session.leases);
  if (!newest || !session.open || session.state === 'revoked' || session.deadAt <= now) {
    return refuse(
      'session-over',
      session.state === 'revoked'
        ? 'This session was ended by an operator.'
        : 'This session is over; start a new one.',
    );
  }
  if (op === 'remint') {
    const lengthMs = Math.min(leaseEnd(session.leases, newest.index), now + leaseLengthMs(policy, 0)) - now;
    return lengthMs > 0 ? { index: newest.index, lengthMs } : refuse('session-over', 'This lease is over.');
  }
  if (policy.renewal === 'single')
    return refuse('single-lease', 'Sessions of this policy have one lease; start a new session.');
  const { renewAfter } = leaseWindow(newest.mintedAt, newest.expiresAt);
  if (now < renewAfter) {
    return refuse('renew-early', 'It is too early for the next lease.', { retryAfterMs: renewAfter - now });
  }
  return { index: newest.index + 1, lengthMs: leaseLengthMs(policy, newest.index + 1) };
}

/** What is left of the minutes, in s; `null` for no bound. For display: every mint decides anew. */
export function secondsLeft(minutes: number | null, usedMs: number): number | null {
  return minutes === null ? null : Math.floor(left(minutes, usedMs) / 1_000);
}

function left(minutes: number | null, usedMs: number): number {
  return minutes === null ? Number.POSITIVE_INFINITY : Math.max(0, minutes * 60_000 - usedMs);
}

/** The value with `index` smaller ones before it. */
function nth(values: readonly number[], index: number): number {
  return [...values].sort((a, b) => a - b)[index] ?? 0;
}

function refuse(
  reason: RefusalReason,
  message: string,
  details: Omit<RefusalDetails, 'reason'> = {},
): MintRefusal {
  return { granted: false, message, details: { reason, ...details } };
}
