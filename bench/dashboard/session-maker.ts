/**
 * Sessions as a project has them, many at once: what a page is measured on.
 * @module
 */

import { type Firestore, Timestamp } from '@google-cloud/firestore';
import { DOCUMENTS_VERSION, type LiveSessionDocument, NO_USAGE, type SessionState } from '@livegate/protocol';
import { shardOf } from '../../functions/src/session-document.ts';

const MODELS = ['gemini-3.8-live', 'gemini-2.5-flash-native-audio-preview-12-2025'] as const;
/** Firestore takes 500 documents in a commit; ours leaves room. */
const AT_ONCE = 400;

/** What of a session is chosen; the rest is as usual. */
export interface SessionWish {
  readonly number: number;
  readonly state: SessionState;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly deadAt: number;
}

/** The first number of a run's sessions: their ids are nobody else's. */
export const BENCH_NUMBERS = 10_000_000;

/** Id of the session with this number. */
export function benchSessionId(number: number): string {
  return `bench${String(number).padStart(8, '0')}`;
}

/** A session of one user in fifty, with one lease and some usage. */
export function benchSession({ number, state, createdAt, deadAt }: SessionWish): LiveSessionDocument {
  const seconds = (deadAt - createdAt) / 1_000;
  const isOpen = state === 'active' || state === 'reserved';
  return {
    v: DOCUMENTS_VERSION,
    uid: `bench-user-${number % 50}`,
    backend: 'google-ai',
    route: 'direct',
    model: MODELS[number % MODELS.length] ?? MODELS[0],
    template: number % 3 === 0 ? null : 'support@2',
    templateId: number % 3 === 0 ? null : 'support',
    policy: 'default@1',
    policyId: 'default',
    state,
    createdAt,
    open: isOpen,
    deadAt,
    endedAt: isOpen ? null : deadAt,
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
    leased: { seconds, tokens: 1 },
    reported: {
      seconds: seconds * 0.8,
      totals: {
        ...NO_USAGE,
        turns: 9,
        prompt: { AUDIO: 2_000 + number, TEXT: 120 },
        response: { AUDIO: 1_500 },
        total: 3_620 + number,
      },
      at: createdAt + 60_000,
    },
    metered: null,
    connections: {},
    timeline: [],
    toldBytes: 0,
    asked: { setup: {}, template: null },
    shard: shardOf(benchSessionId(number)),
    purgeAt: Timestamp.fromMillis(createdAt + 30 * 86_400_000),
  };
}

/** Writes these sessions, a few hundred at a time. */
export async function writeSessions(db: Firestore, wishes: readonly SessionWish[]): Promise<void> {
  for (let from = 0; from < wishes.length; from += AT_ONCE) {
    const batch = db.batch();
    for (const wish of wishes.slice(from, from + AT_ONCE))
      batch.set(db.doc(`liveSessions/${benchSessionId(wish.number)}`), benchSession(wish));
    await batch.commit();
  }
}

/** Removes what {@link writeSessions} and the runs wrote. */
export async function removeSessions(db: Firestore): Promise<void> {
  const sessions = db.collection('liveSessions');
  const made = sessions
    .where('__name__', '>=', sessions.doc('bench'))
    .where('__name__', '<', sessions.doc('benci'));
  for (;;) {
    const { docs } = await made.limit(AT_ONCE).select().get();
    if (docs.length === 0) return;
    const batch = db.batch();
    for (const { ref } of docs) batch.delete(ref);
    await batch.commit();
  }
}
