import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import {
  type CollectionReference,
  FieldPath,
  FieldValue,
  type Firestore,
  getFirestore,
  Timestamp,
} from 'firebase-admin/firestore';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../scripts/memory/memory-firestore.ts';
import { useStack } from '../support/stack.ts';

/** What one script does on a collection of its own; whatever it answers is compared. */
type Script = (rows: CollectionReference, db: Firestore) => Promise<unknown>;

/** A rejection as both must have it: by its code, or as misuse without one. */
async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return 'done';
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    return typeof code === 'number' ? code : 'misuse';
  }
}

const dataOf = async (rows: CollectionReference, id = 'a'): Promise<unknown> =>
  (await rows.doc(id).get()).data() ?? null;

const SCRIPTS: Readonly<Record<string, Script>> = {
  'a document that is absent': async (rows) => {
    const snapshot = await rows.doc('a').get();
    return [snapshot.exists, snapshot.data(), snapshot.id, snapshot.get('x'), snapshot.updateTime];
  },
  'values of every kind': async (rows) => {
    const data = {
      text: 'é\u0000',
      none: null,
      yes: true,
      real: 1.5,
      list: [1, { deep: ['x'] }],
      map: { empty: {}, 'a.b': 1 },
      at: Timestamp.fromMillis(1_732_000_000_123),
    };
    await rows.doc('a').set(data);
    const snapshot = await rows.doc('a').get();
    return [snapshot.data(), snapshot.get('map.empty'), snapshot.get('list'), snapshot.get('map.none')];
  },
  'a set that replaces': async (rows) => {
    await rows.doc('a').set({ x: 1, map: { y: 1 } });
    await rows.doc('a').set({ map: { z: 2 } });
    return dataOf(rows);
  },
  'a set that merges': async (rows) => {
    await rows.doc('a').set({ x: 1, map: { y: 1, w: { v: 1 } }, list: [1, 2] });
    await rows
      .doc('a')
      .set(
        { map: { z: 2, w: {} }, list: [3], 'a.b': 4, n: FieldValue.increment(2), x: FieldValue.delete() },
        { merge: true },
      );
    await rows
      .doc('a')
      .set({ n: FieldValue.increment(5), map: { deep: { n: FieldValue.increment(-1.5) } } }, { merge: true });
    await rows
      .doc('b')
      .set({ fresh: { n: FieldValue.increment(1), none: FieldValue.delete() } }, { merge: true });
    return [await dataOf(rows), await dataOf(rows, 'b')];
  },
  'a set with an increment and without merge': async (rows) => {
    await rows.doc('a').set({ n: 7 });
    await rows.doc('a').set({ n: FieldValue.increment(2), map: { m: FieldValue.increment(1) } });
    return dataOf(rows);
  },
  'an update by paths': async (rows) => {
    await rows.doc('a').set({ x: 1, map: { y: 1, 'k-1': { state: 'old', n: 1 } }, text: 'here' });
    await rows.doc('a').update({
      'map.k-1.state': 'new',
      'map.new.deep': 1,
      'text.under': 2,
      x: FieldValue.delete(),
      'map.y': FieldValue.delete(),
      'nothing.there': FieldValue.delete(),
      'map.n': FieldValue.increment(3),
    });
    const one = await dataOf(rows);
    await rows.doc('a').update({ map: { only: true } });
    return [one, await dataOf(rows)];
  },
  'an increment of what is no number': async (rows) => {
    await rows.doc('a').set({ x: 'text' });
    await rows.doc('a').update({ x: FieldValue.increment(2) });
    return dataOf(rows);
  },
  'updates that cannot be': async (rows, db) => {
    await rows.doc('a').set({ x: 1 });
    return [
      await codeOf(() => rows.doc('none').update({ x: 1 })),
      await codeOf(async () => rows.doc('a').update({ x: 1, 'x.y': 2 })),
      await codeOf(async () => rows.doc('a').update({ 'x..y': 2 })),
      await codeOf(async () => rows.doc('a').set({ x: undefined })),
      await codeOf(async () => rows.doc('a').set({ x: [[1]] })),
      await codeOf(async () => rows.doc('a').set({ x: new Date(0), y: new (class Odd {})() })),
      await codeOf(async () => rows.doc('a').set({ x: FieldValue.delete() })),
      await codeOf(async () => db.collection('a/b')),
      await codeOf(async () => rows.doc('')),
      await codeOf(() => rows.doc('none').delete()),
      await dataOf(rows),
      await dataOf(rows, 'none'),
    ];
  },
  'preconditions on the time of the last update': async (rows) => {
    await rows.doc('a').set({ x: 1 });
    const { updateTime } = await rows.doc('a').get();
    if (!updateTime) throw new Error('no time');
    await rows.doc('a').update({ x: 2 }, { lastUpdateTime: updateTime });
    const outdated = await codeOf(() => rows.doc('a').update({ x: 3 }, { lastUpdateTime: updateTime }));
    const undeleted = await codeOf(() => rows.doc('a').delete({ lastUpdateTime: updateTime }));
    const before = await dataOf(rows);
    const { updateTime: newer } = await rows.doc('a').get();
    await rows.doc('a').delete(newer ? { lastUpdateTime: newer } : {});
    const gone = await codeOf(() => rows.doc('a').update({ x: 3 }, { lastUpdateTime: updateTime }));
    return [outdated, undeleted, before, gone, await dataOf(rows)];
  },
  'an update that changes nothing and the time of it': async (rows) => {
    await rows.doc('a').set({ x: 1 });
    const before = await rows.doc('a').get();
    await rows.doc('a').update({ x: 2 });
    const after = await rows.doc('a').get();
    return [
      before.updateTime && after.updateTime?.isEqual(before.updateTime),
      before.createTime && after.createTime?.isEqual(before.createTime),
    ];
  },
  'a create': async (rows) => [
    await codeOf(() => rows.doc('a').create({ x: 1 })),
    await codeOf(() => rows.doc('a').create({ x: 2 })),
    await dataOf(rows),
  ],
  'a collection below a document that is gone': async (rows, db) => {
    await rows.doc('a').set({ x: 1 });
    await rows.doc('a').collection('sub').doc('s').set({ y: 1 });
    await rows.doc('a').delete();
    const names = (await rows.doc('a').listCollections()).map(({ id }) => id);
    const deep = (await rows.doc('a').collection('sub').get()).docs.map((each) => each.data());
    await db.recursiveDelete(rows.doc('a'));
    return [await dataOf(rows), names, deep, (await rows.doc('a').collection('sub').get()).size];
  },
  'a batch that holds': async (rows, db) => {
    await rows.doc('a').set({ x: 1 });
    await rows.doc('c').set({ x: 1 });
    const batch = db.batch();
    batch.update(rows.doc('a'), { x: FieldValue.increment(1) });
    batch.set(rows.doc('b'), { x: FieldValue.increment(4) }, { merge: true });
    batch.create(rows.doc('d'), { y: 1 }).delete(rows.doc('c'));
    batch.update(rows.doc('a'), { x: FieldValue.increment(1) });
    await batch.commit();
    return Promise.all(['a', 'b', 'c', 'd'].map((id) => dataOf(rows, id)));
  },
  'a batch that breaks at one of its writes': async (rows, db) => {
    await rows.doc('a').set({ x: 1 });
    await rows.doc('e').set({ x: 1 });
    const outcomes = [];
    for (const breakOn of ['none', 'create', 'time'] as const) {
      const batch = db.batch();
      batch.set(rows.doc('b'), { x: 1 });
      batch.update(rows.doc('a'), { x: FieldValue.increment(1) });
      if (breakOn === 'none') batch.update(rows.doc('c'), { x: 1 });
      if (breakOn === 'create') batch.create(rows.doc('e'), { x: 9 });
      if (breakOn === 'time') batch.delete(rows.doc('e'), { lastUpdateTime: Timestamp.fromMillis(1_000) });
      outcomes.push(await codeOf(() => batch.commit()));
    }
    return [outcomes, await dataOf(rows), await dataOf(rows, 'b')];
  },
  'a transaction': async (rows, db) => {
    await rows.doc('a').set({ x: 1 });
    const result = await db.runTransaction(async (transaction) => {
      const one = await transaction.get(rows.doc('a'));
      const [two, three] = await transaction.getAll(rows.doc('a'), rows.doc('b'));
      const all = await transaction.get(rows.where('x', '==', 1));
      transaction.set(rows.doc('b'), { x: 2 });
      transaction.update(rows.doc('a'), { x: (one.get('x') as number) + 1 });
      transaction.create(rows.doc('c'), { x: 3 }).delete(rows.doc('none'));
      return [two?.exists, three?.exists, all.size];
    });
    return [result, ...(await Promise.all(['a', 'b', 'c'].map((id) => dataOf(rows, id))))];
  },
  'transactions that end otherwise': async (rows, db) => {
    await rows.doc('a').set({ x: 1 });
    const outcomes = [
      await codeOf(() =>
        db.runTransaction(async (transaction) => {
          transaction.set(rows.doc('a'), { x: 2 });
          throw new Error('not this');
        }),
      ),
      await codeOf(() =>
        db.runTransaction(async (transaction) => {
          transaction.set(rows.doc('a'), { x: 3 });
          await transaction.get(rows.doc('a'));
        }),
      ),
      await codeOf(() =>
        db.runTransaction(async (transaction) => {
          transaction.set(rows.doc('b'), { x: 4 });
          transaction.update(rows.doc('none'), { x: 4 });
        }),
      ),
      await codeOf(() =>
        db.runTransaction(async (transaction) => {
          transaction.set(rows.doc('b'), { x: 4 });
          transaction.create(rows.doc('a'), { x: 4 });
        }),
      ),
    ];
    return [outcomes, await dataOf(rows), await dataOf(rows, 'b')];
  },
  'ten transactions on one document at once': async (rows, db) => {
    await rows.doc('a').set({ x: 0 });
    await Promise.all(
      Array.from({ length: 10 }, () =>
        db.runTransaction(async (transaction) => {
          const x = (await transaction.get(rows.doc('a'))).get('x') as number;
          transaction.update(rows.doc('a'), { x: x + 1 });
        }),
      ),
    );
    return dataOf(rows);
  },
  'a write beside a transaction': async (rows, db) => {
    await rows.doc('a').set({ x: 0 });
    let beside: Promise<unknown> = Promise.resolve();
    await db.runTransaction(async (transaction) => {
      const x = (await transaction.get(rows.doc('a'))).get('x') as number;
      beside = rows.doc('a').update({ x: FieldValue.increment(10) });
      await new Promise((resolve) => setTimeout(resolve, 50));
      transaction.update(rows.doc('a'), { x: x + 1 });
    });
    await beside;
    return dataOf(rows);
  },
  queries: async (rows) => {
    const data = [
      { open: true, shard: 1, deadAt: 30, tag: 'a' },
      { open: true, shard: 1, deadAt: 10, tag: 'b' },
      { open: true, shard: 1, deadAt: 20, tag: null },
      { open: false, shard: 1, deadAt: 5, tag: 'Z' },
      { open: true, shard: 2, deadAt: 1, tag: 'é' },
      { open: true, shard: 1, tag: 7 },
      { open: true, shard: 1, deadAt: '15', tag: ['a'] },
      { open: true, shard: 1, deadAt: 20, nest: { n: 1 } },
    ];
    await Promise.all(data.map((each, index) => rows.doc(`d${index}`).set(each)));
    const ids = async (query: FirebaseFirestore.Query): Promise<unknown> =>
      (await query.get()).docs.map(({ id }) => id);
    const dead = rows
      .where('open', '==', true)
      .where('shard', '==', 1)
      .where('deadAt', '<=', 20)
      .orderBy('deadAt');
    const third = await rows.doc('d2').get();
    return [
      await ids(rows),
      await ids(dead),
      await ids(dead.limit(2)),
      await ids(dead.startAfter(third)),
      await ids(dead.startAfter(10).limit(1)),
      await ids(rows.where('deadAt', '>=', 20)),
      await ids(rows.where('deadAt', '>', 5).where('deadAt', '<', 30).orderBy('deadAt', 'desc')),
      await ids(rows.where('tag', 'in', ['a', 'é', 7])),
      await ids(rows.where('tag', '==', null)),
      await ids(rows.where('tag', 'array-contains', 'a')),
      await ids(rows.where('nest.n', '==', 1)),
      await ids(rows.orderBy('tag')),
      await ids(rows.orderBy('tag', 'desc').limit(3)),
      await ids(rows.where('open', '==', true).startAfter(third)),
      await ids(rows.orderBy(FieldPath.documentId()).startAfter('d5')),
      await ids(rows.where(FieldPath.documentId(), 'in', ['d1', 'd7', 'x'])),
      (await rows.where('shard', '==', 1).count().get()).data().count,
      (await rows.where('shard', '==', 9).get()).empty,
    ];
  },
};

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (each === undefined ? '(nothing)' : each)),
  ) as unknown;

