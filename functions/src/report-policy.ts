/**
 * What a usage report changes. Pure. Reports are advisory: they free neither time nor a slot.
 * @module
 */
import {
  addTotals,
  type ConnectionFigures,
  type LiveSessionDocument,
  NO_USAGE,
  type StopNotice,
  type UsageReport,
} from '@livegate/protocol';
import { newestLease } from './lease-policy.ts';
import { Refusal } from './refusal.ts';

/** Fields of the session that a report changes; `null` where it is stale and changes nothing. */
export type SessionChange = Pick<LiveSessionDocument, 'state' | 'reported' | 'connections' | 'leases'>;

/**
 * Judges a report. Throws {@link Refusal}: `no-session`, `not-owner`, `session-over` (the books are closed),
 * `invalid` (a connection this session never had).
 */
export function judgeReport(
  report: UsageReport,
  session: LiveSessionDocument | null,
  uid: string,
  now: number,
): SessionChange | null {
  if (!session) throw new Refusal('no-session', 'There is no such session.');
  if (session.uid !== uid) throw new Refusal('not-owner', 'This session belongs to somebody else.');
  if (!session.open) throw new Refusal('session-over', 'The books of this session are closed.');
  const found = Object.entries(session.leases).find(
    ([, lease]) => lease.connectionId === report.connectionId,
  );
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
  const isLast = newestLease(session.leases)?.connectionId === report.connectionId;
  return {
    state: session.state === 'revoked' ? 'revoked' : report.final && isLast ? 'ended' : 'active',
    reported: {
      seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
      totals: all.reduce((sum, { totals }) => addTotals(sum, totals), NO_USAGE),
      at: now,
    },
    connections,
    // A connection that reports had a token: what was reserved or kept for it is known to be issued.
    leases:
      lease.state === 'issued'
        ? session.leases
        : { ...session.leases, [leaseId]: { ...lease, state: 'issued' } },
  };
}

/** What the answer tells the client to do, if anything. */
export function stopNotice(
  session: Pick<LiveSessionDocument, 'state'>,
  killSwitch: boolean,
): StopNotice | undefined {
  if (session.state === 'revoked') return { reason: 'revoked' };
  return killSwitch ? { reason: 'kill-switch' } : undefined;
}
