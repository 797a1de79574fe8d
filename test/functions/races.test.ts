import { randomUUID } from 'node:crypto';
import type { MintAnswer } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { afterAll, describe, expect, it } from 'vitest';
import { amountOf } from '../../scripts/short-forms.ts';
import { callFunction, signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { createWorld, granted, type Outcome, POLICY, reasonOf, type World } from './support/world.ts';

const MANY = amountOf('mints of a user at once, with room for all');
const ROOM = 5;

describe('mints at once', () => {
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  const app = initializeApp({ projectId: 'demo-races' }, randomUUID());
  const firestore = getFirestore(app);
  const database = useAdminFirestore();
  afterAll(() => deleteApp(app));

  /** Instances of the functions: one database, nothing else shared. */
  const instances = (count: number, policy = {}): readonly World[] =>
    Array.from({ length: count }, () =>
      createWorld({ firestore, policy: { concurrentSessions: ROOM, ...policy } }),
    );
  const stored = async (uid: string): Promise<number> =>
    (await firestore.collection('liveSessions').where('uid', '==', uid).count().get()).data().count;
  const asked = (worlds: readonly World[]): number =>
    worlds.reduce((sum, { orders }) => sum + orders.length, 0);
  const callerOf = ([world]: readonly World[]) => ({
    uid: `racer-${randomUUID()}`,
    provider: world?.caller.provider ?? '',
  });

  it('of 20 instances for a user with room for 5 are 5, and the rest say so', async () => {
    const worlds = instances(20);
    const caller = callerOf(worlds);
    const outcomes = await Promise.all(worlds.map((world) => world.start({}, caller)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(ROOM);
    expect(outcomes.filter(({ ok }) => !ok).map(reasonOf)).toEqual(Array(15).fill('concurrency'));
    expect([asked(worlds), await stored(caller.uid)]).toEqual([ROOM, ROOM]);
  });

  it('through the callable are 5 of 20, and the rest say so', async () => {
    const id = `race-${randomUUID()}`;
    await database()
      .doc(`livePolicies/${id}`)
      .set({ ...POLICY, concurrentSessions: ROOM });
    const { idToken, uid } = await signInAsNewUser({ livegatePolicy: id });
    const mint = () =>
      callFunction<MintAnswer>('mintLiveToken', {
        data: { v: 1, op: 'start', requestId: randomUUID(), model: 'gemini-3.8-live' },
        idToken,
      });
    /** As the web module does: a transaction that was not let through is asked for again. */
    const untilDecided = async (): ReturnType<typeof mint> => {
      const answer = await mint();
      return answer.error?.details?.reason === 'contention' ? untilDecided() : answer;
    };
    const answers = await Promise.all(Array.from({ length: 20 }, untilDecided));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, error }) => [status, error?.details?.reason])).toEqual(
      Array(15).fill([429, 'concurrency']),
    );
    expect(new Set(answers.flatMap(({ result }) => result?.sessionId ?? [])).size).toBe(ROOM);
    const sessions = await database().collection('liveSessions').where('uid', '==', uid).get();
    expect(sessions.size).toBe(ROOM);
    // The functions emulator starts a process for each call that is on its way.
  }, 180_000);

  it.each([
    { count: 100, room: ROOM },
    { count: MANY, room: MANY },
  ])(
    'of $count instances for a user with room for $room never pass it, and none ends without a reason',
    async ({ count, room }) => {
      const worlds = instances(count, { concurrentSessions: room });
      const caller = callerOf(worlds);
      const startedAt = performance.now();
      // Any other rejection than a refusal goes through here and fails the test.
      const outcomes = await Promise.all(worlds.map((world) => world.start({}, caller)));
      const admitted = outcomes.filter(({ ok }) => ok).length;
      const told = (reason: string): number => outcomes.filter((each) => reasonOf(each) === reason).length;
      console.log(
        `${count} mints at once, room for ${room}: ${admitted} granted, ${told('concurrency')} concurrency, ${told('contention')} contention, ${Math.round(performance.now() - startedAt)} ms`,
      );
      expect(admitted).toBeLessThanOrEqual(room);
      expect(admitted).toBeGreaterThan(0);
      expect(admitted + told('concurrency') + told('contention')).toBe(count);
      expect([asked(worlds), await stored(caller.uid)]).toEqual([admitted, admitted]);
      for (const outcome of outcomes) expectToBeRetryable(outcome);
    },
    180_000,
  );

  it('of 200 users are all granted', async () => {
    const [world] = instances(1, { concurrentSessions: 1 });
    if (!world) return;
    const callers = Array.from({ length: 200 }, () => callerOf([world]));
    const outcomes = await Promise.all(callers.map((caller) => world.start({}, caller)));
    expect(new Set(outcomes.map((each) => granted(each).sessionId)).size).toBe(200);
    expect(world.orders).toHaveLength(200);
  });

  it('with one request id make one token, on however many instances', async () => {
    const worlds = instances(10);
    const caller = callerOf(worlds);
    const requestId = randomUUID();
    const outcomes = await Promise.all(worlds.map((world) => world.start({ requestId }, caller)));
    expect(outcomes.map(reasonOf).sort()).toEqual([...Array<string>(9).fill('already-issued'), 'granted']);
    expect([asked(worlds), await stored(caller.uid)]).toEqual([1, 1]);
  });

  it('inside one session stop at the live tokens of the policy', async () => {
    const worlds = instances(12, { maxLiveTokens: 4 });
    const caller = callerOf(worlds);
    const [first] = worlds;
    if (!first) return;
    const { sessionId } = granted(await first.start({}, caller));
    const outcomes = await Promise.all(worlds.map((world) => world.remint(sessionId, {}, caller)));
    expect(outcomes.map(reasonOf).sort()).toEqual([
      ...Array<string>(3).fill('granted'),
      ...Array<string>(9).fill('live-tokens'),
    ]);
    expect(asked(worlds)).toBe(4);
  });
});

/** What Firestore gave up is told as a wait that is spread, never as an inner error. */
function expectToBeRetryable(outcome: Outcome<MintAnswer>): void {
  if (outcome.ok || outcome.details.reason !== 'contention') return;
  expect(outcome.code).toBe('unavailable');
  expect(outcome.details.retryAfterMs).toBeGreaterThanOrEqual(500);
  expect(outcome.details.retryAfterMs).toBeLessThanOrEqual(2_500);
}
