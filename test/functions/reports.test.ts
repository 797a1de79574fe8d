import { NO_USAGE } from '@livegate/protocol';
import { Query } from 'firebase-admin/firestore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorld, granted, reasonOf, reportOf, type World } from './support/world.ts';

describe('usage reports', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  const tokens = (AUDIO: number) => ({ ...NO_USAGE, turns: 1, prompt: { AUDIO }, total: AUDIO });

  it('make a session active and sum over its connections', async () => {
    const first = granted(await world.start());
    expect((await world.session(first.sessionId)).state).toBe('reserved');
    granted(await world.report(reportOf(first, { seconds: 90, totals: tokens(100) })));
    world.now = first.renewAfter;
    const second = granted(await world.renew(first.sessionId));
    granted(await world.report(reportOf(first, { seq: 2, final: true, seconds: 95, totals: tokens(150) })));
    granted(await world.report(reportOf(second, { seconds: 10, totals: tokens(50) })));
    expect(await world.session(first.sessionId)).toMatchObject({
      state: 'active',
      reported: { seconds: 105, totals: { turns: 2, prompt: { AUDIO: 200 }, total: 200 } },
    });
  });

  it('that are not newer than the last change nothing [threat:report:replay]', async () => {
    const lease = granted(await world.start());
    granted(await world.report(reportOf(lease, { seq: 5, seconds: 50 })));
    for (const seq of [5, 4]) {
      expect(granted(await world.report(reportOf(lease, { seq, seconds: 99 }))).status).toBe('stale');
    }
    expect((await world.session(lease.sessionId)).reported.seconds).toBe(50);
    expect(granted(await world.report(reportOf(lease, { seq: 6, seconds: 60 }))).status).toBe('ok');
  });

  it.each([
    ['negative seconds', { seconds: -1 }, 'seconds'],
    ['seconds that are no number', { seconds: null }, 'seconds'],
    ['huge counts', { totals: { ...NO_USAGE, total: 1e12 } }, 'totals.total'],
    ['no sequence', { seq: undefined }, 'seq'],
  ])('with %s are refused by name and change nothing [threat:report:figures]', async (_, wrong, field) => {
    const lease = granted(await world.start());
    const before = await world.session(lease.sessionId);
    const refused = await world.report({ ...reportOf(lease), ...wrong });
    expect(refused).toMatchObject({
      ok: false,
      code: 'invalid-argument',
      details: { reason: 'invalid', field },
    });
    expect(await world.session(lease.sessionId)).toEqual(before);
    expect(reasonOf(await world.report(reportOf(lease)))).toBe('granted');
  });

  it('of another user, of no session and of no connection are refused', async () => {
    const lease = granted(await world.start());
    const stranger = { ...world.caller, uid: 'somebody-else' };
    expect(reasonOf(await world.report(reportOf(lease), stranger))).toBe('not-owner');
    expect(reasonOf(await world.report(reportOf({ ...lease, sessionId: 'no-such-session' })))).toBe(
      'not-owner',
    );
    expect(reasonOf(await world.report(reportOf({ ...lease, connectionId: 'no-such-connection' })))).toBe(
      'invalid',
    );
    expect(reasonOf(await world.report(reportOf(lease)))).toBe('granted');
  });

  it('leave what was said out unless the policy keeps transcripts [threat:report:transcript]', async () => {
    const transcript = [{ id: 'turn-001', at: 1, role: 'user' as const, text: 'said' }];
    const events = [{ id: 'event-001', at: 1, type: 'turn' }];
    const batches = async (sessionId: string) =>
      (await world.db.collection(`liveSessions/${sessionId}/events`).get()).docs.map((each) => each.data());
    const first = granted(await world.start());
    granted(await world.report(reportOf(first, { transcript, events })));
    expect(await batches(first.sessionId)).toEqual([]);
    expect((await world.session(first.sessionId)).timeline).toEqual(events);
    world.policy = { ...world.policy, transcripts: { keep: true, days: 7 } };
    const second = granted(await world.start());
    granted(await world.report(reportOf(second, { transcript })));
    expect(await batches(second.sessionId)).toMatchObject([{ events: [], transcript }]);
  });

  it('leave nothing that was said where the user was erased, and the figures all the same', async () => {
    world.policy = { ...world.policy, transcripts: { keep: true, days: 7 } };
    const transcript = [{ id: 'turn-001', at: 1, role: 'user' as const, text: 'said' }];
    const lease = granted(await world.start());
    await world.paths.session(lease.sessionId).update({ erased: true });
    granted(await world.report(reportOf(lease, { transcript, seconds: 9 })));
    expect((await world.paths.events(lease.sessionId).get()).size).toBe(0);
    expect((await world.session(lease.sessionId)).reported.seconds).toBe(9);
  });

  it('of a session that was purged are refused', async () => {
    const lease = granted(await world.start());
    expect(reasonOf(await world.report(reportOf(lease)))).toBe('granted');
    await world.db.doc(`liveSessions/${lease.sessionId}`).delete();
    expect(await world.report(reportOf(lease, { seq: 2 }))).toMatchObject({
      code: 'not-found',
      details: { reason: 'no-session' },
    });
  });

  it('tell a session that an operator ended to stop', async () => {
    const lease = granted(await world.start());
    expect(granted(await world.report(reportOf(lease))).stop).toBeUndefined();
    await world.db.doc(`liveSessions/${lease.sessionId}`).update({ state: 'revoked' });
    expect(granted(await world.report(reportOf(lease, { seq: 2 }))).stop).toEqual({ reason: 'revoked' });
    expect((await world.session(lease.sessionId)).state).toBe('revoked');
    world.now = lease.renewAfter;
    expect(reasonOf(await world.renew(lease.sessionId))).toBe('revoked');
  });
});

