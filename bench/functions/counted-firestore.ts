/**
 * Counts what a Firestore client is billed for, at the one place where all of its calls to the service pass: plain
 * reads, queries, batches and transactions, those that were tried again included.
 * @module
 */
import type { Readable } from 'node:stream';
import type { Firestore } from 'firebase-admin/firestore';

/** Documents read, written and deleted; a query that finds nothing counts as one read, as it is billed. */
export interface Tally {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
}

/** No document. */
export const NOTHING: Tally = { reads: 0, writes: 0, deletes: 0 };

/** The sum of tallies. */
export function addTallies(...tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, each) => ({
      reads: sum.reads + each.reads,
      writes: sum.writes + each.writes,
      deletes: sum.deletes + each.deletes,
    }),
    NOTHING,
  );
}

/** A tally so many times over. */
export function timesTally({ reads, writes, deletes }: Tally, factor: number): Tally {
  return { reads: reads * factor, writes: writes * factor, deletes: deletes * factor };
}

/** What one stretch of work did: in all, and by kind of document, such as `liveSessions/events`. */
export interface Counted<T> {
  readonly answer: T;
  readonly all: Tally;
  readonly byKind: ReadonlyMap<string, Tally>;
}

/** The counter of one client. */
export interface FirestoreCounter {
  /** Runs `work` and counts what the client does meanwhile: nothing else may use it. */
  count<T>(work: () => Promise<T>): Promise<Counted<T>>;
}

/** The two funnels of `@google-cloud/firestore`, through which every call goes. Not part of its public types. */
interface Funnels {
  request(method: string, request: unknown, ...rest: unknown[]): Promise<unknown>;
  requestStream(
    method: string,
    isBidirectional: boolean,
    request: unknown,
    ...rest: unknown[]
  ): Promise<Readable>;
}

interface CommitRequest {
  readonly writes: readonly {
    readonly update?: { readonly name: string } | null;
    readonly delete?: string | null;
    readonly transform?: { readonly document: string } | null;
  }[];
}

/** Counts from now on what `db` does. Throws where the client has no such funnels: then nothing could be counted. */
export function countFirestore(db: Firestore): FirestoreCounter {
  const funnels = db as unknown as Funnels;
  const { request, requestStream } = funnels;
  if (typeof request !== 'function' || typeof requestStream !== 'function')
    throw new TypeError('This version of @google-cloud/firestore cannot be counted.');
  let byKind = new Map<string, Tally>();
  const note = (name: string, more: Partial<Tally>): void => {
    const kind = kindOf(name);
    byKind.set(kind, addTallies(byKind.get(kind) ?? NOTHING, { ...NOTHING, ...more }));
  };

  funnels.request = (method, sent, ...rest) => {
    if (method === 'commit' || method === 'batchWrite') {
      for (const { update, transform, delete: gone } of (sent as CommitRequest).writes) {
        if (gone) note(gone, { deletes: 1 });
        else note(update?.name ?? transform?.document ?? '', { writes: 1 });
      }
    } else if (!['rollback', 'beginTransaction'].includes(method)) {
      throw new Error(`${method} is not counted yet.`);
    }
    return request.call(db, method, sent, ...rest);
  };
  funnels.requestStream = async (method, isBidirectional, sent, ...rest) => {
    const stream = await requestStream.call(db, method, isBidirectional, sent, ...rest);
    if (method === 'batchGetDocuments') {
      for (const name of (sent as { readonly documents: readonly string[] }).documents)
        note(name, { reads: 1 });
    } else if (method === 'runAggregationQuery') {
      // Billed by the thousand index entries; none of ours counts as many.
      note('counted', { reads: 1 });
    } else if (method === 'runQuery') {
      countQuery(stream, (name) => note(name, { reads: 1 }), sent);
    } else {
      throw new Error(`${method} is not counted yet.`);
    }
    return stream;
  };

  return {
    async count(work) {
      byKind = new Map();
      const answer = await work();
      const counted = byKind;
      byKind = new Map();
      return { answer, all: addTallies(...counted.values()), byKind: counted };
    },
  };
}

/**
 * Throws where the counter does not tell what work of known size did: a counter that sees nothing would find
 * everything cheap. Leaves no document behind.
 */
export async function calibrate(db: Firestore, counter: FirestoreCounter): Promise<void> {
  const place = db.collection('benchCalibration');
  const [one, two, three] = [place.doc('one'), place.doc('two'), place.doc('three')];
  const { all, byKind } = await counter.count(async () => {
    await db.batch().set(one, { n: 1 }).set(two, { n: 2 }).commit();
    await one.get();
    await place.where('n', '>', 0).get();
    await place.where('n', '>', 9).get();
    await db.runTransaction(async (transaction) => {
      await transaction.getAll(one, three);
      transaction.update(one, { n: 3 });
      transaction.set(three, { n: 3 });
    });
    await db.batch().delete(one).delete(two).delete(three).commit();
  });
  const expected: Tally = { reads: 1 + 2 + 1 + 2, writes: 2 + 2, deletes: 3 };
  const isRight = [all, byKind.get('benchCalibration')].every(
    (tally) => JSON.stringify(tally) === JSON.stringify(expected),
  );
  if (!isRight)
    throw new Error(
      `Firestore is miscounted: ${JSON.stringify(all)} in place of ${JSON.stringify(expected)}.`,
    );
}

/** One read for each document found, one where none is. */
function countQuery(stream: Readable, read: (name: string) => void, sent: unknown): void {
  let found = 0;
  stream.on('data', (response: { readonly document?: { readonly name: string } | null }) => {
    if (!response.document) return;
    found += 1;
    read(response.document.name);
  });
  stream.on('end', () => {
    const { parent = '', structuredQuery } = sent as {
      readonly parent?: string;
      readonly structuredQuery?: { readonly from?: readonly { readonly collectionId?: string }[] };
    };
    if (found === 0) read(`${parent}/${structuredQuery?.from?.[0]?.collectionId ?? ''}/none`);
  });
  // A listener for data starts the flow; whoever asked for the stream starts it.
  stream.pause();
}

/** `projects/p/databases/d/documents/liveSessions/x/events/y` → `liveSessions/events`. */
function kindOf(name: string): string {
  const [, path = name] = name.split('/documents/');
  return path
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/');
}
