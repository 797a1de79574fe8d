/**
 * Request and answer of each callable function, and the checks at the door.
 * @module
 */

import type { JsonObject } from './content.ts';
import { MODALITIES } from './content.ts';
import { ProtocolError } from './errors.ts';
import type { LiveSetup } from './live-setup.ts';
import { partialSetupShape } from './message-shapes.ts';
import type { LiveBackend } from './models.ts';
import type { SetupPath } from './setup-fields.ts';
import { flag, isObject, list, number, object, type Shape, struct, text } from './shape.ts';
import type { CountedModality, TokensByModality, UsageTotals } from './usage.ts';

/** Version of the callables' shapes. Functions answer this one and the one before. */
export const CALLABLES_VERSION = 1;

/** A template and what to put into it. */
export interface TemplateChoice {
  readonly id: string;
  readonly variables?: { readonly [name: string]: string };
}

/** Opens a session. `setup` holds what the page wishes for; a field the policy forbids is refused by name. */
export interface MintStart {
  readonly v: number;
  readonly op: 'start';
  /** Made by the client, 8–64 characters of `A-Za-z0-9_-`; a repeat is answered once. */
  readonly requestId: string;
  readonly model: string;
  readonly backend?: LiveBackend;
  readonly location?: string;
  readonly template?: TemplateChoice;
  readonly setup?: Partial<LiveSetup>;
}

/** The next lease of a session that goes on. Refused before `renewAfter`. */
export interface MintRenew {
  readonly v: number;
  readonly op: 'renew';
  readonly requestId: string;
  readonly sessionId: string;
  /** The resume was refused: the next connection seeds its history instead. */
  readonly fresh?: boolean;
}

/** Another token inside the running lease, after a drop. */
export interface MintRemint {
  readonly v: number;
  readonly op: 'remint';
  readonly requestId: string;
  readonly sessionId: string;
  readonly fresh?: boolean;
}

/** What `mintLiveToken` takes. */
export type MintRequest = MintStart | MintRenew | MintRemint;

/** How the socket carries its credential. */
export type SocketAuth =
  | { readonly kind: 'query'; readonly name: 'access_token'; readonly value: string }
  | { readonly kind: 'subprotocol'; readonly value: string };

/** Why a session is to stop, said in the answer to a renewal or a report. */
export interface StopNotice {
  readonly reason: 'revoked' | 'blocked' | 'kill-switch' | 'quota' | 'session-over';
}

/** Seconds left to the caller; `null` where the policy sets no bound. */
export interface QuotaLeft {
  readonly daySeconds: number | null;
  readonly monthSeconds: number | null;
}

/** What `mintLiveToken` answers. Times are epoch ms by the server's clock; count from `serverTime`. */
export interface MintAnswer {
  readonly v: number;
  readonly sessionId: string;
  readonly leaseId: string;
  /** 0 for the first lease; a re-mint keeps its lease's index. */
  readonly leaseIndex: number;
  /** Names the socket that this token opens, in reports. */
  readonly connectionId: string;
  readonly serverTime: number;
  /** The token is dead from here on. */
  readonly expiresAt: number;
  /** Renewals are refused before this. */
  readonly renewAfter: number;
  /** The socket must be opened before this. */
  readonly startBy: number;
  readonly route: 'direct' | 'relay';
  readonly socket: { readonly url: string; readonly auth: SocketAuth };
  /** The part of the locked setup that is not secret: the client's first frame, with its open fields added. */
  readonly setup: Partial<LiveSetup> & { readonly model: string };
  /** Paths the client may set by itself, `sessionResumption` always among them. */
  readonly openFields: readonly SetupPath[];
  readonly report: { readonly everySeconds: number; readonly transcripts: boolean };
  readonly quotaLeft: QuotaLeft;
  /** Oldest version of these shapes that is still answered. */
  readonly clientMin: number;
  readonly warnings?: readonly string[];
  readonly stop?: StopNotice;
}

