/**
 * The first policy, the list prices and the kill switch, written on purpose.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type AuditAct,
  COLLECTIONS,
  DOCUMENTS_VERSION,
  LIST_PRICES,
  type LiveAuditDocument,
  OPEN_POLICY,
} from '@livegate/protocol';
import type { DocumentReference, Transaction } from 'firebase-admin/firestore';
import type { OperateBooks } from './operate-roles.ts';

/** What is to be written: a document that has a version. */
interface Wanted {
  readonly place: DocumentReference;
  readonly document: object;
}

/** What became of one document. */
export type Written = 'written' | 'same' | 'kept';

/**
 * Writes the policy `open` as `livePolicies/{id}`. The answer says what happened; a repeat changes nothing. Throws
 * where another policy stands there, except with `force`: then it is the next version.
 */
export async function writeOpenPolicy(
  books: OperateBooks,
  { id, force }: { readonly id: string; readonly force: boolean },
): Promise<string> {
  const { db, names = COLLECTIONS } = books;
  const target = `${names.policies}/${id}`;
  const wanted = { place: db.doc(target), document: OPEN_POLICY };
  const [became] = await writeDocuments(books, { act: 'set-policy', wanted: [wanted], force });
  if (became === 'kept') {
    throw new Error(
      `${target} holds another policy, which stays as it is. Add --force to write over it, or --id <other> to ` +
        'write beside it; the audit keeps the old one.',
    );
  }
  return became === 'same'
    ? `${target} is the policy "open" already.`
    : `${target} is the policy "open" now: signed-in users get ${OPEN_POLICY.minutesPerDay} minutes a day, ` +
        `${OPEN_POLICY.minutesPerMonth} a month. Warm instances know within a minute.`;
}

/** Writes the list prices of all models. One that was edited stays as it is, except with `force`. Says so by model. */
export async function writePrices(
  books: OperateBooks,
  { force }: { readonly force: boolean },
): Promise<string> {
  const { db, names = COLLECTIONS } = books;
  const models = Object.keys(LIST_PRICES);
  const wanted = Object.entries(LIST_PRICES).map(([model, document]) => ({
    place: db.doc(`${names.prices}/${model}`),
    document,
  }));
  const became = await writeDocuments(books, { act: 'set-price', wanted, force });
  const rows = models.map((model, index) => `  ${SAID[became[index] ?? 'same']}  ${model}`);
  const remedy = became.includes('kept') ? ['Add --force to write over those that were edited.'] : [];
  return ['USD by the list prices:', ...rows, ...remedy].join('\n');
}

const SAID: Readonly<Record<Written, string>> = {
  written: 'written            ',
  same: 'as it was          ',
  kept: 'edited, so it stays',
};

/** All or none, in one transaction, with an entry in the audit for each that is written. */
async function writeDocuments(
  { db, names = COLLECTIONS, reason = '' }: OperateBooks,
  order: { readonly act: AuditAct; readonly wanted: readonly Wanted[]; readonly force: boolean },
): Promise<readonly Written[]> {
  const { act, wanted, force } = order;
  const ids = wanted.map(() => randomUUID());
  return db.runTransaction(async (tx: Transaction) => {
    const found = await tx.getAll(...wanted.map(({ place }) => place));
    return wanted.map(({ place, document }, index) => {
      const before: Readonly<Record<string, unknown>> | null = found[index]?.data() ?? null;
      const version = typeof before?.version === 'number' ? before.version : 0;
      if (isDeepStrictEqual(before, { ...plain(document), version })) return 'same';
      if (before && !force) return 'kept';
      const after = { ...document, version: version + 1 };
      tx.set(place, after);
      tx.create(db.collection(names.audit).doc(ids[index] ?? randomUUID()), {
        v: DOCUMENTS_VERSION,
        at: Date.now(),
        actor: 'command',
        act,
        target: place.path,
        subject: null,
        reason,
        before,
        after,
      } satisfies LiveAuditDocument);
      return 'written';
    });
  });
}

/**
 * Switches every mint off, or on again: for the hour in which no dashboard is at hand. Bounds and thresholds stay. The
 * answer says what happened; a repeat writes nothing.
 */
export async function writeKillSwitch(
  { db, names = COLLECTIONS, reason = '' }: OperateBooks,
  { on }: { readonly on: boolean },
): Promise<string> {
  const place = db.doc(`${names.config}/global`);
  const id = randomUUID();
  const isSo = await db.runTransaction(async (tx: Transaction) => {
    const before = (await tx.get(place)).data() ?? null;
    // As the functions read it: what is not plainly off is on, and without a document it is off.
    if ((before !== null && before.killSwitch !== false) === on) return true;
    const after = { caps: null, alerts: null, ...before, v: DOCUMENTS_VERSION, killSwitch: on };
    tx.set(place, after);
    tx.create(db.collection(names.audit).doc(id), {
      v: DOCUMENTS_VERSION,
      at: Date.now(),
      actor: 'command',
      act: 'set-kill-switch',
      target: place.path,
      subject: null,
      reason,
      before,
      after,
    } satisfies LiveAuditDocument);
    return false;
  });
  const state = on ? 'on: no token is minted' : 'off: tokens are minted';
  return isSo
    ? `The kill switch is ${state}, as before.`
    : `The kill switch is ${state}. Warm instances know within a minute; tokens that are out live until they expire.`;
}

/** As Firestore gives it back. */
function plain(document: object): object {
  return JSON.parse(JSON.stringify(document)) as object;
}
