/**
 * Users with closed books, as the functions leave them: sums of months and days, sessions, a policy to be given.
 * @module
 */
import { type Firestore, Timestamp } from '@google-cloud/firestore';
import {
  DOCUMENTS_VERSION,
  type LivePolicyDocument,
  type LiveSessionDocument,
  type LiveStatsDocument,
  type LiveUsageDocument,
  NO_USAGE,
  type StatsFigures,
} from '@livegate/protocol';
import { SEEDED_POLICY } from '../../../scripts/seed-documents.ts';

const DAY_MS = 86_400_000;

/** Figures of `sessions`, two minutes leased by each. */
export function figures(sessions: number, changes: Partial<StatsFigures> = {}): StatsFigures {
  return {
    sessions,
    leasedSeconds: sessions * 120,
    reportedSeconds: sessions * 90,
    meteredSeconds: 0,
    microUsd: 0,
    unpriced: 0,
    flagged: 0,
    failed: 0,
    ...changes,
  };
}

/** A user's month. */
export async function seedMonth(
  db: Firestore,
  { uid, month, sums }: { readonly uid: string; readonly month: string; readonly sums: StatsFigures },
): Promise<void> {
  const document: LiveUsageDocument = {
    v: DOCUMENTS_VERSION,
    uid,
    month,
    closedAt: Date.parse(`${month}-20T12:00:00Z`) + sums.sessions,
    ...sums,
    purgeAt: Timestamp.fromMillis(Date.now() + 90 * DAY_MS),
  };
  await db.doc(`liveUsage/${month}_${uid}`).set({ ...document });
}

/** A day's sums by model; all of them without a template. */
export async function seedDay(
  db: Firestore,
  { day, byModel }: { readonly day: string; readonly byModel: Readonly<Record<string, StatsFigures>> },
): Promise<void> {
  const all = add(Object.values(byModel));
  const document: LiveStatsDocument = {
    v: DOCUMENTS_VERSION,
    day,
    all,
    usage: NO_USAGE,
    byModel,
    byTemplate: { '-': all },
    byTier: { default: all },
    refusals: {},
    rolledUpAt: Date.parse(day) + DAY_MS,
    alerted: {},
  };
  await db.doc(`liveStats/${day}`).set({ ...document });
}

/** Adds figures up. */
export function add(parts: readonly StatsFigures[]): StatsFigures {
  const sum: Record<string, number> = { ...figures(0) };
  for (const part of parts)
    for (const [name, figure] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + figure;
  return sum as unknown as StatsFigures;
}

/** A session of yesterday with closed books, or of now with a live token, and one batch of its timeline. */
export async function seedSession(
  db: Firestore,
  { id, uid, live = false }: { readonly id: string; readonly uid: string; readonly live?: boolean },
): Promise<void> {
  const createdAt = Date.now() - (live ? 10_000 : DAY_MS);
  const deadAt = createdAt + 120_000;
  const purgeAt = Timestamp.fromMillis(createdAt + 30 * DAY_MS);
  const document: LiveSessionDocument = {
    v: DOCUMENTS_VERSION,
    uid,
    backend: 'google-ai',
    route: 'direct',
    model: 'gemini-3.8-live',
    template: null,
    templateId: null,
    policy: 'default@1',
    policyId: 'default',
    state: live ? 'active' : 'ended',
    createdAt,
    open: live,
    deadAt,
    endedAt: live ? null : deadAt,
    stopReason: null,
    leases: {},
    leased: { seconds: 120, tokens: 1 },
    reported: { seconds: 90, totals: NO_USAGE, at: deadAt },
    metered: null,
    connections: {},
    timeline: [],
    toldBytes: 0,
    asked: { setup: {}, template: null },
    shard: 0,
    purgeAt,
  };
  await db.doc(`liveSessions/${id}`).set({ ...document });
  await db.doc(`liveSessions/${id}/events/0`).set({
    v: DOCUMENTS_VERSION,
    connectionId: 'connection0',
    seq: 1,
    events: [],
    transcript: [],
    purgeAt,
  });
}

/** A policy that gives 90 minutes a day. */
export async function seedTier(db: Firestore, id: string): Promise<void> {
  const policy: LivePolicyDocument = { ...SEEDED_POLICY, minutesPerDay: 90 };
  await db.doc(`livePolicies/${id}`).set({ ...policy });
}
