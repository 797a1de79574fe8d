/**
 * What the tests of the books share. Not part of the bundle.
 * @module
 */
import { type LiveSessionDocument, NO_USAGE, type UsageTotals } from '@livegate/protocol';
import { Timestamp } from 'firebase-admin/firestore';

/** Noon of a day. */
export const NOON = Date.parse('2026-11-21T12:00:00Z');

/** Tokens of one turn: audio in and out. */
export const TALK: UsageTotals = {
  ...NO_USAGE,
  turns: 1,
  prompt: { AUDIO: 1_000 },
  response: { AUDIO: 100 },
  total: 1_100,
};

/** A session with one lease of 120 s that began at noon, is dead, and whose page reported 100 s. */
export function deadSession(changes: Partial<LiveSessionDocument> = {}): LiveSessionDocument {
  return {
    v: 1,
    uid: 'alice',
    backend: 'google-ai',
    route: 'direct',
    model: 'gemini-3.8-live',
    template: 'support@3',
    templateId: 'support',
    policy: 'default@2',
    policyId: 'default',
    state: 'active',
    createdAt: NOON,
    open: true,
    deadAt: NOON + 120_000,
    endedAt: null,
    stopReason: null,
    leases: {
      'lease-1': {
        index: 0,
        op: 'start',
        connectionId: 'connection-1',
        mintedAt: NOON,
        expiresAt: NOON + 120_000,
        state: 'issued',
      },
    },
    leased: { seconds: 120, tokens: 1 },
    reported: { seconds: 100, totals: TALK, at: NOON + 100_000 },
    metered: null,
    connections: {},
    timeline: [],
    toldBytes: 0,
    asked: { setup: {}, template: null },
    shard: 3,
    purgeAt: Timestamp.fromMillis(NOON + 30 * 86_400_000),
    ...changes,
  };
}
