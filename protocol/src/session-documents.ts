/**
 * The documents of a conversation and of a user's quota: where they stand, what they hold, who writes them.
 * Clients write none. Times are epoch ms unless a name says otherwise; durations are seconds.
 * @module
 */

import type { LiveSetup } from './live-setup.ts';
import type { TemplateChoice } from './mint-messages.ts';
import type { LiveBackend } from './models.ts';
import type { UsageTotals } from './usage.ts';
import type { ConnectionQuality, ReportEvent, TranscriptTurn } from './usage-report.ts';

/** Collection names; `ops` is one below each session, the others stand at the top. */
export const COLLECTIONS = {
  sessions: 'liveSessions',
  ops: 'liveOps',
  quotas: 'liveQuotas',
  policies: 'livePolicies',
  templates: 'liveTemplates',
  prices: 'livePrices',
  stats: 'liveStats',
  audit: 'liveAudit',
  config: 'liveConfig',
  pools: 'livePools',
  erasures: 'liveErasures',
  usage: 'liveUsage',
} as const;

/** Where a project keeps what: {@link COLLECTIONS}, or names of its own. */
export type CollectionNames = { readonly [K in keyof typeof COLLECTIONS]: string };

/** Version of the documents. */
export const DOCUMENTS_VERSION = 1;

/**
 * - `reserved`: time is set aside, no token is known to exist yet
 * - `active`: a token was handed out and may be alive
 * - `ended`: the client said so; the books close when its last token is dead
 * - `expired`: the last token died without a goodbye
 * - `revoked`: an operator ended it; no renewal
 * - `failed`: the upstream refused the first token; nothing was charged
 */
export type SessionState = 'reserved' | 'active' | 'ended' | 'expired' | 'revoked' | 'failed';

/** One token of a session. `kept` is an outcome nobody knows: the token may exist, so it is charged. */
export interface LeaseEntry {
  readonly index: number;
  readonly op: 'start' | 'renew' | 'remint';
  readonly connectionId: string;
  readonly mintedAt: number;
  readonly expiresAt: number;
  readonly state: 'reserved' | 'issued' | 'refused' | 'kept';
}

/** What one connection reported last. */
export interface ConnectionFigures {
  readonly seq: number;
  readonly final: boolean;
  readonly seconds: number;
  readonly totals: UsageTotals;
  readonly quality?: ConnectionQuality;
}

/** A Firestore Timestamp, seen from a package that imports nothing. */
export interface TimestampLike {
  toMillis(): number;
}

/**
 * `liveSessions/{id}`: one conversation. Written by the functions; read by its owner (one, or a list with
 * `uid ==` and a limit) and by operators. Holds no token and no handle.
 */
export interface LiveSessionDocument {
  readonly v: number;
  readonly uid: string;
  readonly backend: LiveBackend;
  readonly route: 'direct' | 'relay';
  readonly model: string;
  /** `id@version`, or `null` for a setup of the page's own. */
  readonly template: string | null;
  /** The template without its version, for lists; `null` where there is none. */
  readonly templateId: string | null;
  /** `id@version`. */
  readonly policy: string;
  /** The policy without its version. */
  readonly policyId: string;
  readonly state: SessionState;
  readonly createdAt: number;
  /** The books are open: reports are taken, a renewal is possible. Closed by `sweepLiveSessions`. */
  readonly open: boolean;
  /** When its last token dies, or died: `sweepLiveSessions` goes by it. */
  readonly deadAt: number;
  readonly endedAt: number | null;
  /** Why it ended, or is to end: `revoked`, `blocked`, `erased`, `upstream-refused`. */
  readonly stopReason: string | null;
  /** Lease id → token. Few and small. */
  readonly leases: { readonly [leaseId: string]: LeaseEntry };
  /** The charge: seconds of validity of every token that was or may have been handed out. */
  readonly leased: { readonly seconds: number; readonly tokens: number };
  /** What the client says: sums over `connections`. Advisory. */
  readonly reported: { readonly seconds: number; readonly totals: UsageTotals; readonly at: number | null };
  /** What the relay measured; `null` on the direct route. */
  readonly metered: { readonly seconds: number; readonly totals: UsageTotals } | null;
  readonly connections: { readonly [connectionId: string]: ConnectionFigures };
  /** The first lines of the timeline, as its page told them; what does not fit stands in `events/{n}`. */
  readonly timeline: readonly ReportEvent[];
  /** Bytes that stand in `events`, for their bound. */
  readonly toldBytes: number;
  /** What renewals rebuild the setup from; nothing secret. */
  readonly asked: { readonly setup: Partial<LiveSetup>; readonly template: TemplateChoice | null };
  /** 0–7 by hash of the id, so that no index grows at one end. */
  readonly shard: number;
  /** The books are closed and `onSettled` has not been told yet. */
  readonly unsettled?: true;
  /** Made up by `npm run seed`, and removed by it. */
  readonly sample?: true;
  /** The user was erased: the document goes when the books close. */
  readonly erased?: true;
  /** TTL. */
  readonly purgeAt: TimestampLike;
}

/** `liveSessions/{id}/events/{n}`: more of the timeline, and transcripts where the policy keeps them. */
export interface LiveEventsDocument {
  readonly v: number;
  readonly connectionId: string;
  readonly seq: number;
  readonly events: readonly ReportEvent[];
  readonly transcript: readonly TranscriptTurn[];
  readonly purgeAt: TimestampLike;
}

/** A token that may still be alive, with what the next lease of its session goes by. */
export interface LiveToken {
  readonly sessionId: string;
  /** Number of its lease within the session, from 0. */
  readonly index: number;
  readonly mintedAt: number;
  readonly expiresAt: number;
  /** An operator ended the session: no further token. */
  readonly revoked?: true;
}

/**
 * `liveQuotas/{uid}`: the one document a mint contends on. No client reads it.
 */
export interface LiveQuotaDocument {
  readonly v: number;
  /** Lease id → token. Dead ones are pruned by arithmetic at the next mint; the newest of a live session stays. */
  readonly tokens: { readonly [leaseId: string]: LiveToken };
  /** UTC windows, `2026-11-21` and `2026-11`, and the ms of validity charged in each. */
  readonly day: string;
  readonly dayMs: number;
  readonly month: string;
  readonly monthMs: number;
  /** Token bucket of session starts: what is left, and when that was so. */
  readonly rate: { readonly level: number; readonly at: number };
  readonly blocked: { readonly reason: string; readonly at: number } | null;
  /** Minutes that an operator gave on top of the policy's, for one UTC day; they count in its month too, on that day. */
  readonly raise?: { readonly day: string; readonly minutes: number };
  /** What pages reported in the day, kept where a policy bounds it. */
  readonly reported?: { readonly day: string; readonly tokens: number; readonly microUsd: number };
  /** TTL: two months after the last token. A blocked user's has none: a block does not lapse. */
  readonly purgeAt?: TimestampLike;
  /** Recent request ids → what they were answered with, for one minute. */
  readonly requests: {
    readonly [requestId: string]: {
      readonly sessionId: string;
      readonly leaseId: string;
      readonly at: number;
    };
  };
}