/** Why a callable refused, in `details.reason` of its error. */
export const REFUSAL_REASONS = [
  'already-issued',
  'anonymous',
  'app-check',
  'backend',
  'blocked',
  'client-outdated',
  'concurrency',
  'contention',
  'emulator-only',
  'field',
  'invalid',
  'kill-switch',
  'live-tokens',
  'minutes-day',
  'minutes-month',
  'modality',
  'model',
  'no-template',
  'not-owner',
  'no-session',
  'rate',
  'relay-only',
  'renew-early',
  'session-over',
  'single-lease',
  'upstream-refused',
  'upstream-unavailable',
  'voice',
] as const;
/** One of {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** `details` of a refusal. */
export interface RefusalDetails {
  readonly reason: RefusalReason;
  /** Wait this long before asking again; absent where asking again cannot help. */
  readonly retryAfterMs?: number;
  /** The field that was wrong. */
  readonly field?: string;
  readonly sessionId?: string;
  readonly leaseId?: string;
}

/** What the client measured of one connection. Times in ms, counts whole. */
export interface ConnectionQuality {
  /** Time from asking for a token to `setupComplete`. */
  readonly connectMs?: number;
  /** Playback gaps heard and their sum. */
  readonly gaps?: number;
  readonly gapMs?: number;
  readonly interruptions?: number;
  readonly closeCode?: number;
}

/** One line of a session's timeline. Ids merge once. */
export interface ReportEvent {
  readonly id: string;
  /** Epoch ms by the server's clock as the client reckons it. */
  readonly at: number;
  readonly type: string;
  readonly detail?: JsonObject;
}

/** One turn's text, sent only where the policy keeps transcripts. */
export interface TranscriptTurn {
  readonly id: string;
  readonly at: number;
  readonly role: 'user' | 'model';
  readonly text: string;
}

/** What `reportLiveUsage` takes: cumulative figures of one connection. */
export interface UsageReport {
  readonly v: number;
  readonly sessionId: string;
  readonly connectionId: string;
  /** Grows with every report of the connection; a lower or equal one is `stale` and changes nothing. */
  readonly seq: number;
  /** The connection is over. Frees neither time nor a slot. */
  readonly final: boolean;
  /** Seconds the connection has been open. */
  readonly seconds: number;
  readonly totals: UsageTotals;
  readonly quality?: ConnectionQuality;
  readonly events?: readonly ReportEvent[];
  readonly transcript?: readonly TranscriptTurn[];
}

/** What `reportLiveUsage` answers. */
export interface ReportAnswer {
  readonly v: number;
  readonly status: 'ok' | 'stale';
  readonly serverTime: number;
  readonly stop?: StopNotice;
}

/** Bounds of a report: more is refused with `invalid-argument`. Ours. */
export const REPORT_LIMITS = {
  events: 100,
  transcriptTurns: 50,
  textCharacters: 4_000,
  tokens: 1_000_000_000,
  seconds: 90_000,
} as const;

const fail = (path: string, wanted: string): ProtocolError =>
  new ProtocolError('invalid-field', path, `Invalid value at '${path}': expected ${wanted}.`);

const identifier: Shape<string> = (value, path, unknownFields) => {
  const read = text(value, path, unknownFields);
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(read)) throw fail(path, '8 to 64 of A-Z a-z 0-9 _ -');
  return read;
};
const name: Shape<string> = (value, path, unknownFields) => {
  const read = text(value, path, unknownFields);
  if (read.length === 0 || read.length > 200) throw fail(path, '1 to 200 characters');
  return read;
};
const bounded =
  (most: number): Shape<number> =>
  (value, path, unknownFields) => {
    const read = number(value, path, unknownFields);
    if (read < 0 || read > most) throw fail(path, `a number from 0 to ${most}`);
    return read;
  };
const whole =
  (most: number): Shape<number> =>
  (value, path, unknownFields) => {
    const read = bounded(most)(value, path, unknownFields);
    if (!Number.isInteger(read)) throw fail(path, 'a whole number');
    return read;
  };
const oneOf =
  <const T extends string>(...choices: readonly T[]): Shape<T> =>
  (value, path) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw fail(path, `one of ${choices.join(', ')}`);
    return found;
  };
