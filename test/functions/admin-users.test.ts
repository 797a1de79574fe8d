import { randomUUID } from 'node:crypto';
import type { AdminAnswer, LiveAuditDocument, LiveQuotaDocument, LiveUserAnswer } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccountDirectory, type AccountView, firebaseAccounts } from '../../functions/src/accounts.ts';
import type { AdminDependencies, AdminHandler } from '../../functions/src/admin-act.ts';
import { raiseLiveQuota } from '../../functions/src/admin-quotas.ts';
import { setLiveRole } from '../../functions/src/admin-roles.ts';
import { blockLiveUser } from '../../functions/src/admin-sessions.ts';
import { setLiveTier } from '../../functions/src/admin-tiers.ts';
import { eraseUser } from '../../functions/src/erasure.ts';
import { readLiveUser } from '../../functions/src/read-user.ts';
import { Refusal } from '../../functions/src/refusal.ts';
import { transactionsOn } from '../../functions/src/transactions.ts';
import { createUser } from '../../scripts/auth-emulator.ts';
import { useStack } from '../support/stack.ts';
import { createUsers, type Users } from './support/users.ts';
import { createWorld, granted, NOON, type Outcome, POLICY, reasonOf, type World } from './support/world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let world: World;
let users: Users;
let admin: AdminDependencies;
let actor: string;
let uid: string;

beforeEach(async () => {
  world = createWorld({ policy: { minutesPerDay: 2, minutesPerMonth: 10, concurrentSessions: 9 } });
  users = createUsers();
  admin = {
    paths: world.paths,
    run: transactionsOn(world.db),
    users,
    now: () => world.now,
    newId: () => randomUUID().replaceAll('-', '').slice(0, 20),
    log: { adminActed: () => {} },
  };
  await world.paths.roles().delete();
  actor = newUser({ livegate: 'admin' });
  uid = world.caller.uid;
  newUser({ plan: 'gold' }, uid);
});
afterEach(() => world.close());

function newUser(customClaims: Readonly<Record<string, unknown>>, id = `op-${randomUUID()}`): string {
  users.records.set(id, { disabled: false, customClaims, tokensValidAfter: null });
  return id;
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, answer: await work() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, details: error.details };
    throw error;
  }
}

/** Calls a handler as the test's admin. */
const act = (handler: AdminHandler, data: object, dependencies = admin): Promise<Outcome<AdminAnswer>> =>
  outcomeOf(() => handler(dependencies, { uid: actor }, { v: 1, reason: 'since I say so', ...data }));

/** The audit's entries of the test's admin, the oldest first. */
async function audits(): Promise<readonly LiveAuditDocument[]> {
  const { docs } = await world.paths.audits.where('actor', '==', actor).get();
  return docs.map((each) => each.data() as LiveAuditDocument).sort((a, b) => a.at - b.at);
}

const quotaOf = async () => (await world.paths.quota(uid).get()).data() as LiveQuotaDocument | undefined;
const claims = (id = uid) => users.records.get(id)?.customClaims;

