/**
 * The documents that operators write: policies, templates, prices and the switches. Times are epoch ms unless a
 * name says otherwise.
 * @module
 */
import type { Modality } from './content.ts';
import type { LiveSetup, Tool } from './live-setup.ts';
import type { LiveBackend } from './models.ts';
import type { TimestampLike } from './session-documents.ts';
import type { SetupPath } from './setup-fields.ts';

/** A kind of tool: the key it stands under in `setup.tools`. */
export type ToolKind = keyof Tool;

/** Most of a UTC day; `null` for no bound. */
export interface SpendLimit {
  readonly tokens: number | null;
  readonly usd: number | null;
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
  /** `any`, or the allowed kinds, of the page's tools and of a template's. */
  readonly tools: 'any' | readonly ToolKind[];
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
  /** By what pages report: advisory, since a page may report too little. No further lease once it is reached. */
  readonly reportedPerDay: SpendLimit;
  /** By what the relay measures: binding there, without effect on the direct route. */
  readonly meteredPerDay: SpendLimit;
  readonly renewal: 'resume' | 'single';
  /** Lease lengths in s: the first, the second, and from then on the last. */
  readonly leaseSeconds: readonly number[];
  readonly singleLeaseSeconds: number;
  readonly anonymous: boolean;
  /** What anonymous users of one origin (app and address) share in a UTC day; `null` for no such bound. */
  readonly anonymousPool: { readonly minutesPerDay: number } | null;
  readonly transcripts: { readonly keep: boolean; readonly days: number };
  readonly reportEverySeconds: number;
  readonly sessionDays: number;
  /** `true`: refused outside the emulators. */
  readonly emulatorOnly: boolean;
}

/** A variable of a template. Its value stands in the instruction as a JSON string, or plainly where it is one of a list. */
export interface TemplateVariable {
  /** Most characters (UTF-16) of a value, 1 to 2,000. */
  readonly maxLength: number;
  /** The only values allowed. */
  readonly oneOf?: readonly string[];
  /** What stands there when the page gives none; without it the variable must be given. */
  readonly default?: string;
  readonly description?: string;
}

/** `liveTemplates/{id}` (the current version) and `liveTemplates/{id}/versions/{n}` (which never change). */
export interface LiveTemplateDocument {
  readonly v: number;
  readonly version: number;
  readonly title: string;
  /** Locked into the token. Its instruction and tools are not sent to the browser. `{{name}}` in a text of the instruction is a variable. */
  readonly setup: Partial<LiveSetup>;
  /** By name: a letter, then up to 39 letters, digits or `_`. */
  readonly variables: { readonly [name: string]: TemplateVariable };
}

/** USD for a million tokens, by modality; a modality that is absent has no known price. */
export type PriceByModality = { readonly [K in Modality]?: number };

/** `livePrices/{model}`. An absent figure is unknown, never free. */
export interface LivePriceDocument {
  readonly v: number;
  readonly version: number;
  /** Prompt and tool-use tokens. */
  readonly input: PriceByModality;
  readonly output: PriceByModality;
  /** The part of the prompt that was cached, where it costs less; absent: the input's price. */
  readonly cached?: PriceByModality;
  /** Thoughts; absent: unknown. */
  readonly thoughts?: number;
  /** Day the figures were read, `2026-11-21`. */
  readonly asOf: string;
  /** Where they were read. */
  readonly source: string;
}

/** Bounds of the whole project, shared by all users. */
export interface LiveCaps {
  /** Minutes leased in a UTC day. */
  readonly minutesPerDay: number | null;
  /** Tokens alive at once. */
  readonly liveTokens: number | null;
  /** The bounds are split over this many documents, 1 to 64. */
  readonly shards: number;
}

/** Figures of a UTC day that make an alert when they are reached; `null` for none. */
export interface AlertThresholds {
  readonly usd: number | null;
  readonly refusals: number | null;
  readonly flaggedSessions: number | null;
  readonly mintErrors: number | null;
}

/** `liveConfig/global`. */
export interface LiveConfigDocument {
  readonly v: number;
  readonly killSwitch: boolean;
  readonly caps: LiveCaps | null;
  readonly alerts: AlertThresholds | null;
}

/** `liveConfig/global/caps/{n}` and `livePools/{origin}`: a share of a bound, and what of it is taken. */
export interface LiveBudgetDocument {
  readonly v: number;
  readonly day: string;
  readonly dayMs: number;
  /** Minute (epoch ms / 60,000, rounded up) → tokens that die in it. */
  readonly ends: { readonly [minute: string]: number };
  /** TTL of a pool. */
  readonly purgeAt?: TimestampLike;
}

/** `liveConfig/roles`: who the operators are, so that the last admin is known. The claim decides, this counts. */
export interface LiveRolesDocument {
  readonly v: number;
  readonly admins: readonly string[];
  readonly viewers: readonly string[];
  /** By uid: decided here, on its way to the user's record. `revoke`: every sign-in of before is to end. */
  readonly pending?: {
    readonly [uid: string]: { readonly role: 'viewer' | 'admin' | null; readonly revoke: boolean };
  };
}