const most =
  <T>(limit: number, shape: Shape<readonly T[]>): Shape<readonly T[]> =>
  (value, path, unknownFields) => {
    if (Array.isArray(value) && value.length > limit) throw fail(path, `at most ${limit} entries`);
    return shape(value, path, unknownFields);
  };
const variables: Shape<{ readonly [name: string]: string }> = (value, path, unknownFields) => {
  const read = struct(value, path, unknownFields);
  for (const [key, each] of Object.entries(read)) text(each, `${path}.${key}`, unknownFields);
  return read as { readonly [name: string]: string };
};

const startShape = object<MintStart>(
  {
    v: whole(99),
    op: oneOf('start'),
    requestId: identifier,
    model: name,
    backend: oneOf('google-ai', 'vertex-ai'),
    location: name,
    template: object<TemplateChoice>({ id: name, variables }, 'id'),
    setup: partialSetupShape,
  },
  'v',
  'op',
  'requestId',
  'model',
);
const renewShape = object<MintRenew>(
  { v: whole(99), op: oneOf('renew'), requestId: identifier, sessionId: identifier, fresh: flag },
  'v',
  'op',
  'requestId',
  'sessionId',
);
const remintShape = object<MintRemint>(
  { v: whole(99), op: oneOf('remint'), requestId: identifier, sessionId: identifier, fresh: flag },
  'v',
  'op',
  'requestId',
  'sessionId',
);

/** Reads a mint request. Throws {@link ProtocolError} with the field's path. */
export function readMintRequest(value: unknown): MintRequest {
  const op = oneOf('start', 'renew', 'remint')(isObject(value) ? value.op : undefined, 'op', 'reject');
  if (op === 'start') return startShape(value, '', 'reject');
  return op === 'renew' ? renewShape(value, '', 'reject') : remintShape(value, '', 'reject');
}

const tokens: Shape<TokensByModality> = object<TokensByModality>(
  Object.fromEntries(
    [...MODALITIES, 'OTHER'].map((modality) => [modality, whole(REPORT_LIMITS.tokens)]),
  ) as unknown as {
    readonly [K in CountedModality]-?: Shape<number>;
  },
);
const shortText: Shape<string> = (value, path, unknownFields) => {
  const read = text(value, path, unknownFields);
  if (read.length > REPORT_LIMITS.textCharacters)
    throw fail(path, `at most ${REPORT_LIMITS.textCharacters} characters`);
  return read;
};
const time = whole(Number.MAX_SAFE_INTEGER);
const reportShape = object<UsageReport>(
  {
    v: whole(99),
    sessionId: identifier,
    connectionId: identifier,
    seq: whole(1_000_000),
    final: flag,
    seconds: bounded(REPORT_LIMITS.seconds),
    totals: object<UsageTotals>(
      {
        turns: whole(1_000_000),
        prompt: tokens,
        response: tokens,
        toolUse: tokens,
        cached: tokens,
        thoughts: whole(REPORT_LIMITS.tokens),
        total: whole(REPORT_LIMITS.tokens),
      },
      'turns',
      'prompt',
      'response',
      'toolUse',
      'cached',
      'thoughts',
      'total',
    ),
    quality: object<ConnectionQuality>({
      connectMs: bounded(1e9),
      gaps: whole(1e9),
      gapMs: bounded(1e9),
      interruptions: whole(1e9),
      closeCode: whole(4_999),
    }),
    events: most(
      REPORT_LIMITS.events,
      list(object<ReportEvent>({ id: identifier, at: time, type: name, detail: struct }, 'id', 'at', 'type')),
    ),
    transcript: most(
      REPORT_LIMITS.transcriptTurns,
      list(
        object<TranscriptTurn>(
          { id: identifier, at: time, role: oneOf('user', 'model'), text: shortText },
          'id',
          'at',
          'role',
          'text',
        ),
      ),
    ),
  },
  'v',
  'sessionId',
  'connectionId',
  'seq',
  'final',
  'seconds',
  'totals',
);

/** Reads a usage report. Throws {@link ProtocolError} with the field's path. */
export function readUsageReport(value: unknown): UsageReport {
  return reportShape(value, '', 'reject');
}
