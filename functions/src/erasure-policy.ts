/**
 * What an erasure makes of the documents of a user. Pure; times in epoch ms.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  type LiveAuditDocument,
  type LiveErasureDocument,
  type LiveQuotaDocument,
  type LiveSessionDocument,
} from '@livegate/protocol';
import { listedRole, type StoredRoles, withoutPending, withRole } from './operators.ts';
import { dayOf, monthOf, nextDay } from './quota-window.ts';

/** An ID token lives an hour (Firebase, "Verify ID tokens", read 2026-11-21), that of a deleted account too. */
export const ID_TOKEN_MS = 3_600_000;
/** A session that waits for its books is looked at this much later at the soonest: how often the sweeper comes. */
const LOOK_AGAIN_MS = 5 * 60_000;

/**
 * What is left of a quota while the user is erased: the tokens that may be alive, without a next one; the charge of
 * the day and the month; a block, so that an ID token that is still valid mints nothing, and no time to live, since a
 * block does not lapse. `null` where it is so already.
 */
export function entombed(quota: LiveQuotaDocument | null, now: number): LiveQuotaDocument | null {
  if (quota && isEntombed(quota)) return null;
  const tokens = Object.entries(quota?.tokens ?? {}).map(
    ([id, token]) => [id, { ...token, revoked: true as const }] as const,
  );
  return {
    v: DOCUMENTS_VERSION,
    tokens: Object.fromEntries(tokens),
    day: quota?.day ?? dayOf(now),
    dayMs: quota?.dayMs ?? 0,
    month: quota?.month ?? monthOf(now),
    monthMs: quota?.monthMs ?? 0,
    rate: { level: 0, at: quota?.rate.at ?? now },
    blocked: quota?.blocked?.reason === ERASED ? quota.blocked : { reason: ERASED, at: now },
    requests: {},
  };
}

/** Reason of the block, and of the stop of sessions. */
const ERASED = 'erased';

function isEntombed(quota: LiveQuotaDocument): boolean {
  return (
    quota.blocked?.reason === ERASED &&
    quota.reported === undefined &&
    quota.purgeAt === undefined &&
    Object.keys(quota.requests).length === 0 &&
    Object.values(quota.tokens).every(({ revoked }) => revoked === true)
  );
}

/**
 * Until when the quota stays: its last token is dead, the UTC day of its charge is over, and, where the account was
 * deleted, its last ID token has expired.
 */
export function keptUntil(
  quota: Pick<LiveQuotaDocument, 'tokens' | 'day' | 'dayMs'> | null,
  { actor, requestedAt }: Pick<LiveErasureDocument, 'actor' | 'requestedAt'>,
): number {
  const tokens = Object.values(quota?.tokens ?? {});
  return Math.max(
    0,
    ...tokens.map(({ expiresAt }) => expiresAt),
    quota && quota.dayMs > 0 ? nextDay(Date.parse(quota.day)) : 0,
    actor === 'system' ? requestedAt + ID_TOKEN_MS : 0,
  );
}

/** Sessions with a token that is alive. */
export function liveSessionsOf(quota: LiveQuotaDocument | null, now: number): number {
  const live = Object.values(quota?.tokens ?? {}).filter(({ expiresAt }) => expiresAt > now);
  return new Set(live.map(({ sessionId }) => sessionId)).size;
}

/** True for a session that nobody waits for: its books are closed, and whoever settles was told. */
export function mayGo({ open, unsettled }: Pick<LiveSessionDocument, 'open' | 'unsettled'>): boolean {
  return !open && unsettled !== true;
}

/**
 * What changes at once in a session that has to stay until its books are closed; `null` where it is so already. One
 * whose token is alive is ended as an operator ends it. What was said goes with its events.
 */
export function strippedSession(
  session: LiveSessionDocument,
  now: number,
): Pick<LiveSessionDocument, 'state' | 'stopReason' | 'endedAt' | 'asked' | 'timeline' | 'erased'> | null {
  if (session.erased) return null;
  const ending =
    session.open && session.deadAt > now
      ? { state: 'revoked' as const, stopReason: ERASED, endedAt: session.endedAt ?? now }
      : { state: session.state, stopReason: session.stopReason, endedAt: session.endedAt };
  return { ...ending, asked: { setup: {}, template: null }, timeline: [], erased: true };
}

/** When an erasure whose sessions wait for their books is looked at again. */
export function nextStepAt(waiting: readonly Pick<LiveSessionDocument, 'deadAt'>[], now: number): number {
  return Math.max(now + LOOK_AGAIN_MS, Math.min(...waiting.map(({ deadAt }) => deadAt)));
}

/** Who is replaced, and by what. */
export interface Pseudonym {
  readonly uid: string;
  readonly pseudonym: string;
  /** Collection of the sessions. */
  readonly sessions: string;
}

/**
 * An entry of the audit in which the pseudonym stands for the user, as subject and as actor, in texts and in the
 * documents before and after. A session's id tells, to whoever knows the uid, whose it was: it goes as well.
 */
export function pseudonymised(entry: LiveAuditDocument, who: Pseudonym): LiveAuditDocument {
  const { uid, pseudonym, sessions } = who;
  const isSession = entry.subject === uid && entry.target.startsWith(`${sessions}/`);
  return {
    ...entry,
    actor: entry.actor === uid ? pseudonym : entry.actor,
    subject: entry.subject === uid ? pseudonym : entry.subject,
    target: isSession ? `${sessions}/${pseudonym}` : withoutUid(entry.target, who),
    reason: withoutUid(entry.reason, who),
    before: replaced(entry.before, who),
    after: replaced(entry.after, who),
  };
}

/** A text in which the pseudonym stands for the uid, where that is a word of its own. */
export function withoutUid(text: string, { uid, pseudonym }: Pick<Pseudonym, 'uid' | 'pseudonym'>): string {
  const literal = uid.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9_-])${literal}(?![A-Za-z0-9_-])`, 'g'), () => pseudonym);
}

function replaced(value: unknown, who: Pseudonym): unknown {
  if (typeof value === 'string') return withoutUid(value, who);
  if (Array.isArray(value)) return value.map((each) => replaced(each, who));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [withoutUid(key, who), replaced(each, who)]),
  );
}

/** The roles without a user, also without one that is on its way; `null` where they name the user nowhere. */
export function rolesWithout(roles: StoredRoles | null, uid: string): StoredRoles | null {
  if (!roles || (listedRole(roles, uid) === null && !Object.hasOwn(roles.pending, uid))) return null;
  return withoutPending(withRole(roles, uid, null), uid);
}

/** True where a user is the only admin. */
export function isLastAdmin(roles: StoredRoles | null, uid: string): boolean {
  return roles !== null && roles.admins.length > 0 && roles.admins.every((each) => each === uid);
}
