import type { Transaction } from 'firebase-admin/firestore';
import { afterEach, describe, expect, it } from 'vitest';
import type { TransactionRunner } from '../../functions/src/transactions.ts';
import { createWorld, granted, NOON, type Outcome, reasonOf, reportOf, type World } from './support/world.ts';

/** The same reads and writes with the transaction taken away: each read stands alone, each write goes by itself. */
const withoutTransaction: TransactionRunner = async (db, body) => {
  const writes: (() => Promise<unknown>)[] = [];
  const bare = {
    get: (ref: { get(): Promise<unknown> }) => ref.get(),
    getAll: (...refs: Parameters<Transaction['getAll']>) =>
      db.getAll(...(refs as Parameters<typeof db.getAll>)),
    set: (ref: { set(data: unknown): Promise<unknown> }, data: unknown) => {
      writes.push(() => ref.set(data));
      return bare;
    },
  };
  const result = await body(bare as unknown as Transaction);
  for (const write of writes) await write();
  return result;
};

/** Starts at once, each on an instance of its own: no memory is shared, the transaction alone decides. */
const burst = (world: World, count: number): Promise<Outcome<unknown>[]> =>
  Promise.all(
    Array.from({ length: count }, () => {
      world.anotherInstance();
      return world.start();
    }),
  );

describe('concurrent sessions', () => {
  let world: World;
  afterEach(() => world.close());

  it('admits exactly 5 of 20 mints at once for a user with room for 5', async () => {
    world = createWorld({ policy: { concurrentSessions: 5 } });
    const outcomes = await burst(world, 20);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(5);
    expect(outcomes.filter(({ ok }) => !ok).map(reasonOf)).toEqual(Array(15).fill('concurrency'));
    expect(world.orders).toHaveLength(5);
    const stored = await world.db.collection('liveSessions').where('uid', '==', world.caller.uid).get();
    expect(stored.size).toBe(5);
  });

  it('would be seen to admit more if the quota were read outside the transaction', async () => {
    world = createWorld({ policy: { concurrentSessions: 5 }, transaction: withoutTransaction });
    const outcomes = await burst(world, 20);
    expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThan(5);
  });

  it('admits all of 6 where the policy has room for 6', async () => {
    world = createWorld({ policy: { concurrentSessions: 6 } });
    const outcomes = await burst(world, 6);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(6);
  });

  it('keeps the slot of a session that says it ended after one second, until its token is dead [threat:early-end:slot]', async () => {
    world = createWorld({ policy: { concurrentSessions: 1 } });
    const first = granted(await world.start());
    world.now = NOON + 1_000;
    granted(await world.report(reportOf(first, { final: true })));
    expect((await world.session(first.sessionId)).state).toBe('ended');

    world.now = first.expiresAt - 1;
    const refused = await world.start();
    expect(refused).toMatchObject({
      ok: false,
      code: 'resource-exhausted',
      details: { reason: 'concurrency', retryAfterMs: 1 },
    });
    world.now = first.expiresAt;
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('charges the whole lease of a session that ended after one second [threat:early-end:charge]', async () => {
    world = createWorld({ policy: { minutesPerDay: 3 } });
    const first = granted(await world.start());
    granted(await world.report(reportOf(first, { final: true })));
    expect(first.quotaLeft.daySeconds).toBe(60);
    const second = granted(await world.start());
    expect(second.expiresAt - second.serverTime).toBe(60_000);
    expect(reasonOf(await world.start())).toBe('minutes-day');
  });

  it('lets one user in while another has no room [threat:token-sharing]', async () => {
    world = createWorld({ policy: { concurrentSessions: 1 } });
    granted(await world.start());
    expect(reasonOf(await world.start())).toBe('concurrency');
    expect(reasonOf(await world.start({}, { ...world.caller, uid: `${world.caller.uid}-2` }))).toBe(
      'granted',
    );
  });
});
