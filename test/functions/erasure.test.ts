import { randomUUID } from 'node:crypto';
import {
  COLLECTIONS,
  type LiveAuditDocument,
  type LiveQuotaDocument,
  type LiveStatsShard,
  type MintAnswer,
  NO_USAGE,
} from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type CollectionReference, FieldValue, type Firestore, getFirestore } from 'firebase-admin/firestore';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../functions/src/caller.ts';
import { continueErasures, eraseUser } from '../../functions/src/erasure.ts';
import { eraseDeletedUser, eraseLiveUser } from '../../functions/src/erasure-handlers.ts';
import type { EraseDependencies } from '../../functions/src/erasure-job.ts';
import { Refusal } from '../../functions/src/refusal.ts';
import { type TransactionRunner, transactionsOn } from '../../functions/src/transactions.ts';
import { useStack } from '../support/stack.ts';
import { createWorld, granted, reasonOf, reportOf, type World } from './support/world.ts';

const ADMIN = { uid: 'admin-of-the-project' };
const DAY_MS = 86_400_000;
const MANY = 1_000;
/** What holds nothing once the only user is erased. */
const GONE = [COLLECTIONS.sessions, COLLECTIONS.quotas, COLLECTIONS.erasures, COLLECTIONS.usage];

/** Every document of a database, by path: what it holds, and when it was written. */
type Dump = ReadonlyMap<string, string>;

async function dumpOf(db: Firestore): Promise<Dump> {
  const dump = new Map<string, string>();
  const walk = async (collections: readonly CollectionReference[]): Promise<void> => {
    for (const collection of collections) {
      for (const ref of await collection.listDocuments()) {
        const found = await ref.get();
        if (found.exists) dump.set(ref.path, JSON.stringify({ data: found.data(), at: found.updateTime }));
        await walk(await ref.listCollections());
      }
    }
  };
  await walk(await db.listCollections());
  return dump;
}

/** The documents that name a text, in their path or in what they hold. */
function naming(dump: Dump, text: string): readonly string[] {
  return [...dump].filter(([path, held]) => path.includes(text) || held.includes(text)).map(([path]) => path);
}

/** The paths in a collection, and below it. */
function within(dump: Dump, collection: string): readonly string[] {
  return [...dump.keys()].filter((path) => path.startsWith(`${collection}/`));
}

/** The audit, as it stands. */
function auditIn(dump: Dump): readonly LiveAuditDocument[] {
  return within(dump, COLLECTIONS.audit).map(
    (path) => (JSON.parse(dump.get(path) ?? '') as { readonly data: LiveAuditDocument }).data,
  );
}

