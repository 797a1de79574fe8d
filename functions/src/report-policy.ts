/**
 * What a usage report changes. Pure. Reports are advisory: they free neither time nor a slot.
 * @module
 */
import {
  addTotals,
  type ConnectionFigures,
  DOCUMENTS_VERSION,
  type LiveEventsDocument,
  type LiveSessionDocument,
  NO_USAGE,
  type ReportEvent,
  type StopNotice,
  type TimestampLike,
  type UsageReport,
} from '@livegate/protocol';
import { newestLease } from './lease-policy.ts';
import { Refusal } from './refusal.ts';
import { notOwner } from './session-id.ts';
import { storedBytes } from './storable.ts';
import { timelineWith } from './timeline-policy.ts';

/** Fields of the session that a report changes. */
export type SessionChange = Pick<
  LiveSessionDocument,
  'state' | 'endedAt' | 'reported' | 'connections' | 'leases' | 'timeline' | 'toldBytes'
>;

/** What a report changes, and the lines of its timeline that the session has no room for. */
export interface JudgedReport {
  readonly change: SessionChange;
  readonly rest: readonly ReportEvent[];
}

/**
 * Judges a report; `null` where it is stale and changes nothing. Throws {@link Refusal}: `no-session`, `not-owner`,
 * `session-over` (the books are closed), `invalid` (a connection this session never had).
 */
export function judgeReport(
  report: UsageReport,
  session: LiveSessionDocument | null,
  { uid, now }: { readonly uid: string; readonly now: number },
): JudgedReport | null {
  if (!session) throw new Refusal('no-session', 'There is no such session.');
  if (session.uid !== uid) throw notOwner();
  if (!session.open) throw new Refusal('session-over', 'The books of this session are closed.');
  if (session.state === 'failed') throw new Refusal('session-over', 'This session never began.');
  const leases = Object.entries(session.leases);
  const found = leases.find(([, { connectionId }]) => connectionId === report.connectionId);
  if (!found) throw new Refusal('invalid', 'This session has no such connection.', { field: 'connectionId' });
  const [leaseId, lease] = found;
  const known = session.connections[report.connectionId];
  if (known && report.seq <= known.seq) return null;

  const figures: ConnectionFigures = {
    seq: report.seq,
    final: report.final,
    seconds: report.seconds,
    totals: report.totals,
    ...(report.quality ? { quality: report.quality } : {}),
  };
  const connections = { ...session.connections, [report.connectionId]: figures };
  const all = Object.values(connections);
  // The session is over when its newest connection is: an older one says goodbye at every swap, and may be late.
  const newest = newestLease(leases.map(([, each]) => each).filter(({ state }) => state !== 'refused'));
  const isOver = newest !== undefined && connections[newest.connectionId]?.final === true;
  const told = session.erased ? [] : (report.events ?? []);
  const { timeline, rest } = timelineWith(session.timeline, told);
  const change: SessionChange = {
    state: session.state === 'revoked' ? 'revoked' : isOver ? 'ended' : 'active',
    endedAt: session.state === 'revoked' ? session.endedAt : isOver ? (session.endedAt ?? now) : null,
    reported: {
      seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
      totals: all.reduce((sum, { totals }) => addTotals(sum, totals), NO_USAGE),
      at: now,
    },
    connections,
    timeline,
    toldBytes: session.toldBytes,
    // A connection that reports had a token: what was reserved or kept for it is known to be issued.
    leases:
      lease.state === 'issued'
        ? session.leases
        : { ...session.leases, [leaseId]: { ...lease, state: 'issued' } },
  };
  return { change, rest };
}

/** What goes into a batch, and how long its two parts are kept. */
export interface BatchParts {
  /** Lines of the timeline that the session has no room for. */
  readonly events: readonly ReportEvent[];
  readonly purgeAt: TimestampLike;
  /** `null` where the policy keeps no transcripts: they are left out. */
  readonly transcriptPurgeAt: TimestampLike | null;
}

/**
 * The batch that a report leaves beside the session, and its id; `null` where there is nothing for it. A page sends again from the
 * first line that was not acknowledged, so a batch goes by its first line: sent twice, it stands there once.
 */
export function batchOf(
  report: UsageReport,
  { events, purgeAt, transcriptPurgeAt }: BatchParts,
): { readonly id: string; readonly document: LiveEventsDocument } | null {
  const { connectionId, seq } = report;
  const transcript = transcriptPurgeAt ? (report.transcript ?? []) : [];
  const [first] = [...events.slice(0, 1), ...transcript.slice(0, 1)].map(({ id }) => id).sort();
  if (first === undefined) return null;
  const goesFirst =
    transcriptPurgeAt && transcript.length > 0 && transcriptPurgeAt.toMillis() < purgeAt.toMillis();
  return {
    id: `${connectionId}-${first}`,
    document: {
      v: DOCUMENTS_VERSION,
      connectionId,
      seq,
      events,
      transcript,
      purgeAt: goesFirst ? transcriptPurgeAt : purgeAt,
    },
  };
}

/** Most bytes of a session's batches. Ours: hours of talk in words, and what one page can make a project keep. */
export const TOLD_BYTES = 4_000_000;

/** What a report leaves behind. */
export interface KeptReport {
  readonly change: SessionChange;
  readonly batch: ReturnType<typeof batchOf>;
  /** The batch was left out: the session holds as much as it may. */
  readonly isFull: boolean;
}

/** The change with its batch, or without one that would pass {@link TOLD_BYTES}: the figures count all the same. */
export function keptReport(change: SessionChange, batch: ReturnType<typeof batchOf>): KeptReport {
  if (!batch) return { change, batch, isFull: false };
  const toldBytes =
    change.toldBytes + storedBytes(batch.document.events) + storedBytes(batch.document.transcript);
  if (toldBytes > TOLD_BYTES) return { change, batch: null, isFull: true };
  return { change: { ...change, toldBytes }, batch, isFull: false };
}

/** What the answer tells the client to do, if anything. */
export function stopNotice(is: {
  readonly session: Pick<LiveSessionDocument, 'state' | 'stopReason'> | null;
  readonly killSwitch: boolean;
}): StopNotice | undefined {
  if (is.session?.state === 'revoked')
    return { reason: is.session.stopReason === 'blocked' ? 'blocked' : 'revoked' };
  return is.killSwitch ? { reason: 'kill-switch' } : undefined;
}
