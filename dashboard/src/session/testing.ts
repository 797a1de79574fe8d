/**
 * A session for tests of this folder.
 * @module
 */
import { type LeaseEntry, type LiveSessionDocument, NO_USAGE, type ReportEvent } from '@livegate/protocol';

/** When it began, epoch ms. */
export const BEGAN = Date.UTC(2026, 10, 21, 12);

/** The first lease, with these changes. */
export function leaseOf(changes: Partial<LeaseEntry> = {}): LeaseEntry {
  return {
    index: 0,
    op: 'start',
    connectionId: 'connection-0',
    mintedAt: BEGAN,
    expiresAt: BEGAN + 120_000,
    state: 'issued',
    ...changes,
  };
}

/** A session of one lease of two minutes that goes on, with these changes. */
export function sessionOf(changes: Partial<LiveSessionDocument> = {}): LiveSessionDocument {
  return {
    v: 1,
    uid: 'alice',
    backend: 'google-ai',
    route: 'direct',
    model: 'gemini-3.8-live',
    template: 'demo-echo@1',
    templateId: 'demo-echo',
    policy: 'default@1',
    policyId: 'default',
    state: 'active',
    createdAt: BEGAN,
    open: true,
    deadAt: BEGAN + 120_000,
    endedAt: null,
    stopReason: null,
    leases: { first: leaseOf() },
    leased: { seconds: 120, tokens: 1 },
    reported: { seconds: 0, totals: NO_USAGE, at: null },
    metered: null,
    connections: {},
    timeline: [],
    toldBytes: 0,
    asked: { setup: {}, template: null },
    shard: 0,
    purgeAt: { toMillis: () => BEGAN },
    ...changes,
  };
}

/** A line of connection `connection` (from 0), `seconds` after the beginning. */
export function lineOf(
  type: string,
  seconds: number,
  { detail, connection = 0 }: { readonly detail?: ReportEvent['detail']; readonly connection?: number } = {},
): ReportEvent {
  return {
    id: `connection-${connection}-${String(seconds * 10).padStart(4, '0')}-${type}`,
    at: BEGAN + seconds * 1_000,
    type,
    ...(detail === undefined ? {} : { detail }),
  };
}