describe('raiseLiveQuota', () => {
  const raise = (minutes: number) => act(raiseLiveQuota, { uid, minutes });

  it('lets a user talk on today, and not tomorrow, and tells them what is left', async () => {
    granted(await world.start());
    expect(reasonOf(await world.start())).toBe('minutes-day');
    expect(granted(await raise(3))).toEqual({ v: 1, changed: true });
    expect(granted(await world.quota())).toMatchObject({
      day: { usedSeconds: 120, limitSeconds: 300 },
      month: { usedSeconds: 120, limitSeconds: 780 },
    });
    expect(granted(await world.start()).quotaLeft).toEqual({ daySeconds: 60, monthSeconds: 540 });
    const last = granted(await world.start());
    expect(last.expiresAt - world.now).toBe(MINUTE_MS);
    expect(reasonOf(await world.start())).toBe('minutes-day');
    world.now = NOON + DAY_MS;
    granted(await world.start());
    expect(reasonOf(await world.start())).toBe('minutes-day');
    expect(granted(await world.quota())).toMatchObject({
      day: { limitSeconds: 120 },
      month: { limitSeconds: 600 },
    });
  });

  it('is in place of what was given before; 0 takes it back, and what was leased stays', async () => {
    granted(await world.start());
    granted(await raise(5));
    granted(await world.start());
    world.now += 1;
    granted(await raise(1));
    expect(reasonOf(await world.start())).toBe('minutes-day');
    world.now += 1;
    granted(await raise(0));
    expect(await quotaOf()).not.toHaveProperty('raise');
    expect((await quotaOf())?.dayMs).toBe(4 * MINUTE_MS);
    const day = '2026-11-21';
    expect(
      (await audits()).map((each) => [each.act, each.target, each.subject, each.before, each.after]),
    ).toEqual(
      [
        [0, 5],
        [5, 1],
        [1, 0],
      ].map(([before, minutes]) => [
        'raise-quota',
        `users/${uid}`,
        uid,
        { day, minutes: before },
        { day, minutes },
      ]),
    );
  });

  it('changes nothing where it is so already', async () => {
    expect(granted(await raise(0)).changed).toBe(false);
    expect(await quotaOf()).toBeUndefined();
    granted(await raise(7));
    expect(granted(await raise(7)).changed).toBe(false);
    world.now = NOON + DAY_MS;
    expect(granted(await raise(0)).changed).toBe(false);
    expect(granted(await raise(7)).changed).toBe(true);
    expect(await audits()).toHaveLength(2);
  });

  it('reaches a user nobody has seen, whose first talks go by their own policy', async () => {
    world.policy = { ...world.policy, sessionsPerMinute: 2 };
    granted(await raise(10));
    expect((await quotaOf())?.purgeAt).toBeDefined();
    expect([reasonOf(await world.start()), reasonOf(await world.start())]).toEqual(['granted', 'granted']);
    expect(reasonOf(await world.start())).toBe('rate');
  });

  it('lets nobody in who is blocked, and gives nothing to one who is being erased', async () => {
    granted(await world.start());
    granted(await act(blockLiveUser, { uid, blocked: true }));
    granted(await raise(10));
    expect(reasonOf(await world.start())).toBe('blocked');
    expect((await quotaOf())?.purgeAt).toBeUndefined();
    await eraseUser(admin, { uid, actor }, 100);
    expect(await quotaOf()).not.toHaveProperty('raise');
    expect(await raise(20)).toMatchObject({ code: 'permission-denied', details: { reason: 'blocked' } });
  });

  it.each([
    ['a uid that nobody has', { uid: 'nobody', minutes: 5 }, 'no-user', 'uid'],
    ['more minutes than a day has', { uid: 'nobody', minutes: 1_441 }, 'invalid', 'minutes'],
    ['less than none', { uid: 'nobody', minutes: -1 }, 'invalid', 'minutes'],
    ['half a minute', { uid: 'nobody', minutes: 0.5 }, 'invalid', 'minutes'],
  ])('refuses %s by name', async (_, data, reason, field) => {
    expect(await act(raiseLiveQuota, data)).toMatchObject({ details: { reason, field } });
    expect(await audits()).toEqual([]);
  });
});

