/**
 * The Firestore documents: where they stand, what they hold, who writes them. Clients write none. Times are
 * epoch ms unless a name says otherwise; durations are seconds.
 * @module
 */

import type { LiveSetup } from './live-setup.ts';
import type { TemplateChoice } from './mint-messages.ts';
import type { LiveBackend } from './models.ts';
import type { SetupPath } from './setup-fields.ts';
import type { UsageTotals } from './usage.ts';
import type { ConnectionQuality, ReportEvent, TranscriptTurn } from './usage-report.ts';

/** Collection names. */
export const COLLECTIONS = {
  sessions: 'liveSessions',
  quotas: 'liveQuotas',
  policies: 'livePolicies',
  templates: 'liveTemplates',
  config: 'liveConfig',
} as const;

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
  readonly policy: string;
  readonly state: SessionState;
  readonly createdAt: number;
  /** The books are open: reports are taken, a renewal is possible. Closed by `sweepLiveSessions`. */
  readonly open: boolean;
  /** When its last token dies, or died: `sweepLiveSessions` goes by it. */
  readonly deadAt: number;
  readonly endedAt: number | null;
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
  /** What renewals rebuild the setup from; nothing secret. */
  readonly asked: { readonly setup: Partial<LiveSetup>; readonly template: TemplateChoice | null };
  /** 0–7 by hash of the id, so that no index grows at one end. */
  readonly shard: number;
  /** TTL. */
  readonly purgeAt: TimestampLike;
}

/** `liveSessions/{id}/events/{n}`: a batch of the timeline. Transcripts only where the policy keeps them. */
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
  /** Recent request ids → what they were answered with, for one minute. */
  readonly requests: {
    readonly [requestId: string]: {
      readonly sessionId: string;
      readonly leaseId: string;
      readonly at: number;
    };
  };
}

/** `livePolicies/{id}`: what a class of users may do. */
export interface LivePolicyDocument {
  readonly v: number;
  readonly version: number;
  readonly route: 'direct' | 'relay';
  readonly backends: readonly LiveBackend[];
  /** Model ids without `models/`. */
  readonly models: readonly string[];
  readonly modalities: readonly string[];
  /** `any`, or the allowed voice names. */
  readonly voices: 'any' | readonly string[];
  /** Templates that may be named; `any` for all. */
  readonly templates: 'any' | readonly string[];
  /** `true`: a session without a template is refused. */
  readonly templateRequired: boolean;
  /** Paths the page may wish for; the server writes them into the token and locks them. */
  readonly settableFields: readonly SetupPath[];
  /** Paths left out of the lock: the client sets them on its own socket, unseen by the server. */
  readonly openFields: readonly SetupPath[];
  readonly minutesPerDay: number | null;
  readonly minutesPerMonth: number | null;
  readonly sessionsPerMinute: number;
  readonly concurrentSessions: number;
  /** Most live tokens of a user; `null` is six for each concurrent session. */
  readonly maxLiveTokens: number | null;
  readonly renewal: 'resume' | 'single';
  /** Lease lengths in s: the first, the second, and from then on the last. */
  readonly leaseSeconds: readonly number[];
  readonly singleLeaseSeconds: number;
  readonly anonymous: boolean;
  readonly transcripts: { readonly keep: boolean; readonly days: number };
  readonly reportEverySeconds: number;
  readonly sessionDays: number;
  /** `true`: refused outside the emulators. */
  readonly emulatorOnly: boolean;
}

/** `liveTemplates/{id}` (the current version) and `liveTemplates/{id}/versions/{n}` (which never change). */
export interface LiveTemplateDocument {
  readonly v: number;
  readonly version: number;
  readonly title: string;
  /** Locked into the token. Its instruction and tools are not sent to the browser. */
  readonly setup: Partial<LiveSetup>;
}

/** `liveConfig/global`. */
export interface LiveConfigDocument {
  readonly v: number;
  readonly killSwitch: boolean;
}
