/**
 * What `reportLiveUsage` takes and answers, and the check at its door.
 * @module
 */
import type { JsonObject } from './content.ts';
import { MODALITIES } from './content.ts';
import { bounded, identifier, most, name, oneOf, textUpTo, whole } from './door.ts';
import type { StopNotice } from './mint-messages.ts';
import { REPORT_LIMITS } from './report-limits.ts';
import { flag, list, object, type Shape, struct } from './shape.ts';
import type { CountedModality, TokensByModality, UsageTotals } from './usage.ts';

/** What the client measured of one connection. Times in ms, counts whole. */
export interface ConnectionQuality {
  /** Time from asking for a token to `setupComplete`. */
  readonly connectMs?: number;
  /** Playback gaps heard and their sum. */
  readonly gaps?: number;
  readonly gapMs?: number;
  readonly interruptions?: number;
  readonly closeCode?: number;
  /** Answers of the model, and the median of how long the user waited for their first sound or text, in ms. */
  readonly answers?: number;
  readonly answerMs?: number;
}

/** One line of a session's timeline; types and details stand in `timeline.ts`. Ids merge once. */
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
  /** The figures were taken; events and transcript were not: the session holds as much of them as it may. */
  readonly full?: true;
  readonly serverTime: number;
  readonly stop?: StopNotice;
}

const tokens: Shape<TokensByModality> = object<TokensByModality>(
  Object.fromEntries(
    [...MODALITIES, 'OTHER'].map((modality) => [modality, whole(REPORT_LIMITS.tokens)]),
  ) as unknown as {
    readonly [K in CountedModality]-?: Shape<number>;
  },
);
const shortText = textUpTo(REPORT_LIMITS.textCharacters);
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
      answers: whole(1e9),
      answerMs: bounded(1e9),
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
