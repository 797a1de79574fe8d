/**
 * The session's document as a mint leaves it. Pure; times in epoch ms.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  type LeaseEntry,
  type LiveSessionDocument,
  type LiveTemplateDocument,
  type MintStart,
  modelId,
  NO_USAGE,
  pathsIn,
  pick,
  type TimestampLike,
} from '@livegate/protocol';
import type { ChosenPolicy } from './caller.ts';
import { SESSION_SHARDS } from './queries.ts';

/** A session holds this many tokens at most, so that its document stays small: a day and a half of long leases. Ours. */
export const MOST_TOKENS_OF_A_SESSION = 200;

/** What a session begins with. */
export interface SessionStart {
  readonly uid: string;
  readonly sessionId: string;
  readonly chosen: ChosenPolicy;
  readonly request: MintStart;
  readonly template: LiveTemplateDocument | null;
  readonly purgeAt: TimestampLike;
}

/** A session with its first token. */
export function openedSession(
  { uid, sessionId, chosen, request, template, purgeAt }: SessionStart,
  leaseId: string,
  lease: LeaseEntry,
): LiveSessionDocument {
  const wishes = request.setup ?? {};
  return {
    v: DOCUMENTS_VERSION,
    uid,
    backend: request.backend ?? 'google-ai',
    route: chosen.policy.route,
    model: modelId(request.model),
    template: request.template && template ? `${request.template.id}@${template.version}` : null,
    templateId: request.template && template ? request.template.id : null,
    policy: `${chosen.id}@${chosen.policy.version}`,
    policyId: chosen.id,
    state: 'reserved',
    createdAt: lease.mintedAt,
    open: true,
    deadAt: lease.expiresAt,
    endedAt: null,
    stopReason: null,
    leases: { [leaseId]: lease },
    leased: { seconds: (lease.expiresAt - lease.mintedAt) / 1_000, tokens: 1 },
    reported: { seconds: 0, totals: NO_USAGE, at: null },
    metered: null,
    connections: {},
    timeline: [],
    toldBytes: 0,
    asked: {
      // A handle opens a conversation: it stands in no document.
      setup: pick(
        wishes,
        pathsIn(wishes).filter((path) => path !== 'sessionResumption'),
      ),
      template: request.template ?? null,
    },
    shard: shardOf(sessionId),
    purgeAt,
  };
}

/** A session with one more token. It is talking, whatever it said before: it asks for more. */
export function continuedSession(
  session: LiveSessionDocument,
  leaseId: string,
  lease: LeaseEntry,
): LiveSessionDocument {
  return {
    ...session,
    state: 'active',
    endedAt: null,
    deadAt: Math.max(session.deadAt, lease.expiresAt),
    leases: { ...session.leases, [leaseId]: lease },
    leased: {
      seconds: session.leased.seconds + (lease.expiresAt - lease.mintedAt) / 1_000,
      tokens: session.leased.tokens + 1,
    },
  };
}

/**
 * A session without a token that the service refused to make. One that never had another has failed; the sweeper closes
 * its books at once, so that it is counted.
 */
export function sessionWithout(session: LiveSessionDocument, leaseId: string): LiveSessionDocument {
  const lease = session.leases[leaseId];
  if (!lease || lease.state === 'refused') return session;
  const leases = { ...session.leases, [leaseId]: { ...lease, state: 'refused' as const } };
  const standing = Object.values(leases).filter(({ state }) => state !== 'refused');
  const failed = standing.length === 0;
  return {
    ...session,
    leases,
    leased: {
      seconds: Math.max(0, session.leased.seconds - (lease.expiresAt - lease.mintedAt) / 1_000),
      tokens: Math.max(0, session.leased.tokens - 1),
    },
    deadAt: failed ? lease.mintedAt : Math.max(...standing.map(({ expiresAt }) => expiresAt)),
    ...(failed ? { state: 'failed' as const, endedAt: lease.mintedAt, stopReason: 'upstream-refused' } : {}),
  };
}

/** 0–7, evenly, by the id. */
export function shardOf(sessionId: string): number {
  let hash = 0;
  for (const character of sessionId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % SESSION_SHARDS;
}