describe('events and transcripts', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ policy: { transcripts: { keep: true, days: 7 } } });
  });
  afterEach(() => world.close());
  const batchesOf = async (sessionId: string) =>
    (await world.db.collection(`liveSessions/${sessionId}/events`).get()).docs.map((each) => each.data());

  it('that are sent again because an answer got lost stand there once', async () => {
    const lease = granted(await world.start());
    const event = (id: number) => ({ id: `event-${String(id).padStart(3, '0')}`, at: id, type: 'turn' });
    const [one, two, three] = [event(1), event(2), event(3)];
    granted(await world.report(reportOf(lease, { seq: 1, events: [one] })));
    granted(await world.report(reportOf(lease, { seq: 2, events: [one, two] })));
    expect((await world.session(lease.sessionId)).timeline).toEqual([one, two]);
    expect(await batchesOf(lease.sessionId)).toEqual([]);

    // What the session has no room for stands beside it, once as well.
    const many = Array.from({ length: 70 }, (_, index) => event(index + 3));
    granted(await world.report(reportOf(lease, { seq: 3, events: many })));
    granted(await world.report(reportOf(lease, { seq: 4, events: many })));
    const { timeline } = await world.session(lease.sessionId);
    const batches = await batchesOf(lease.sessionId);
    expect(batches).toMatchObject([{ seq: 4 }]);
    expect([...timeline, ...(batches[0]?.events ?? [])]).toEqual([one, two, three, ...many.slice(1)]);
  });

  it('fit into their document when a report holds as much as it may, in letters of three bytes', async () => {
    const lease = granted(await world.start());
    const [three, most] = ['€', 4_000];
    const transcript = Array.from({ length: 50 }, (_, index) => ({
      id: `turn-${String(index).padStart(3, '0')}`,
      at: 1,
      role: 'user' as const,
      text: three.repeat(most),
    }));
    const events = Array.from({ length: 19 }, (_, index) => ({
      id: `event-${String(index).padStart(3, '0')}`,
      at: 1,
      type: 'x',
      detail: { text: three.repeat(3_480) },
    }));
    granted(await world.report(reportOf(lease, { transcript, events })));
    const [batch] = await batchesOf(lease.sessionId);
    expect(batch?.transcript).toHaveLength(50);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeGreaterThan(750_000);
  });

  it('are bounded in all: beyond it the figures count and what was told is left out [threat:report:flood]', async () => {
    const lease = granted(await world.start());
    const said = (seq: number) =>
      Array.from({ length: 50 }, (_, index) => ({
        id: `turn-${seq}-${String(index).padStart(3, '0')}`,
        at: 1,
        role: 'user' as const,
        text: '€'.repeat(4_000),
      }));
    const answers = [];
    for (let seq = 1; seq <= 8; seq++)
      answers.push(
        granted(await world.report(reportOf(lease, { seq, seconds: seq, transcript: said(seq) }))),
      );
    // 50 texts of 12,000 bytes are 0.6 MB: six fit into 4 MB.
    expect(answers.map(({ full = false }) => full)).toEqual([...Array(6).fill(false), true, true]);
    expect(await batchesOf(lease.sessionId)).toHaveLength(6);
    expect((await world.session(lease.sessionId)).reported.seconds).toBe(8);
  });

  it('go when the policy says that transcripts go', async () => {
    const lease = granted(await world.start());
    const transcript = [{ id: 'turn-001', at: 1, role: 'user' as const, text: 'said' }];
    granted(await world.report(reportOf(lease, { transcript })));
    const [batch] = await batchesOf(lease.sessionId);
    expect(batch?.purgeAt.toMillis()).toBe(world.now + 7 * 86_400_000);
  });

  it('are taken without what was said where the policy no longer lets the user in', async () => {
    const lease = granted(await world.start());
    world.policy = { ...world.policy, anonymous: false };
    const transcript = [{ id: 'turn-001', at: 1, role: 'user' as const, text: 'said' }];
    expect(granted(await world.report(reportOf(lease, { transcript }))).status).toBe('ok');
    expect(await batchesOf(lease.sessionId)).toEqual([]);
  });

  it.each([
    ['a list in a list', { list: [[1]] }, 'events[0].detail.list[0]'],
    ['a key that Firestore keeps for itself', { __a__: 1 }, 'events[0].detail'],
    ['too much', { text: 'x'.repeat(250_000) }, 'events'],
  ])('with %s in a detail are refused by name and change nothing', async (_, detail, field) => {
    const lease = granted(await world.start());
    const before = await world.session(lease.sessionId);
    const told = (each: object) =>
      world.report({ ...reportOf(lease), events: [{ id: 'event-001', at: 1, type: 'x', detail: each }] });
    expect(await told(detail)).toMatchObject({
      code: 'invalid-argument',
      details: { reason: 'invalid', field },
    });
    expect(await world.session(lease.sessionId)).toEqual(before);
    expect(reasonOf(await told({ list: [1] }))).toBe('granted');
  });
});

