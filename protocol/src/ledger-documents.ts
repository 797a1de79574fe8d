/**
 * What the functions write for operators: the cost and flags of a session, daily figures, the audit.
 * @module
 */

import type { LiveBackend } from './models.ts';
import type { RefusalReason } from './refusals.ts';
import type { SessionState, TimestampLike } from './session-documents.ts';
import type { UsageTotals } from './usage.ts';

/** What is odd about a session. `under-reported`: its page told far less than its leases suggest. */
export type SessionFlag = 'under-reported';

/** A cost by list price. */
export interface UsageCost {
  /** Millionths of a US dollar, whole; `null`: unpriced, a part has no known price. Never 0 for unknown. */
  readonly microUsd: number | null;
  /** The parts with a known price, summed. */
  readonly pricedMicroUsd: number;
  /** `response.AUDIO`, `prompt.TEXT`, `thoughts` → its cost. */
  readonly parts: { readonly [part: string]: number };
  /** Parts that were used and have no known price. */
  readonly unpriced: readonly string[];
  /** Day of the price list it goes by; `null` without one. */
  readonly asOf: string | null;
}

/**
 * `liveSessions/{id}/liveOps/ops`: written when the books close; operators only. It repeats what sessions are looked
 * for by, so that a list by cost or flag is one query over these documents.
 */
export interface LiveOpsDocument {
  readonly v: number;
  readonly sessionId: string;
  readonly createdAt: number;
  /** UTC day in which it began, `2026-11-21`. */
  readonly day: string;
  readonly uid: string;
  readonly backend: LiveBackend;
  readonly model: string;
  readonly templateId: string | null;
  readonly state: SessionState;
  /** Made up by `npm run seed`. */
  readonly sample?: true;
  readonly flags: readonly SessionFlag[];
  readonly cost: UsageCost;
  readonly policy: string;
  readonly closedAt: number;
  readonly purgeAt: TimestampLike;
}

/** Sums over sessions whose books are closed. Seconds, tokens, millionths of a dollar. */
export interface StatsFigures {
  readonly sessions: number;
  readonly leasedSeconds: number;
  readonly reportedSeconds: number;
  readonly meteredSeconds: number;
  /** Of the parts with a known price. */
  readonly microUsd: number;
  /** Sessions that have a part without one. */
  readonly unpriced: number;
  readonly flagged: number;
  readonly failed: number;
}

/** `liveStats/{day}/shards/{n}`: sums of sessions that began in that UTC day, and refusals told in it. */
export interface LiveStatsShard {
  readonly v: number;
  readonly all: StatsFigures;
  readonly usage: UsageTotals;
  readonly byModel: { readonly [model: string]: StatsFigures };
  /** By template id; `-` for none. */
  readonly byTemplate: { readonly [template: string]: StatsFigures };
  /** By policy id. */
  readonly byTier: { readonly [policy: string]: StatsFigures };
  readonly refusals: { readonly [K in RefusalReason]?: number };
}

/**
 * `liveUsage/{month}_{uid}` (see {@link usageId}): what a user's sessions that began in a UTC month add up to, counted when their books
 * close, in the batch that closes them. Operators list users by it; an erasure removes it.
 */
export interface LiveUsageDocument extends StatsFigures {
  readonly v: number;
  readonly uid: string;
  /** `2026-11`. */
  readonly month: string;
  /** Epoch ms: when books of theirs were closed last. */
  readonly closedAt: number;
  /** Made up by `npm run seed`. */
  readonly sample?: true;
  /** TTL. */
  readonly purgeAt: TimestampLike;
}

/** Id of a {@link LiveUsageDocument}, for any uid: what no id may hold is escaped. */
export function usageId(month: string, uid: string): string {
  return `${month}_${encodeURIComponent(uid)}`;
}

/** What an alert is about: a key of `AlertThresholds`. */
export type AlertKind = 'usd' | 'refusals' | 'flaggedSessions' | 'mintErrors';

/** `liveStats/{day}`: the shards summed. Made anew at each roll-up, so it may be made twice. */
export interface LiveStatsDocument extends LiveStatsShard {
  readonly day: string;
  /** Sessions made up by `npm run seed` are in these sums. */
  readonly sample?: true;
  readonly rolledUpAt: number;
  /** Thresholds that were reached, and when that was told. */
  readonly alerted: { readonly [K in AlertKind]?: number };
}

/** What an operator did. */
export type AuditAct =
  | 'revoke-session'
  | 'block-user'
  | 'unblock-user'
  | 'erase-user'
  | 'set-policy'
  | 'delete-policy'
  | 'set-template'
  | 'set-price'
  | 'set-kill-switch'
  | 'set-limits'
  | 'set-role'
  | 'set-tier'
  | 'raise-quota';

/** `liveAudit/{id}`: one act, written in the transaction that does it. */
export interface LiveAuditDocument {
  readonly v: number;
  readonly at: number;
  /** Uid of the operator; `command` for the command line, `system` for an account's deletion. */
  readonly actor: string;
  readonly act: AuditAct;
  /** Path of what was changed, such as `livePolicies/default`, or `users/{uid}`. */
  readonly target: string;
  /** The user it is about; a pseudonym once that user is erased. */
  readonly subject: string | null;
  readonly reason: string;
  /** The document before and after, where it is one that operators write. */
  readonly before: unknown;
  readonly after: unknown;
}

/** `liveErasures/{uid}`: an erasure that is under way; gone when it is done. */
export interface LiveErasureDocument {
  readonly v: number;
  readonly uid: string;
  /** What stands in place of the uid in what is kept. Random, and forgotten at the end. */
  readonly pseudonym: string;
  readonly requestedAt: number;
  readonly actor: string;
  /** When the next step can be taken: what is waited for is over then. */
  readonly dueAt: number;
  /** The user is blocked and the audit has been told. */
  readonly begun?: true;
}
