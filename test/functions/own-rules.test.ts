import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthorizeQuestion, LeaseNotice } from '../../functions/src/hooks.ts';
import { createWorld, granted, reasonOf, type World } from './support/world.ts';

describe("a team's own rule", () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  it('is asked with who and what, before anything is charged', async () => {
    const asked: AuthorizeQuestion[] = [];
    world.hooks = {
      authorize(question) {
        asked.push(question);
        return { allow: false, rule: 'unpaid', message: 'Pay first.' };
      },
    };
    const refused = await world.start();
    expect(refused).toMatchObject({
      code: 'permission-denied',
      details: { reason: 'not-authorized', rule: 'unpaid' },
    });
    expect(asked).toMatchObject([
      {
        caller: world.caller,
        op: 'start',
        model: 'gemini-3.8-live',
        backend: 'google-ai',
        policy: 'default',
      },
    ]);
    expect(world.counts).toEqual({ reads: 0, writes: 0 });
    expect(world.orders).toEqual([]);
    world.hooks = { authorize: () => ({ allow: true }) };
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('may leave less than the policy does, and never more', async () => {
    world.policy = { ...world.policy, minutesPerDay: 10, concurrentSessions: 2 };
    world.hooks = {
      authorize: () => ({ allow: true, narrow: { minutesPerDay: 3, concurrentSessions: 99 } }),
    };
    granted(await world.start());
    expect(granted(await world.start()).quotaLeft.daySeconds).toBe(0);
    world.hooks = {};
    expect(reasonOf(await world.start())).toBe('concurrency');
  });

  it('is asked again at each renewal and each re-mint', async () => {
    const ops: string[] = [];
    world.hooks = {
      authorize({ op }) {
        ops.push(op);
        return { allow: true };
      },
    };
    const lease = granted(await world.start());
    granted(await world.remint(lease.sessionId));
    world.now = lease.renewAfter;
    granted(await world.renew(lease.sessionId));
    expect(ops).toEqual(['start', 'remint', 'renew']);
    world.hooks = { authorize: () => Promise.reject(new Error('away')) };
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('not-authorized');
    expect(world.log.join('\n')).toContain('asking authorize');
  });
});

describe('onLease', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  it('hears of each lease that was handed out, without its token, and of none that was refused', async () => {
    const leases: LeaseNotice[] = [];
    world.hooks = { onLease: (lease) => void leases.push(lease) };
    const lease = granted(await world.start());
    world.upstream = () => ({ outcome: 'refused', status: 400 });
    expect(reasonOf(await world.start())).toBe('upstream-refused');
    expect(leases).toEqual([
      {
        uid: world.caller.uid,
        sessionId: lease.sessionId,
        leaseId: lease.leaseId,
        leaseIndex: 0,
        op: 'start',
        policy: 'default',
        mintedAt: world.now,
        expiresAt: lease.expiresAt,
      },
    ]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('away'))],
    ['never answers', () => new Promise<void>(() => undefined)],
  ])('that %s changes nothing for the page', async (_, onLease) => {
    world.hooks = { onLease };
    expect(reasonOf(await world.start())).toBe('granted');
    expect(world.log.join('\n')).toContain('telling onLease');
  });
});
