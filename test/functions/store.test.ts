import { randomUUID } from 'node:crypto';
import type { Content } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TransactionRunner } from '../../functions/src/transactions.ts';
import { createWorld, granted, reasonOf, type World } from './support/world.ts';

const contended: TransactionRunner = () =>
  Promise.reject(Object.assign(new Error('10 ABORTED: Too much contention'), { code: 10 }));

describe('a transaction that Firestore gives up', () => {
  let world: World;
  afterEach(() => world.close());

  it('is a refusal that says when to ask again, and costs nothing [threat:quota-race:contention]', async () => {
    world = createWorld({ transaction: contended });
    const waits = new Set<unknown>();
    for (let call = 0; call < 10; call++) {
      const outcome = await world.start();
      expect(outcome).toMatchObject({ code: 'unavailable', details: { reason: 'contention' } });
      const retryAfterMs = outcome.ok ? undefined : outcome.details.retryAfterMs;
      expect(retryAfterMs).toBeGreaterThanOrEqual(500);
      expect(retryAfterMs).toBeLessThanOrEqual(2_500);
      waits.add(retryAfterMs);
    }
    expect(waits.size).toBeGreaterThan(1);
    expect(world.orders).toEqual([]);
  });

  it('of 100 mints at once lets none past the limit, and answers every one', async () => {
    world = createWorld({ policy: { concurrentSessions: 5 } });
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => world.start()));
    const admitted = outcomes.filter(({ ok }) => ok).length;
    expect(admitted).toBeGreaterThan(0);
    expect(admitted).toBeLessThanOrEqual(5);
    expect(world.orders).toHaveLength(admitted);
    const reasons = new Set(outcomes.map(reasonOf));
    expect([...reasons].filter((each) => !['granted', 'concurrency', 'contention'].includes(each))).toEqual(
      [],
    );
  });
});

describe('the books that cannot be reached after the Live API answered', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  it('leave a refused token charged and the answer what it is [threat:mint:unreachable]', async () => {
    world.upstream = () => {
      world.breakBooks();
      return { outcome: 'refused', status: 400 };
    };
    expect(await world.start()).toMatchObject({
      code: 'internal',
      details: { reason: 'upstream-refused' },
    });
    expect(world.log.join('\n')).toContain('giving a reservation back');
  });
});

describe('templates', () => {
  let world: World;
  const id = `template-${randomUUID()}`;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());
  const saying = (version: number, text: string) => ({
    v: 1,
    version,
    title: 'T',
    setup: { systemInstruction: { parts: [{ text }] } },
  });
  const instructionOf = (content: Content | undefined) => content?.parts?.[0]?.text;

  it('are the current version at a start and the session’s own at a renewal', async () => {
    const path = world.db.doc(`liveTemplates/${id}`);
    await path.set(saying(1, 'first'));
    await path.collection('versions').doc('1').set(saying(1, 'first'));
    world.useStoredTemplates();
    const lease = granted(await world.start({ template: { id } }));
    await path.set(saying(2, 'second'));
    await path.collection('versions').doc('2').set(saying(2, 'second'));
    world.now = lease.renewAfter;
    granted(await world.renew(lease.sessionId));
    granted(await world.start({ template: { id } }));
    expect(world.orders.map((order) => instructionOf(order.constraints.systemInstruction))).toEqual([
      'first',
      'first',
      'second',
    ]);
    expect((await world.session(lease.sessionId)).template).toBe(`${id}@1`);
  });

  it('that were changed in place refuse the renewal of what they were', async () => {
    const path = world.db.doc(`liveTemplates/${id}-2`);
    await path.set(saying(1, 'first'));
    world.useStoredTemplates();
    const lease = granted(await world.start({ template: { id: `${id}-2` } }));
    world.now = lease.renewAfter;
    expect(reasonOf(await world.renew(lease.sessionId))).toBe('granted');
    await path.set(saying(2, 'second'));
    world.countAnew();
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('no-template');
    expect(world.counts.writes).toBe(0);
  });
});

describe('a session document', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ policy: { settableFields: ['generationConfig.temperature'] } });
  });
  afterEach(() => world.close());

  it('holds what renewals are built from, and no handle [threat:handle:stored]', async () => {
    const setup = { generationConfig: { temperature: 1 }, sessionResumption: { handle: 'canary-handle' } };
    const lease = granted(await world.start({ setup }));
    const document = await world.session(lease.sessionId);
    expect(document.asked.setup).toEqual({ generationConfig: { temperature: 1 } });
    expect(JSON.stringify(document)).not.toContain('canary');
    world.now = lease.renewAfter;
    granted(await world.renew(lease.sessionId));
    expect(world.orders.at(-1)?.constraints.generationConfig?.temperature).toBe(1);
  });

  it('goes on to be built from under the policy of the day', async () => {
    const lease = granted(await world.start({ setup: { generationConfig: { temperature: 1 } } }));
    world.policy = { ...world.policy, settableFields: [] };
    world.countAnew();
    expect(await world.remint(lease.sessionId)).toMatchObject({
      code: 'permission-denied',
      details: { reason: 'field', field: 'generationConfig.temperature' },
    });
    expect(world.counts.writes).toBe(0);
    world.policy = { ...world.policy, settableFields: ['generationConfig.temperature'] };
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
  });

  it('that names another user gives this one no token [threat:handle:document]', async () => {
    const lease = granted(await world.start());
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
    await world.db.doc(`liveSessions/${lease.sessionId}`).update({ uid: 'somebody-else' });
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('not-owner');
  });

  it('has room for a bounded number of tokens', async () => {
    const lease = granted(await world.start());
    const { leases } = await world.session(lease.sessionId);
    const [entry] = Object.values(leases);
    const filled = (count: number) =>
      world.db.doc(`liveSessions/${lease.sessionId}`).update({
        leases: Object.fromEntries(Array.from({ length: count }, (_, n) => [`lease-${n}`, entry])),
      });
    await filled(200);
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('session-over');
    await filled(199);
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('granted');
  });
});