describe('setLiveTier', () => {
  let tier: string;
  beforeEach(async () => {
    tier = `tier-${randomUUID()}`;
    await world.paths.policy(tier).set(POLICY);
  });
  const set = (data: object, dependencies = admin) => act(setLiveTier, { uid, ...data }, dependencies);

  it('sets and takes the claim, and leaves the role and the claims of the app', async () => {
    newUser({ plan: 'gold', livegate: 'viewer' }, uid);
    expect(granted(await set({ tier }))).toEqual({ v: 1, changed: true });
    expect(claims()).toEqual({ plan: 'gold', livegate: 'viewer', livegatePolicy: tier });
    expect(granted(await set({ tier })).changed).toBe(false);
    world.now += 1;
    expect(granted(await set({})).changed).toBe(true);
    expect(claims()).toEqual({ plan: 'gold', livegate: 'viewer' });
    expect(granted(await set({})).changed).toBe(false);
    expect(
      (await audits()).map((each) => [each.act, each.target, each.subject, each.before, each.after]),
    ).toEqual(
      [
        [null, tier],
        [tier, null],
      ].map(([before, after]) => ['set-tier', `users/${uid}`, uid, { tier: before }, { tier: after }]),
    );
    expect(users.done.filter((each) => each.startsWith('tokens'))).toEqual([]);
  });

  it('refuses a policy that does not exist, a user who does not, and claims without room', async () => {
    expect(await set({ tier: 'nowhere' })).toMatchObject({
      code: 'invalid-argument',
      details: { reason: 'invalid', field: 'tier' },
    });
    expect(await set({ tier, uid: 'nobody' })).toMatchObject({
      code: 'not-found',
      details: { reason: 'no-user', field: 'uid' },
    });
    newUser({ much: 'x'.repeat(980) }, uid);
    expect(await set({ tier })).toMatchObject({ details: { reason: 'invalid', field: 'tier' } });
    expect(await audits()).toEqual([]);
    expect(users.done).toEqual([]);
  });

  it('is done by asking again where a crash left it undone', async () => {
    users.crashes = true;
    await expect(set({ tier })).rejects.toThrow('crashed');
    expect(claims()).toEqual({ plan: 'gold' });
    users.crashes = false;
    expect(granted(await set({ tier })).changed).toBe(true);
    expect(claims()).toEqual({ plan: 'gold', livegatePolicy: tier });
  });

  it.each([
    ['that the list knows', true],
    ['that was given by hand', false],
  ])(
    'brings back no role %s and that is taken at the same moment [threat:admin:brought-back]',
    async (_, isListed) => {
      newUser({ livegate: 'admin' }, uid);
      if (isListed) await world.paths.roles().set({ v: 1, admins: [actor, uid], viewers: [] });
      let isFirst = true;
      const slow: AdminDependencies = {
        ...admin,
        users: {
          ...users,
          setClaims: async (target, given) => {
            if (isFirst) {
              isFirst = false;
              granted(await act(setLiveRole, { uid }));
              expect(claims()).toEqual({});
            }
            await users.setClaims(target, given);
          },
        },
      };
      granted(await set({ tier }, slow));
      expect(claims()).toEqual({ livegatePolicy: tier });
    },
  );
});

