import { randomUUID } from 'node:crypto';
import {
  type LiveOpsDocument,
  type LiveStatsDocument,
  type LiveUsageDocument,
  readConfigDocument,
  readPolicyDocument,
  readPriceDocument,
  readTemplateDocument,
} from '@livegate/protocol';
import type { CollectionReference, DocumentReference, Firestore } from 'firebase-admin/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadSession } from '../../functions/src/books-testing.ts';
import { livePaths } from '../../functions/src/paths.ts';
import { SAMPLE_SHARD } from '../../functions/src/queries.ts';
import { rollUpLiveStats } from '../../functions/src/roll-up.ts';
import { sweepLiveSessions } from '../../functions/src/sweep.ts';
import { openAdminFirestore } from '../../scripts/admin-firestore.ts';
import { createUser } from '../../scripts/auth-emulator.ts';
import { seed } from '../../scripts/seed.ts';
import { removeSample, seedSample } from '../../scripts/seed-sample.ts';
import { useStack } from '../support/stack.ts';
import { booksOn } from './support/books.ts';

type Dump = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NOW = Date.parse('2026-11-20T15:20:00Z');
const TODAY = '2026-11-20';
let target: {
  readonly projectId: string;
  readonly hosts: { readonly auth: string; readonly firestore: string };
};
let db: Firestore;

