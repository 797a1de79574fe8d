/**
 * What the bench deploys to the emulators beside the functions, in a codebase of its own: a callable that does
 * nothing, one that runs one transaction, and one that asks the Live API for a token.
 * @module
 */
import { readFileSync } from 'node:fs';
import { initializeApp } from 'firebase-admin/app';
import { type DocumentData, getFirestore } from 'firebase-admin/firestore';
import { onCall } from 'firebase-functions/https';
import { emulatedEndpoints, httpTokenMaker, type TokenOrder } from '../../../functions/src/upstream.ts';

/** The options of the deployed callables, as far as the emulators mind them. */
const OPTIONS = { cors: true, memory: '256MiB', timeoutSeconds: 60 } as const;

/** What a mint writes, and what it asks for. */
interface Mint {
  readonly documents: { readonly quota: DocumentData; readonly session: DocumentData };
  readonly order: TokenOrder;
}

const { documents, order } = JSON.parse(readFileSync(new URL('mint.json', import.meta.url), 'utf8')) as Mint;
let made = 0;
let held: ReturnType<typeof getFirestore> | undefined;
function database(): ReturnType<typeof getFirestore> {
  held ??= getFirestore(initializeApp());
  return held;
}

/** Does nothing. */
export const benchNoOp = onCall(OPTIONS, async () => ({ v: 1 }));

/** Reads one document and writes two. */
export const benchTransaction = onCall(OPTIONS, async () => {
  const db = database();
  const one = db.doc('benchQuotas/one');
  const other = db.doc(`benchSessions/${process.pid}-${made++}`);
  await db.runTransaction(async (transaction) => {
    await transaction.get(one);
    transaction.set(one, documents.quota);
    transaction.set(other, documents.session);
  });
  return { v: 1 };
});

/** Asks for one token, the same that a mint asks for. */
export const benchUpstream = onCall(OPTIONS, async () => {
  const makeToken = httpTokenMaker(
    emulatedEndpoints(process.env.GEMINI_LIVE_EMULATOR_HOST ?? ''),
    () => 'emulated',
  );
  const now = Date.now();
  const { outcome } = await makeToken({
    ...order,
    expiresAt: now + 120_000,
    startBy: now + 60_000,
  });
  return { v: 1, outcome };
});
