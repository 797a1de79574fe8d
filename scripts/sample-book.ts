/**
 * What the page of a sample tells of one connection, as the web module's book of it does.
 * @module
 */
import {
  addTurn,
  asDetail,
  CALLABLES_VERSION,
  type ConnectionQuality,
  type MintAnswer,
  NO_USAGE,
  type ReportEvent,
  type TimelineDetails,
  type TimelineType,
  type TokensByModality,
  type TranscriptTurn,
  turnUsage,
  type UsageReport,
  type UsageTotals,
} from '@livegate/protocol';
import type { SampleTurn } from './sample-turns.ts';

/** The book of one connection. */
export interface SampleBook {
  /** Epoch ms. */
  readonly reportedAt: number;
  note<T extends TimelineType>(type: T, of: TimelineDetails[T], at: number): void;
  /** Notes a turn that is over at `at`. */
  turn(turn: SampleTurn, at: number): void;
  measure(quality: ConnectionQuality): void;
  /** The report of now. */
  report(now: number, final: boolean): UsageReport;
}

/** Share of what it used that a page tells which tells too little. */
const TOLD_SHARE = 0.2;

/** Opens the book of a connection that a token opened at `openedAt`, epoch ms. */
export function openSampleBook(
  { sessionId, connectionId, report: { transcripts } }: MintAnswer,
  { openedAt, underReports }: { readonly openedAt: number; readonly underReports: boolean },
): SampleBook {
  let totals: UsageTotals = NO_USAGE;
  let events: ReportEvent[] = [];
  let transcript: TranscriptTurn[] = [];
  let quality: ConnectionQuality = {};
  const waits: number[] = [];
  let made = 0;
  let seq = 0;
  let reportedAt = openedAt;
  const nextId = (): string => `${connectionId}-${String(made++).padStart(4, '0')}`;
  const book: SampleBook = {
    get reportedAt() {
      return reportedAt;
    },
    note(type, of, at) {
      const detail = asDetail(of);
      events.push({ id: nextId(), at: Math.round(at), type, ...(detail ? { detail } : {}) });
    },
    turn({ answerMs, interrupted, tool, usage, said, ms }, at) {
      totals = addTurn(totals, usage);
      waits.push(answerMs);
      book.measure({ answers: waits.length, answerMs: median(waits) });
      if (tool) book.note('tool-call', tool, at - ms / 2);
      if (interrupted) {
        book.measure({ interruptions: (quality.interruptions ?? 0) + 1 });
        book.note('interrupted', {}, at - 600);
      }
      const used = turnUsage(addTurn(NO_USAGE, usage));
      book.note(
        'turn',
        { answerMs, ...(interrupted ? { interrupted } : {}), ...(used ? { usage: used } : {}) },
        at,
      );
      if (!transcripts) return;
      const [user, model] = said;
      transcript.push(
        { id: nextId(), at: Math.round(at - ms), role: 'user', text: user },
        { id: nextId(), at: Math.round(at), role: 'model', text: model },
      );
    },
    measure(more) {
      quality = { ...quality, ...more };
    },
    report(now, final) {
      reportedAt = now;
      const share = underReports ? TOLD_SHARE : 1;
      const told = { events, transcript };
      events = [];
      transcript = [];
      return {
        v: CALLABLES_VERSION,
        sessionId,
        connectionId,
        seq: ++seq,
        final,
        seconds: Math.round((share * (now - openedAt)) / 100) / 10,
        totals: underReports ? lessened(totals, share) : totals,
        quality,
        ...(told.events.length > 0 ? { events: told.events } : {}),
        ...(told.transcript.length > 0 ? { transcript: told.transcript } : {}),
      };
    },
  };
  return book;
}

function lessened(totals: UsageTotals, share: number): UsageTotals {
  const part = (tokens: TokensByModality): TokensByModality =>
    Object.fromEntries(
      Object.entries(tokens).map(([modality, count]) => [modality, Math.floor(count * share)]),
    );
  return {
    turns: Math.floor(totals.turns * share),
    prompt: part(totals.prompt),
    response: part(totals.response),
    toolUse: part(totals.toolUse),
    cached: part(totals.cached),
    thoughts: Math.floor(totals.thoughts * share),
    total: Math.floor(totals.total * share),
  };
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
