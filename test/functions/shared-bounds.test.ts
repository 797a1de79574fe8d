import { randomUUID } from 'node:crypto';
import type { LiveBudgetDocument, LiveCaps } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../functions/src/caller.ts';
import { createWorld, granted, NOON, reasonOf, type World } from './support/world.ts';

const someone = (): Caller => ({ uid: `user-${randomUUID()}`, provider: 'password' });
const guest = (origin: string): Caller => ({ uid: `guest-${randomUUID()}`, provider: 'anonymous', origin });
const config = (caps: Partial<LiveCaps>) => ({
  v: 1,
  killSwitch: false,
  caps: { minutesPerDay: null, liveTokens: null, shards: 1, ...caps },
  alerts: null,
});

/** What all shards of the caps hold. They are shared by all worlds of a run: each test empties them first. */
async function shares(world: World): Promise<readonly LiveBudgetDocument[]> {
  const { docs } = await world.paths.config().collection('caps').get();
  return docs.map((each) => each.data() as LiveBudgetDocument);
}

describe("the project's caps", () => {
  let world: World;
  beforeEach(async () => {
    world = createWorld();
    const { docs } = await world.paths.config().collection('caps').get();
    await Promise.all(docs.map(({ ref }) => ref.delete()));
  });
  afterEach(() => world.close());

  it('end the minutes of all users together, and a lease shrinks to what they leave', async () => {
    world.config = config({ minutesPerDay: 3 });
    granted(await world.start({}, someone()));
    const second = granted(await world.start({}, someone()));
    expect(second.expiresAt - NOON).toBe(60_000);
    const refused = await world.start({}, someone());
    expect(refused).toMatchObject({
      ok: false,
      code: 'resource-exhausted',
      details: { reason: 'cap-minutes', retryAfterMs: 12 * 3_600_000 },
    });
    world.now = NOON + 12 * 3_600_000;
    expect(reasonOf(await world.start({}, someone()))).toBe('granted');
  });

  it('bound the tokens of all users that live at once, and free them as they die', async () => {
    world.config = config({ liveTokens: 2 });
    const first = granted(await world.start({}, someone()));
    granted(await world.start({}, someone()));
    expect(reasonOf(await world.start({}, someone()))).toBe('cap-tokens');
    world.now = first.expiresAt + 60_000;
    expect(reasonOf(await world.start({}, someone()))).toBe('granted');
  });

  it('are never passed by many users at once over several shards', async () => {
    world.config = config({ minutesPerDay: 40, shards: 4 });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => world.start({}, someone())));
    const leasedMs = world.orders.reduce((sum, { expiresAt, at }) => sum + expiresAt - at, 0);
    expect(leasedMs).toBeLessThanOrEqual(40 * 60_000);
    expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThan(10);
    const chargedMs = (await shares(world)).reduce((sum, { dayMs }) => sum + dayMs, 0);
    expect(chargedMs).toBe(leasedMs);
  });

  it('let in nearly all that they allow before they refuse anybody, split as they are', async () => {
    world.config = config({ liveTokens: 40, shards: 8 });
    let admitted = 0;
    while ((await world.start({}, someone())).ok) admitted += 1;
    expect(admitted).toBeLessThanOrEqual(40);
    expect(admitted).toBeGreaterThanOrEqual(30);
    // Each refusal teaches this instance which shares are full: in the end all are used up, and none is passed.
    for (let more = 0; more < 40; more++) if ((await world.start({}, someone())).ok) admitted += 1;
    expect(admitted).toBe(40);
    world.countAnew();
    expect(reasonOf(await world.start({}, someone()))).toBe('cap-tokens');
    expect(world.counts).toEqual({ reads: 0, writes: 0 });
  });

  it('get back what the Live API refused, and keep what nobody knows', async () => {
    world.config = config({ minutesPerDay: 60, liveTokens: 9 });
    world.upstream = () => ({ outcome: 'refused', status: 400 });
    expect(reasonOf(await world.start({}, someone()))).toBe('upstream-refused');
    expect(await shares(world)).toMatchObject([{ dayMs: 0, ends: {} }]);
    world.upstream = () => ({ outcome: 'unknown', problem: 'TimeoutError' });
    expect(reasonOf(await world.start({}, someone()))).toBe('upstream-unavailable');
    expect(await shares(world)).toMatchObject([{ dayMs: 120_000 }]);
  });

  it('cost a mint 2 reads and 3 writes, and a refusal none while they are known to be full', async () => {
    world.config = config({ minutesPerDay: 2 });
    world.countAnew();
    granted(await world.start({}, someone()));
    expect(world.counts).toEqual({ reads: 2, writes: 3 });
    expect(reasonOf(await world.start({}, someone()))).toBe('cap-minutes');
    world.countAnew();
    expect(reasonOf(await world.start({}, someone()))).toBe('cap-minutes');
    expect(world.counts).toEqual({ reads: 0, writes: 0 });
    world.now = NOON + 10_000;
    expect(reasonOf(await world.start({}, someone()))).toBe('cap-minutes');
    expect(world.counts).toEqual({ reads: 2, writes: 0 });
  });
});

describe('the pool of guests', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ policy: { anonymousPool: { minutesPerDay: 10 } } });
  });
  afterEach(() => world.close());

  it('[threat:sybil] is shared by all guests of one origin: 50 of them get no more than it holds', async () => {
    const origin = `o${randomUUID()}`;
    const outcomes = [];
    for (let each = 0; each < 50; each++) outcomes.push(await world.start({}, guest(origin)));
    const reasons = outcomes.map(reasonOf);
    expect(reasons.filter((reason) => reason === 'granted')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'anonymous-pool')).toHaveLength(45);
    const leasedMs = world.orders.reduce((sum, { expiresAt, at }) => sum + expiresAt - at, 0);
    expect(leasedMs).toBe(10 * 60_000);
    expect(reasonOf(await world.start({}, guest(`o${randomUUID()}`)))).toBe('granted');
  });

  it('bounds no user who has an account, whatever the origin', async () => {
    const origin = `o${randomUUID()}`;
    for (let each = 0; each < 6; each++) await world.start({}, guest(origin));
    expect(reasonOf(await world.start({}, guest(origin)))).toBe('anonymous-pool');
    expect(reasonOf(await world.start({}, { ...someone(), origin }))).toBe('granted');
  });

  it('leaves the minutes that a guest spent with the account that the guest becomes', async () => {
    world.policy = { ...world.policy, minutesPerDay: 4 };
    const before = guest(`o${randomUUID()}`);
    granted(await world.start({}, before));
    const { origin: _, ...linked } = { ...before, provider: 'password' };
    expect(granted(await world.start({}, linked)).quotaLeft.daySeconds).toBe(0);
    expect(reasonOf(await world.start({}, linked))).toBe('minutes-day');
  });

  it('goes by itself: it has an end for TTL', async () => {
    const origin = `o${randomUUID()}`;
    granted(await world.start({}, guest(origin)));
    const stored = (await world.paths.pool(origin).get()).data() as LiveBudgetDocument;
    expect(stored.purgeAt?.toMillis()).toBe(NOON + 3 * 86_400_000);
  });
});
