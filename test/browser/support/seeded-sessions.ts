/**
 * Sessions written past the functions, for tests of lists: many, at once, with the names that a test wants. They are
 * removed again: other files share the stack.
 */
import { randomUUID } from 'node:crypto';
import { type Firestore, Timestamp } from '@google-cloud/firestore';
import {
  COLLECTIONS,
  DOCUMENTS_VERSION,
  type LiveOpsDocument,
  type LiveSessionDocument,
  NO_USAGE,
  type SessionState,
} from '@livegate/protocol';

/** What of a session a test chooses; the rest is as usual. */
export interface SessionWish {
  readonly id?: string;
  readonly uid: string;
  readonly state: SessionState;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly model?: string;
  readonly templateId?: string | null;
  readonly policyId?: string;
  readonly flagged?: boolean;
  /** Millionths of a dollar; `null` for unpriced. Only sessions whose books are closed have a cost. */
  readonly microUsd?: number | null;
}

/** Sessions that were written, and the way back. */
export interface SeededSessions {
  readonly ids: readonly string[];
  remove(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Firestore takes 500 writes in a commit, of which a session takes two. */
const AT_ONCE = 200;

/** Writes sessions, and what operators know of those that are over. */
export async function seedSessions(db: Firestore, wishes: readonly SessionWish[]): Promise<SeededSessions> {
  const named = wishes.map((wish) => ({ ...wish, id: wish.id ?? randomUUID().replaceAll('-', '') }));
  for (let from = 0; from < named.length; from += AT_ONCE) {
    const batch = db.batch();
    for (const wish of named.slice(from, from + AT_ONCE)) {
      const ref = db.doc(`${COLLECTIONS.sessions}/${wish.id}`);
      batch.set(ref, sessionOf(wish));
      if (!isOpen(wish.state)) batch.set(ref.collection(COLLECTIONS.ops).doc('ops'), opsOf(wish));
    }
    await batch.commit();
  }
  const ids = named.map(({ id }) => id);
  return {
    ids,
    async remove() {
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const batch = db.batch();
        for (const id of ids.slice(from, from + AT_ONCE)) {
          const ref = db.doc(`${COLLECTIONS.sessions}/${id}`);
          batch.delete(ref);
          batch.delete(ref.collection(COLLECTIONS.ops).doc('ops'));
        }
        await batch.commit();
      }
    },
  };
}

const isOpen = (state: SessionState): boolean => state === 'active' || state === 'reserved';

const usage = {
  ...NO_USAGE,
  turns: 3,
  prompt: { AUDIO: 1_200, TEXT: 80 },
  response: { AUDIO: 900 },
  total: 2_180,
};

/** The document of a session with one lease of two minutes. */
export function sessionOf({
  uid,
  state,
  createdAt,
  model = 'gemini-3.8-live',
  templateId = 'demo-spoken',
  policyId = 'default',
}: SessionWish): LiveSessionDocument {
  const deadAt = createdAt + 120_000;
  return {
    v: DOCUMENTS_VERSION,
    uid,
    backend: 'google-ai',
    route: 'direct',
    model,
    template: templateId === null ? null : `${templateId}@1`,
    templateId,
    policy: `${policyId}@1`,
    policyId,
    state,
    createdAt,
    open: isOpen(state),
    deadAt,
    endedAt: isOpen(state) ? null : createdAt + 90_000,
    stopReason: null,
    leases: {
      lease0: {
        index: 0,
        op: 'start',
        connectionId: 'connection0',
        mintedAt: createdAt,
        expiresAt: deadAt,
        state: 'issued',
      },
    },
    leased: { seconds: 120, tokens: 1 },
    reported: { seconds: 88, totals: usage, at: createdAt + 90_000 },
    metered: null,
    connections: { connection0: { seq: 1, final: true, seconds: 88, totals: usage } },
    timeline: [],
    toldBytes: 0,
    asked: { setup: {}, template: null },
    shard: 0,
    purgeAt: Timestamp.fromMillis(createdAt + 30 * DAY_MS),
  };
}

function opsOf(wish: SessionWish & { readonly id: string }): LiveOpsDocument {
  const { uid, backend, model, templateId, state, createdAt, policy, deadAt } = sessionOf(wish);
  const { microUsd = 4_200 } = wish;
  return {
    v: DOCUMENTS_VERSION,
    sessionId: wish.id,
    createdAt,
    day: new Date(createdAt).toISOString().slice(0, 10),
    uid,
    backend,
    model,
    templateId,
    state,
    flags: wish.flagged ? ['under-reported'] : [],
    cost: {
      microUsd,
      pricedMicroUsd: microUsd ?? 1_000,
      parts: { 'response.AUDIO': microUsd ?? 1_000 },
      unpriced: microUsd === null ? ['prompt.AUDIO'] : [],
      asOf: '2026-11-21',
    },
    policy,
    closedAt: deadAt + 60_000,
    purgeAt: Timestamp.fromMillis(createdAt + 30 * DAY_MS),
  };
}