describe('sweepLiveSessions', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  it('closes the books when the last token is dead, and not a millisecond before [threat:report:late]', async () => {
    const lease = granted(await world.start());
    world.now = lease.expiresAt - 1;
    await world.sweep();
    expect(await world.session(lease.sessionId)).toMatchObject({ open: true, state: 'reserved' });
    granted(await world.report(reportOf(lease)));
    world.now = lease.expiresAt;
    await world.sweep();
    expect(await world.session(lease.sessionId)).toMatchObject({
      open: false,
      state: 'expired',
      endedAt: lease.expiresAt,
    });
    expect(reasonOf(await world.report(reportOf(lease, { seq: 2 })))).toBe('session-over');
  });

  it('leaves open the books of a session that was renewed while they were being closed', async () => {
    const lease = granted(await world.start());
    const path = world.db.doc(`liveSessions/${lease.sessionId}`);
    const get = Query.prototype.get;
    const spy = vi.spyOn(Query.prototype, 'get').mockImplementation(async function (this: Query) {
      const found = await get.call(this);
      if (found.docs.some(({ id }) => id === lease.sessionId)) await path.update({ deadAt: world.now + 1 });
      return found;
    });
    world.now = lease.expiresAt;
    await world.sweep();
    spy.mockRestore();
    expect(await world.session(lease.sessionId)).toMatchObject({ open: true });
    world.now += 1;
    await world.sweep();
    expect(await world.session(lease.sessionId)).toMatchObject({ open: false });
  });

  it('takes as many pages of a shard as it needs', async () => {
    const leases = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        world.start({}, { ...world.caller, uid: `${world.caller.uid}-${number}` }),
      ),
    );
    world.now = Math.max(...leases.map((each) => granted(each).expiresAt));
    await world.sweep(1);
    for (const each of leases)
      expect(await world.session(granted(each).sessionId)).toMatchObject({ open: false });
  });

  it('keeps the word of a session that said goodbye, and does nothing twice', async () => {
    const lease = granted(await world.start());
    granted(await world.report(reportOf(lease, { final: true })));
    world.now = lease.expiresAt;
    await world.sweep();
    const closed = await world.session(lease.sessionId);
    expect(closed).toMatchObject({ open: false, state: 'ended' });
    world.now += 1_000;
    await world.sweep();
    expect(await world.session(lease.sessionId)).toEqual(closed);
  });
});