describe('an erasure', () => {
  let db: Firestore;
  let close: () => Promise<void>;
  let world: World;
  let alice: Caller;
  let bob: Caller;

  beforeEach(() => {
    process.env.METADATA_SERVER_DETECTION = 'none';
    process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
    // A database of its own, so that a dump of it is what this user left, and no more.
    const app = initializeApp({ projectId: `demo-erasure-${randomUUID().slice(0, 8)}` }, randomUUID());
    db = getFirestore(app);
    close = () => deleteApp(app);
    world = createWorld({ firestore: db, policy: { transcripts: { keep: true, days: 30 } } });
    alice = { uid: `alice-${randomUUID()}`, provider: 'password' };
    bob = { uid: `bob-${randomUUID()}`, provider: 'password' };
  });
  afterEach(() => close());

  const dependencies = (transaction?: TransactionRunner): EraseDependencies => ({
    paths: world.paths,
    run: transactionsOn(db, transaction ? { transaction } : {}),
    now: () => world.now,
    newId: () => randomUUID().replaceAll('-', '').slice(0, 20),
  });

  /** A session in which something is said. */
  const talk = async (caller: Caller, lines = 1): Promise<MintAnswer> => {
    const setup = { systemInstruction: { parts: [{ text: `call me ${caller.uid}` }] } };
    const lease = granted(await world.start({ setup }, caller));
    for (let seq = 1; seq <= lines; seq++) {
      const events = [{ id: `event-no-${seq}`, at: world.now, type: 'note', detail: { who: caller.uid } }];
      const transcript = [
        { id: `spoken-no-${seq}`, at: world.now, role: 'user' as const, text: `I am ${caller.uid}` },
      ];
      const totals = { ...NO_USAGE, turns: 1 };
      granted(await world.report(reportOf(lease, { seq, events, transcript, totals }), caller));
    }
    return lease;
  };

  /** An entry in the audit. */
  const audited = async (more: Partial<LiveAuditDocument>): Promise<void> => {
    const entry = {
      v: 1,
      at: world.now,
      actor: ADMIN.uid,
      act: 'block-user',
      target: 'users/-',
      subject: null,
      reason: '',
      before: null,
      after: null,
      ...more,
    } satisfies LiveAuditDocument;
    await world.paths.audits.doc(randomUUID()).set(entry);
  };

  const quotaOf = async ({ uid }: Caller): Promise<LiveQuotaDocument | undefined> =>
    (await world.paths.quota(uid).get()).data() as LiveQuotaDocument | undefined;

  /** One user with all that is kept: a talk that is over, one that is not, and the audit. */
  const history = async (caller: Caller): Promise<{ over: MintAnswer; live: MintAnswer }> => {
    const over = await talk(caller, 2);
    world.now = over.expiresAt + 1;
    await world.sweep();
    const live = await talk(caller);
    await audited({ target: `users/${caller.uid}`, subject: caller.uid, reason: `${caller.uid} again` });
    await audited({ target: `liveSessions/${over.sessionId}`, subject: caller.uid, act: 'revoke-session' });
    await audited({ actor: caller.uid, act: 'set-policy', target: 'livePolicies/default' });
    return { over, live };
  };

  /** The sweeper, until midnight has passed. An erasure that fails goes on the next time. */
  const sweepOverMidnight = async ({
    limit = MANY,
    transaction,
  }: {
    readonly limit?: number;
    readonly transaction?: TransactionRunner;
  } = {}): Promise<void> => {
    for (const end = world.now + DAY_MS; world.now <= end; world.now += DAY_MS / 8) {
      await world.sweep();
      await continueErasures(dependencies(transaction), limit).catch((error: unknown) => {
        if (transaction === undefined) throw error;
      });
    }
  };

  const erase = (caller: Caller, limit = MANY) =>
    eraseUser(dependencies(), { uid: caller.uid, actor: ADMIN.uid }, limit);

  it('leaves the uid nowhere, and nothing of what was said, once all tokens are dead', async () => {
    const { over, live } = await history(alice);
    expect(naming(await dumpOf(db), alice.uid).length).toBeGreaterThan(8);
    expect(await erase(alice)).toEqual({
      v: 1,
      done: false,
      sessions: 1,
      events: 3,
      auditEntries: 3,
      live: 1,
    });
    // The page is still connected, and tells more.
    const transcript = [{ id: 'spoken-late', at: world.now, role: 'user', text: 'I am still here' }];
    await world.report({ ...reportOf(live, { seq: 9 }), transcript }, alice);
    await sweepOverMidnight();
    const after = await dumpOf(db);
    expect(naming(after, alice.uid)).toEqual([]);
    expect(naming(after, 'still here')).toEqual([]);
    for (const { sessionId } of [over, live]) expect(naming(after, sessionId)).toEqual([]);
    for (const collection of GONE) expect(within(after, collection)).toEqual([]);
  });

  it('leaves the documents of others as they are, byte for byte', async () => {
    const others = await history(bob);
    const mine = await history(alice);
    const isMine = (path: string): boolean =>
      [alice.uid, mine.over.sessionId, mine.live.sessionId].some((id) => path.includes(id));
    const before = await dumpOf(db);
    const itsEntries = naming(before, alice.uid);
    await erase(alice);
    const after = await dumpOf(db);
    const kept = [...before].filter(([path]) => !isMine(path) && !itsEntries.includes(path));
    expect(kept.some(([path]) => path.includes(others.over.sessionId))).toBe(true);
    for (const [path, text] of kept) expect(after.get(path)).toBe(text);
  });

  it('takes at once what was said and asked in a session whose token is alive', async () => {
    const { live } = await history(alice);
    await erase(alice);
    const left = await dumpOf(db);
    expect(naming(left, 'I am')).toEqual([]);
    expect(naming(left, 'call me')).toEqual([]);
    expect(await world.session(live.sessionId)).toMatchObject({
      state: 'revoked',
      stopReason: 'erased',
      erased: true,
      open: true,
      asked: { setup: {}, template: null },
    });
    expect(
      naming(left, alice.uid)
        .map((path) => path.split('/')[0])
        .sort(),
    ).toEqual([COLLECTIONS.erasures, COLLECTIONS.quotas, COLLECTIONS.sessions]);
  });

  it('keeps the charge and the slot of a live token until its expiry, and gives no other', async () => {
    const live = await talk(alice);
    const before = await quotaOf(alice);
    await erase(alice);
    expect(reasonOf(await world.start({}, alice))).toBe('blocked');
    expect(reasonOf(await world.remint(live.sessionId, {}, alice))).not.toBe('granted');
    const tomb = await quotaOf(alice);
    expect(tomb).toMatchObject({ dayMs: before?.dayMs, monthMs: before?.monthMs, requests: {} });
    expect(Object.values(tomb?.tokens ?? {})).toEqual([
      expect.objectContaining({ sessionId: live.sessionId, expiresAt: live.expiresAt, revoked: true }),
    ]);
    world.now = live.expiresAt - 1;
    expect(await erase(alice)).toMatchObject({ done: false, live: 1 });
    world.now = live.expiresAt;
    expect(await erase(alice)).toMatchObject({ done: false, live: 0 });
    expect(await quotaOf(alice)).toMatchObject({ dayMs: before?.dayMs, blocked: { reason: 'erased' } });
    expect(reasonOf(await world.start({}, bob))).toBe('granted');
  });

  it('takes what the months of the user add up to, also where nothing else is left', async () => {
    await history(alice);
    await history(bob);
    const months = async () => (await world.paths.usages.get()).docs.map((each) => each.data().uid);
    expect((await months()).sort()).toEqual([alice.uid, bob.uid].sort());
    await erase(alice);
    expect(await months()).toEqual([bob.uid]);

    const carol: Caller = { uid: `carol-${randomUUID()}`, provider: 'password' };
    await world.paths
      .usage('2026-01', carol.uid)
      .set({ v: 1, uid: carol.uid, month: '2026-01', sessions: 1 });
    await erase(carol);
    expect(await months()).toEqual([bob.uid]);
  });

  it('lets the user come back as a new one when the day of the charge is over', async () => {
    await talk(alice);
    await erase(alice);
    await sweepOverMidnight();
    expect(await quotaOf(alice)).toBeUndefined();
    expect(reasonOf(await world.start({}, alice))).toBe('granted');
  });

  it('goes on with one document at a time to the same end', async () => {
    await history(alice);
    const answers = [];
    for (let turn = 0; turn < 8; turn++) answers.push(await erase(alice, 1));
    const changed = answers.map(({ sessions, events, auditEntries }) => sessions + events + auditEntries);
    expect(Math.max(...changed)).toBe(1);
    expect(answers.reduce((sum, { events }) => sum + events, 0)).toBe(3);
    await sweepOverMidnight({ limit: 1 });
    await sweepOverMidnight({ limit: 1 });
    expect(naming(await dumpOf(db), alice.uid)).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'ends in the same state after a crash %s any of its writes',
    async (when) => {
      let crashes = 0;
      for (let crash = 1; ; crash++) {
        const transaction = crashingAt(crash, when);
        await history(alice);
        const order = { uid: alice.uid, actor: ADMIN.uid };
        const crashed = await eraseUser(dependencies(transaction.run), order, MANY).then(
          () => false,
          () => true,
        );
        // Whoever was told of a failure asks again; the sweeper does so by itself.
        if (crashed) await eraseUser(dependencies(transaction.run), order, MANY);
        await sweepOverMidnight({ transaction: transaction.run });
        const left = await dumpOf(db);
        expect(naming(left, alice.uid), `crash ${when} write ${crash}`).toEqual([]);
        for (const collection of GONE) expect(within(left, collection), `crash ${crash}`).toEqual([]);
        const entries = auditIn(left);
        expect(entries.map(({ act }) => act).sort(), `crash ${crash}`).toEqual(
          ['block-user', 'erase-user', 'revoke-session', 'set-policy'].sort(),
        );
        const names = new Set(JSON.stringify(entries).match(/erased-\w+/g));
        expect(names.size, `crash ${crash}`).toBe(1);
        if (!transaction.hasCrashed()) break;
        crashes += 1;
        await Promise.all([...left.keys()].map((path) => db.doc(path).delete()));
      }
      expect(crashes).toBeGreaterThan(9);
    },
  );

  /** Transactions of which one fails, before it is made or when it was. */
  const crashingAt = (
    crash: number,
    when: 'before' | 'after',
  ): { readonly run: TransactionRunner; hasCrashed(): boolean } => {
    let count = 0;
    const run: TransactionRunner = async (each, body) => {
      count += 1;
      const isIt = count === crash;
      if (isIt && when === 'before') throw new Error('crash');
      const answer = await each.runTransaction(body);
      if (isIt) throw new Error('crash');
      return answer;
    };
    return { run, hasCrashed: () => count >= crash };
  };

  it('counts without changing anything where it is to preview', async () => {
    await history(alice);
    const before = await dumpOf(db);
    const answer = await eraseLiveUser(dependencies(), ADMIN, {
      v: 1,
      uid: alice.uid,
      reason: '',
      preview: true,
    });
    expect(answer).toEqual({ v: 1, done: false, sessions: 2, events: 3, auditEntries: 3, live: 1 });
    expect(await dumpOf(db)).toEqual(before);
  });

  it('stands in the audit once, under the pseudonym, with the reason', async () => {
    await talk(alice);
    const order = { v: 1, uid: alice.uid, reason: `${alice.uid} asked by mail` };
    await eraseLiveUser(dependencies(), ADMIN, order);
    await eraseLiveUser(dependencies(), ADMIN, order);
    const { docs } = await world.paths.audits.get();
    const [entry] = docs.map((each) => each.data() as LiveAuditDocument);
    expect(docs).toHaveLength(1);
    expect(entry).toMatchObject({ act: 'erase-user', actor: ADMIN.uid });
    expect(entry?.subject).toMatch(/^erased-\w{20}$/);
    expect(entry?.target).toBe(`users/${entry?.subject}`);
    expect(entry?.reason).toBe(`${entry?.subject} asked by mail`);
  });

  it('of a user of whom nothing is kept writes nothing', async () => {
    let transactions = 0;
    const transaction: TransactionRunner = (each, body) => {
      transactions += 1;
      return each.runTransaction(body, { readOnly: true });
    };
    const order = { uid: bob.uid, actor: ADMIN.uid };
    expect(await eraseUser(dependencies(transaction), order, MANY)).toEqual({
      v: 1,
      done: true,
      sessions: 0,
      events: 0,
      auditEntries: 0,
      live: 0,
    });
    expect(transactions).toBe(1);
    expect([...(await dumpOf(db)).keys()]).toEqual([]);
  });

  it('keeps the figures of the day: a session stays until its books are closed', async () => {
    const live = await talk(alice);
    await erase(alice);
    world.now = live.expiresAt + 1;
    await continueErasures(dependencies(), MANY);
    expect(await world.session(live.sessionId)).toMatchObject({ open: true, erased: true });
    await world.sweep();
    world.now += 3_600_000;
    expect(await continueErasures(dependencies(), MANY)).toEqual({ continued: 1, ended: 0 });
    expect(await world.session(live.sessionId)).toBeUndefined();
    const shards = [...(await dumpOf(db))].filter(([path]) => path.startsWith(`${COLLECTIONS.stats}/`));
    const counted = shards.map(
      ([, text]) => (JSON.parse(text) as { data: LiveStatsShard }).data.all.sessions,
    );
    expect(counted).toEqual([1]);
  });

  it('waits for a session whose settling was not told yet', async () => {
    const { over } = await history(alice);
    await world.paths.session(over.sessionId).update({ unsettled: true });
    await erase(alice);
    expect(await world.session(over.sessionId)).toMatchObject({ erased: true, unsettled: true });
    await world.paths.session(over.sessionId).update({ unsettled: FieldValue.delete() });
    await erase(alice);
    expect(await world.session(over.sessionId)).toBeUndefined();
  });

  it('blocks the user again where an operator let them in meanwhile', async () => {
    const live = await talk(alice);
    await erase(alice);
    await world.paths.quota(alice.uid).update({ blocked: null });
    world.now = live.expiresAt + 600_000;
    await continueErasures(dependencies(), MANY);
    expect(reasonOf(await world.start({}, alice))).toBe('blocked');
  });

  it('takes an operator off the list, and never the last admin', async () => {
    await world.paths.roles().set({ v: 1, admins: [alice.uid], viewers: [bob.uid] });
    await expect(erase(alice)).rejects.toSatisfy(
      (error) => error instanceof Refusal && error.details.reason === 'last-admin',
    );
    await world.paths.roles().set({ v: 1, admins: [ADMIN.uid, alice.uid], viewers: [bob.uid] });
    await erase(alice);
    expect((await world.paths.roles().get()).data()).toMatchObject({
      admins: [ADMIN.uid],
      viewers: [bob.uid],
    });
  });

  it('that a command line ordered is taken up by the sweeper, block and roles included', async () => {
    await talk(alice);
    await world.paths.roles().set({ v: 1, admins: [ADMIN.uid], viewers: [alice.uid] });
    const job = {
      v: 1,
      uid: alice.uid,
      pseudonym: 'erased-ordered',
      requestedAt: world.now,
      actor: 'command',
    };
    await world.paths.erasure(alice.uid).set({ ...job, dueAt: world.now });
    expect(await continueErasures(dependencies(), MANY)).toEqual({ continued: 1, ended: 0 });
    expect(reasonOf(await world.start({}, alice))).toBe('blocked');
    expect((await world.paths.roles().get()).data()).toMatchObject({ viewers: [] });
    await sweepOverMidnight();
    expect(naming(await dumpOf(db), alice.uid)).toEqual([]);
  });

  it('that fails holds up no other', async () => {
    await talk(alice);
    await talk(bob);
    await erase(alice);
    await erase(bob);
    world.now += DAY_MS;
    await world.sweep();
    const transaction: TransactionRunner = (each, body) =>
      each.runTransaction((tx) =>
        body(
          new Proxy(tx, {
            get(target, name) {
              const method: unknown = Reflect.get(target, name);
              if (typeof method !== 'function') return method;
              return (...args: unknown[]) => {
                if (args.some((arg) => arg === null || JSON.stringify(pathOf(arg)).includes(alice.uid)))
                  throw new Error('alice cannot be read');
                return method.apply(target, args);
              };
            },
          }),
        ),
      );
    await expect(continueErasures(dependencies(transaction), MANY)).rejects.toThrow('1 erasures');
    const left = await dumpOf(db);
    expect(naming(left, bob.uid)).toEqual([]);
    expect(naming(left, alice.uid)).not.toEqual([]);
  });

  it('refuses a request that names no uid, changing nothing', async () => {
    await talk(alice);
    const before = await dumpOf(db);
    await expect(
      eraseLiveUser(dependencies(), ADMIN, { v: 1, uid: 'a/b', reason: '' }),
    ).rejects.toMatchObject({
      details: { reason: 'invalid', field: 'uid' },
    });
    expect(await dumpOf(db)).toEqual(before);
  });

  describe('after the deletion of an account', () => {
    it('bars an ID token that outlives the account, also where nothing was kept', async () => {
      await eraseDeletedUser(dependencies(), alice.uid);
      expect(reasonOf(await world.start({}, alice))).toBe('blocked');
      expect(reasonOf(await world.start({}, bob))).toBe('granted');
      expect((await world.paths.audits.get()).empty).toBe(true);
      world.now += 3_600_000 - 1;
      await continueErasures(dependencies(), MANY);
      expect(reasonOf(await world.start({}, alice))).toBe('blocked');
      world.now += 1;
      expect(await continueErasures(dependencies(), MANY)).toEqual({ continued: 1, ended: 1 });
      expect(naming(await dumpOf(db), alice.uid)).toEqual([]);
    });

    it('stands in the audit as done by the system where something was kept', async () => {
      await history(alice);
      await eraseDeletedUser(dependencies(), alice.uid);
      await sweepOverMidnight();
      const left = await dumpOf(db);
      expect(naming(left, alice.uid)).toEqual([]);
      expect(naming(left, '"actor":"system"')).toHaveLength(1);
    });

    it('is waited for also where an operator had begun the erasure', async () => {
      await talk(alice);
      world.now = Date.parse('2026-11-21T23:59:00Z');
      await world.sweep();
      await erase(alice);
      const pseudonym = async () => (await world.paths.erasure(alice.uid).get()).data()?.pseudonym;
      const before = await pseudonym();
      await eraseDeletedUser(dependencies(), alice.uid);
      expect(await pseudonym()).toBe(before);
      world.now += 30 * 60_000;
      await continueErasures(dependencies(), MANY);
      expect(reasonOf(await world.start({}, alice))).toBe('blocked');
      world.now += 30 * 60_000;
      expect(await continueErasures(dependencies(), MANY)).toEqual({ continued: 1, ended: 1 });
      expect((await world.paths.audits.get()).size).toBe(1);
    });
  });
});

function pathOf(arg: unknown): string {
  return typeof arg === 'object' && arg !== null && 'path' in arg ? String(arg.path) : '';
}
