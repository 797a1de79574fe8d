/**
 * Reads what stands beside a session: its books, its batches, its policy. What a page told may be anything. Pure.
 * @module
 */
import { isObject, type LiveOpsDocument, type TranscriptTurn } from '@livegate/protocol';

/** What the page shows of the books. */
export type SessionBooks = Pick<LiveOpsDocument, 'cost' | 'flags' | 'closedAt'>;

/** Reads `liveOps/ops`; `undefined` where it is of a version that this page does not know. */
export function readBooks(data: unknown): SessionBooks | undefined {
  if (!isObject(data) || !isObject(data.cost)) return undefined;
  const { closedAt, flags, cost } = data;
  const { microUsd, pricedMicroUsd, parts, unpriced } = cost;
  const isWhole =
    typeof closedAt === 'number' &&
    Array.isArray(flags) &&
    (microUsd === null || typeof microUsd === 'number') &&
    typeof pricedMicroUsd === 'number' &&
    isObject(parts) &&
    Array.isArray(unpriced);
  return isWhole ? (data as unknown as SessionBooks) : undefined;
}

/** What a batch holds. */
export interface Batch {
  readonly id: string;
  /** Lines of the timeline, unread. */
  readonly events: readonly unknown[];
  readonly transcript: readonly TranscriptTurn[];
}

/** Reads `events/{n}`: what cannot be read of it is left out. */
export function readBatch(id: string, data: unknown): Batch {
  const { events, transcript } = isObject(data) ? data : {};
  return {
    id,
    events: Array.isArray(events) ? events : [],
    transcript: Array.isArray(transcript) ? transcript.filter(isTurn) : [],
  };
}

/** What was said, in order, each turn once. */
export function transcriptOf(batches: readonly Batch[]): readonly TranscriptTurn[] {
  const byId = new Map(batches.flatMap(({ transcript }) => transcript).map((turn) => [turn.id, turn]));
  return [...byId.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function isTurn(value: unknown): value is TranscriptTurn {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    typeof value.at === 'number' &&
    Math.abs(value.at) <= 8.64e15 &&
    (value.role === 'user' || value.role === 'model') &&
    typeof value.text === 'string'
  );
}

/** How a policy keeps transcripts, and as of which version. */
export interface TranscriptRule {
  readonly version: number;
  readonly keep: boolean;
  readonly days: number;
}

/** Reads a policy as far as transcripts go. */
export function readTranscriptRule(data: unknown): TranscriptRule | undefined {
  if (!isObject(data) || typeof data.version !== 'number' || !isObject(data.transcripts)) return undefined;
  const { keep, days } = data.transcripts;
  if (typeof keep !== 'boolean' || typeof days !== 'number') return undefined;
  return { version: data.version, keep, days };
}