describe('readLiveUser', () => {
  const ALICE: AccountView = {
    uid: 'alice',
    email: 'alice@example.com',
    name: 'Alice',
    providers: ['password'],
    disabled: false,
    createdAt: 1_000,
    lastSignInAt: 2_000,
    customClaims: { plan: 'gold' },
  };
  let account: AccountView | null;
  let asked: object[];
  let policies: Record<string, typeof POLICY>;
  beforeEach(() => {
    account = { ...ALICE, uid };
    asked = [];
    policies = { default: world.policy };
  });
  const accounts: AccountDirectory = {
    find: async (who) => {
      asked.push(who);
      return account;
    },
  };
  const read = (data: object = { uid }): Promise<Outcome<LiveUserAnswer>> =>
    outcomeOf(() =>
      readLiveUser(
        {
          paths: world.paths,
          accounts,
          settings: {
            policy: async (id) => policies[id] ?? null,
            template: async () => null,
            config: async () => null,
            price: async () => null,
          },
          now: () => world.now,
          emulated: false,
        },
        { uid: actor },
        { v: 1, ...data },
      ),
    );

  it('tells an account that never talked, and writes nothing', async () => {
    expect(granted(await read())).toEqual({
      v: 1,
      serverTime: NOON,
      uid,
      account: {
        email: 'alice@example.com',
        name: 'Alice',
        providers: ['password'],
        disabled: false,
        createdAt: 1_000,
        lastSignInAt: 2_000,
        role: null,
        tier: null,
      },
      policy: 'default',
      day: { usedSeconds: 0, limitSeconds: 120, resetsAt: Date.parse('2026-11-22T00:00:00Z') },
      month: { usedSeconds: 0, limitSeconds: 600, resetsAt: Date.parse('2026-12-01T00:00:00Z') },
      raisedMinutes: 0,
      sessions: { live: 0, limit: 9 },
      liveTokens: { live: 0, limit: 54 },
      blocked: null,
      erasing: false,
    } satisfies LiveUserAnswer);
    expect(await quotaOf()).toBeUndefined();
    expect(await audits()).toEqual([]);
  });

  it('tells what is used, live, given and blocked, found by uid and by address alike', async () => {
    granted(await world.start());
    granted(await act(raiseLiveQuota, { uid, minutes: 3 }));
    granted(await world.start());
    expect(granted(await read({ email: 'alice@example.com' }))).toMatchObject({
      uid,
      day: { usedSeconds: 240, limitSeconds: 300 },
      month: { usedSeconds: 240, limitSeconds: 780 },
      raisedMinutes: 3,
      sessions: { live: 2 },
      liveTokens: { live: 2 },
      blocked: null,
    });
    granted(await act(blockLiveUser, { uid, blocked: true, reason: 'abuse' }));
    world.now = NOON + DAY_MS;
    expect(granted(await read())).toMatchObject({
      day: { usedSeconds: 0, limitSeconds: 120 },
      raisedMinutes: 0,
      sessions: { live: 0 },
      blocked: { reason: 'abuse', at: NOON },
    });
    expect(asked).toEqual([{ email: 'alice@example.com' }, { uid }]);
  });

  it('goes by the claim, else by a provider with a policy of its own, else by default', async () => {
    policies.paying = { ...POLICY, minutesPerDay: null, minutesPerMonth: null };
    policies['google.com'] = POLICY;
    const policyFor = async (changes: Partial<AccountView>) => {
      account = { ...ALICE, uid, ...changes };
      return granted(await read()).policy;
    };
    expect(await policyFor({ customClaims: { livegatePolicy: 'paying' } })).toBe('paying');
    expect(granted(await read())).toMatchObject({
      account: { tier: 'paying' },
      day: { limitSeconds: null },
      month: { limitSeconds: null },
    });
    expect(await policyFor({ customClaims: { livegatePolicy: 'gone', livegate: 'viewer' } })).toBeNull();
    expect(granted(await read())).toMatchObject({
      account: { tier: 'gone', role: 'viewer' },
      day: { limitSeconds: 0 },
      sessions: { limit: 0 },
    });
    expect(await policyFor({ providers: ['password', 'google.com'] })).toBe('google.com');
    expect(await policyFor({ providers: ['phone'] })).toBe('default');
    expect(await policyFor({ providers: [] })).toBe('default');
    policies.default = { ...world.policy, anonymous: false };
    expect(await policyFor({ providers: [] })).toBeNull();
  });

  it('tells of a quota whose account is gone, of an erasure, and refuses who is nowhere', async () => {
    granted(await world.start());
    account = null;
    expect(granted(await read())).toMatchObject({ account: null, policy: null, day: { usedSeconds: 120 } });
    await eraseUser(admin, { uid, actor }, 100);
    expect(granted(await read())).toMatchObject({ erasing: true, blocked: { reason: 'erased' } });
    expect(await read({ uid: 'nobody' })).toMatchObject({
      code: 'not-found',
      details: { reason: 'no-user', field: 'uid' },
    });
    expect(await read({ email: 'nobody@example.com' })).toMatchObject({
      details: { reason: 'no-user', field: 'email' },
    });
    expect(await read({ uid, email: 'alice@example.com' })).toMatchObject({
      details: { reason: 'invalid', field: 'uid' },
    });
    expect(reasonOf(await read({}))).toBe('invalid');
  });
});

describe('firebaseAccounts', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('finds an account by uid and by address in Firebase Auth, and none for what is no address', async () => {
    const { hosts } = useStack();
    vi.stubEnv('FIREBASE_AUTH_EMULATOR_HOST', hosts.auth);
    const projectId = `demo-accounts-${randomUUID().slice(0, 8)}`;
    const app = initializeApp({ projectId }, randomUUID());
    try {
      const auth = getAuth(app);
      const directory = firebaseAccounts(auth);
      const email = `${randomUUID()}@example.com`;
      const made = await createUser({ projectId, hosts }, { email, password: randomUUID() });
      await auth.updateUser(made, { displayName: 'Alice' });
      await auth.setCustomUserClaims(made, { livegatePolicy: 'paying' });
      const found = await directory.find({ uid: made });
      expect(found).toMatchObject({
        uid: made,
        email,
        name: 'Alice',
        providers: ['password'],
        disabled: false,
        customClaims: { livegatePolicy: 'paying' },
      });
      expect(found?.createdAt).toBeGreaterThan(Date.parse('2020-01-01T00:00:00Z'));
      expect(await directory.find({ email })).toEqual(found);
      const { uid: guest } = await auth.createUser({});
      expect(await directory.find({ uid: guest })).toMatchObject({ email: null, name: null, providers: [] });
      for (const nobody of [{ uid: 'nobody' }, { email: 'nobody@example.com' }, { email: 'no address' }])
        expect(await directory.find(nobody)).toBeNull();
    } finally {
      await deleteApp(app);
    }
  });
});
