import { randomUUID } from 'node:crypto';
import { NO_USAGE } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, granted, NOON, reasonOf, type World } from './support/world.ts';

describe('a mint whose token', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ policy: { minutesPerDay: 2, concurrentSessions: 1 } });
  });
  afterEach(() => world.close());

  it('is definitely refused costs nothing [threat:mint:refused]', async () => {
    world.upstream = () => ({ outcome: 'refused', status: 400 });
    const refused = await world.start();
    expect(refused).toMatchObject({ ok: false, code: 'internal', details: { reason: 'upstream-refused' } });
    const { sessionId = '' } = refused.ok ? {} : refused.details;
    expect(await world.session(sessionId)).toMatchObject({
      state: 'failed',
      leased: { seconds: 0, tokens: 0 },
    });
    world.upstream = () => ({ outcome: 'minted', token: 'auth_tokens/x' });
    expect(granted(await world.start()).quotaLeft.daySeconds).toBe(0);
  });

  it('is definitely refused leaves a session that takes no report and counts as failed when it is closed', async () => {
    world.upstream = () => ({ outcome: 'refused', status: 400 });
    const refused = await world.start();
    const { sessionId = '' } = refused.ok ? {} : refused.details;
    const [lease] = Object.values((await world.session(sessionId)).leases);
    const report = { v: 1, sessionId, connectionId: lease?.connectionId, seq: 1, final: true, seconds: 9 };
    expect(reasonOf(await world.report({ ...report, totals: NO_USAGE }))).toBe('session-over');
    expect(reasonOf(await world.remint(sessionId))).toBe('session-over');
    await world.sweep();
    const session = await world.session(sessionId);
    expect(session).toMatchObject({ state: 'failed', open: false, reported: { seconds: 0 } });
    const shard = await world.paths.statsShard('2026-11-21', session.shard).get();
    expect(shard.data()?.all.failed).toBeGreaterThanOrEqual(1);
  });

  it('may exist stays charged [threat:mint:unknown]', async () => {
    world.upstream = () => ({ outcome: 'unknown', problem: 'TimeoutError' });
    const unknown = await world.start();
    expect(unknown).toMatchObject({
      ok: false,
      code: 'unavailable',
      details: { reason: 'upstream-unavailable' },
    });
    const { sessionId = '' } = unknown.ok ? {} : unknown.details;
    expect(Object.values((await world.session(sessionId)).leases)).toMatchObject([{ state: 'kept' }]);
    world.upstream = () => ({ outcome: 'minted', token: 'auth_tokens/x' });
    expect(reasonOf(await world.start())).toBe('concurrency');
    world.now = NOON + 120_000;
    expect(reasonOf(await world.start())).toBe('minutes-day');
  });

  it('comes slowly is no longer valid than was reserved [threat:mint:slow]', async () => {
    world.upstream = () => {
      world.now += 9_000;
      return { outcome: 'minted', token: 'auth_tokens/x' };
    };
    const answer = granted(await world.start());
    expect(answer.expiresAt).toBe(NOON + 120_000);
    expect(world.orders[0]?.expiresAt).toBe(NOON + 120_000);
  });

  it('was answered is answered the same to a repeated request, and charged once [threat:mint:repeated]', async () => {
    const requestId = randomUUID();
    const [first, second] = await Promise.all([world.start({ requestId }), world.start({ requestId })]);
    expect(granted(second)).toEqual(granted(first));
    expect(world.orders).toHaveLength(1);
    world.now = NOON + 120_000;
    expect(reasonOf(await world.start({ requestId }))).toBe('minutes-day');
  });

  it('was answered by another instance is not shown again, and not charged again [threat:mint:repeated-elsewhere]', async () => {
    const requestId = randomUUID();
    const first = granted(await world.start({ requestId }));
    world.anotherInstance();
    expect(await world.start({ requestId })).toMatchObject({
      ok: false,
      code: 'aborted',
      details: { reason: 'already-issued', sessionId: first.sessionId, leaseId: first.leaseId },
    });
    expect(world.orders).toHaveLength(1);
    expect((await world.session(first.sessionId)).leased.tokens).toBe(1);
  });

  it('was answered stands in no document and no log line [threat:token-replay:stored]', async () => {
    granted(await world.start());
    const { uid } = world.caller;
    const sessions = await world.db.collection('liveSessions').where('uid', '==', uid).get();
    const quota = await world.db.doc(`liveQuotas/${uid}`).get();
    const stored = JSON.stringify([sessions.docs.map((each) => each.data()), quota.data()]);
    expect(stored).toContain(uid);
    expect(stored).not.toContain('secret-');
    expect(world.log.join('\n')).toContain('lease granted');
    expect(world.log.join('\n')).not.toContain('secret-');
  });
});