/** Every document of the project, but the time at which sums were made. */
async function dump(): Promise<Dump> {
  const all: [string, Readonly<Record<string, unknown>>][] = [];
  const into = async (ref: DocumentReference): Promise<void> => {
    const [snapshot, inside] = await Promise.all([ref.get(), ref.listCollections()]);
    const { rolledUpAt: _, ...data } = snapshot.data() ?? {};
    if (Object.keys(data).length > 0) all.push([ref.path, data]);
    await Promise.all(inside.map(intoAll));
  };
  const intoAll = async (collection: CollectionReference): Promise<void> => {
    await Promise.all((await collection.listDocuments()).map(into));
  };
  await Promise.all((await db.listCollections()).map(intoAll));
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function at<T>(documents: Dump, path: RegExp): readonly T[] {
  return Object.entries(documents).flatMap(([each, data]) => (path.test(each) ? [data as T] : []));
}

/** Uids of the project's accounts. */
async function accounts(): Promise<readonly string[]> {
  const response = await fetch(
    `http://${target.hosts.auth}/identitytoolkit.googleapis.com/v1/projects/${target.projectId}/accounts:batchGet?maxResults=1000`,
    { headers: { authorization: 'Bearer owner' } },
  );
  const { users = [] } = (await response.json()) as { users?: readonly { readonly localId: string }[] };
  return users.map(({ localId }) => localId).sort();
}

beforeAll(async () => {
  const { hosts } = useStack();
  target = { projectId: `demo-sample-${randomUUID().slice(0, 8)}`, hosts };
  db = openAdminFirestore(target);
  await seed(target);
  await createUser(target, { email: 'alice@example.com', password: 'a-real-one' });
  const paths = livePaths(db);
  // A real session of today, its books closed, and a share of the caps that a real talk pays from.
  await paths.session('real').set(deadSession({ createdAt: NOW - 600_000, deadAt: NOW - 300_000 }));
  await paths.cap(0).set({ v: 1, day: TODAY, dayMs: 120_000, ends: {} });
  const { dependencies } = booksOn(db);
  await sweepLiveSessions(dependencies, NOW);
  await rollUpLiveStats(dependencies, NOW);
});

afterAll(() => db.terminate());

describe('a sample', () => {
  const order = { sessions: 60, seed: 'x', now: NOW };
  let before: Dump;
  let with60: Dump;

  it('stands beside what is real, marked, in accounts of its own', async () => {
    before = await dump();
    const people = await accounts();
    const { sessions, users } = await seedSample(target, order);
    with60 = await dump();
    expect(at(with60, /^liveSessions\/[^/]+$/).length).toBe(sessions + 1);
    expect(at(with60, /^liveUsage\//).length).toBeGreaterThan(20);
    for (const [path, data] of Object.entries(with60))
      if (before[path] === undefined && /^live(Sessions\/[^/]+$|Usage)|\/liveOps\//.test(path))
        expect(data.sample, path).toBe(true);
    expect(with60['liveSessions/real']).toEqual(before['liveSessions/real']);
    expect(with60['liveUsage/2026-11_alice']).toEqual(before['liveUsage/2026-11_alice']);
    const now = await accounts();
    expect(now.length).toBe(people.length + users);
    expect(now).toEqual(expect.arrayContaining([...people]));
  });

  it('can be read by those who read settings', () => {
    const readers = [
      [/^livePolicies\/[^/]+$/, readPolicyDocument],
      [/^liveTemplates\/[^/]+(\/versions\/\d+)?$/, readTemplateDocument],
      [/^livePrices\/[^/]+$/, readPriceDocument],
      [/^liveConfig\/global$/, readConfigDocument],
    ] as const;
    for (const [path, read] of readers) {
      const found = at(with60, path);
      expect(found.length).toBeGreaterThan(0);
      for (const each of found) expect(read(each)).toEqual(each);
    }
    expect(with60['liveTemplates/support']).toMatchObject({ version: 3 });
    expect(with60['livePolicies/default']).toEqual(before['livePolicies/default']);
  });

  it('adds up with what is real: days and months are the sums of sessions', () => {
    const ops = at<LiveOpsDocument>(with60, /\/liveOps\/ops$/);
    const days = at<LiveStatsDocument>(with60, /^liveStats\/[^/]+$/);
    for (const { day, all } of days) {
      const ofDay = ops.filter((each) => each.day === day);
      expect(all.sessions, day).toBe(ofDay.length);
      expect(all.microUsd, day).toBe(ofDay.reduce((sum, { cost }) => sum + cost.pricedMicroUsd, 0));
    }
    const months = at<LiveUsageDocument>(with60, /^liveUsage\//);
    expect(months.reduce((sum, each) => sum + each.sessions, 0)).toBe(ops.length);
    expect(with60[`liveStats/${TODAY}`]).toMatchObject({ sample: true });
    expect(with60[`liveStats/${TODAY}/shards/${SAMPLE_SHARD}`]).toBeDefined();
    expect(with60['liveConfig/global/caps/0']).toMatchObject({ day: TODAY });
    expect(with60['liveConfig/global/caps/0']?.dayMs).toBeGreaterThan(120_000);
  });

  it('does not double where it is made twice', async () => {
    await seedSample(target, order);
    expect(await dump()).toEqual(with60);
  });

  it('leaves exactly what was there before, when it is taken away, and nothing to take the next time', async () => {
    expect(await removeSample(target)).toMatchObject({ kept: [] });
    expect(await dump()).toEqual(before);
    expect((await accounts()).filter((uid) => uid.startsWith('sample-'))).toEqual([]);
    expect((await accounts()).length).toBeGreaterThan(0);
    expect(await removeSample(target)).toMatchObject({ sessions: 0, users: 0 });
    expect(await dump()).toEqual(before);
  });

  it('leaves settings that somebody wrote before it or since', async () => {
    const own = { ...with60['livePolicies/plus'], minutesPerDay: 7 };
    await db.doc('livePolicies/plus').set(own);
    await seedSample(target, order);
    expect((await db.doc('livePolicies/plus').get()).data()).toEqual(own);
    await db.doc('livePolicies/school').update({ version: 9, minutesPerDay: 8 });
    expect(await removeSample(target)).toMatchObject({ kept: ['livePolicies/school'] });
    expect((await db.doc('livePolicies/plus').get()).data()).toEqual(own);
    expect((await db.doc('livePolicies/school').get()).data()).toMatchObject({ minutesPerDay: 8 });
    expect((await db.doc('liveTemplates/support').get()).exists).toBe(false);
  });
});