describe('the Firestore in memory', () => {
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  const app = initializeApp({ projectId: 'demo-memory' }, randomUUID());
  const emulated = getFirestore(app);
  afterAll(() => deleteApp(app));

  it.each(Object.entries(SCRIPTS))('answers as the emulator does: %s', async (_name, script) => {
    const memory = createMemoryStore().open();
    const expected = plain(await script(emulated.collection(`rows-${randomUUID()}`), emulated));
    expect(plain(await script(memory.collection('rows'), memory))).toEqual(expected);
  });

  it('answers as the emulator does to writes in any order', async () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.constant({ b: 1 }),
      fc.constant({}),
      fc.constant({ b: { c: 2 } }),
      fc.constant('increment'),
      fc.constant('delete'),
    );
    const write = fc.record({
      how: fc.constantFrom('set', 'merge', 'update', 'create', 'delete'),
      id: fc.constantFrom('x', 'y'),
      path: fc.constantFrom('a', 'a.b', 'a.b.c', 'd'),
      value,
    });
    const play = async (
      writes: readonly (typeof write extends fc.Arbitrary<infer T> ? T : never)[],
      rows: CollectionReference,
    ) => {
      const codes: unknown[] = [];
      for (const { how, id, path, value: chosen } of writes) {
        const given =
          chosen === 'increment'
            ? FieldValue.increment(2)
            : chosen === 'delete'
              ? FieldValue.delete()
              : chosen;
        const data = how === 'update' ? { [path]: given } : nested(path, given);
        const ref = rows.doc(id);
        const work = {
          set: () => ref.set(data),
          merge: () => ref.set(data, { merge: true }),
          update: () => ref.update(data),
          create: () => ref.create(data),
          delete: () => ref.delete(),
        }[how];
        codes.push(await codeOf(async () => work?.()));
      }
      return plain([codes, await dataOf(rows, 'x'), await dataOf(rows, 'y')]);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 4, maxLength: 12 }), async (writes) => {
        const expected = await play(writes, emulated.collection(`rows-${randomUUID()}`));
        expect(await play(writes, createMemoryStore().open().collection('rows'))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('hands out copies: what a caller changes changes nothing here', async () => {
    const memory = createMemoryStore();
    const ref = memory.open().doc('rows/a');
    const given = { map: { list: [1] } };
    await ref.set(given);
    given.map.list.push(2);
    const read = (await ref.get()).data() as typeof given;
    read.map.list.push(3);
    expect((await ref.get()).data()).toEqual({ map: { list: [1] } });
    expect(memory.dump()).toEqual({ 'rows/a': { map: { list: [1] } } });
  });

  it('lets nothing through a gate that throws, and shares its documents between doors', async () => {
    const memory = createMemoryStore();
    const calls: string[] = [];
    const gated = memory.open((call) => {
      calls.push(call);
      if (call === 'commit') throw new Error('died');
    });
    await memory.open().doc('rows/a').set({ x: 1 });
    await expect(gated.doc('rows/a').set({ x: 2 })).rejects.toThrow('died');
    expect((await gated.doc('rows/a').get()).data()).toEqual({ x: 1 });
    expect(calls).toEqual(['commit', 'read']);
  });
});

function nested(path: string, value: unknown): Record<string, unknown> {
  return path
    .split('.')
    .reverse()
    .reduce<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}
