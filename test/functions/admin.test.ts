import { randomUUID } from 'node:crypto';
import {
  type AdminAnswer,
  LIST_PRICES,
  type LiveAuditDocument,
  type LiveConfigDocument,
  type LiveQuotaDocument,
  type LiveRolesDocument,
  OPEN_POLICY,
} from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdminDependencies, AdminHandler } from '../../functions/src/admin-act.ts';
import { setLiveRole } from '../../functions/src/admin-roles.ts';
import { blockLiveUser, revokeLiveSession } from '../../functions/src/admin-sessions.ts';
import { setLivePolicy, setLivePrice, setLiveTemplate } from '../../functions/src/admin-settings.ts';
import { setKillSwitch, setLiveLimits } from '../../functions/src/admin-switches.ts';
import { checkOperator, firebaseUsers, type UserRecordView } from '../../functions/src/operator-door.ts';
import { Refusal } from '../../functions/src/refusal.ts';
import { transactionsOn } from '../../functions/src/transactions.ts';
import { createUser } from '../../scripts/auth-emulator.ts';
import { useStack } from '../support/stack.ts';
import { createUsers, type Users } from './support/users.ts';
import { createWorld, granted, type Outcome, reasonOf, reportOf, type World } from './support/world.ts';

let world: World;
let users: Users;
let lines: object[];
let admin: AdminDependencies;
let actor: string;

beforeEach(async () => {
  world = createWorld({ policy: { concurrentSessions: 1 } });
  users = createUsers();
  lines = [];
  admin = {
    paths: world.paths,
    run: transactionsOn(world.db),
    users,
    now: () => world.now,
    newId: () => randomUUID().replaceAll('-', '').slice(0, 20),
    log: { adminActed: (fields) => lines.push(fields) },
  };
  // What operators write is one for the whole project: it is as nobody wrote it when a test begins.
  await Promise.all([world.paths.config(), world.paths.roles()].map((ref) => ref.delete()));
  actor = user('admin');
  users.records.set(world.caller.uid, { disabled: false, customClaims: {}, tokensValidAfter: null });
});
afterEach(() => world.close());

/** A new user with a role, and claims of the app's own. */
function user(role?: 'viewer' | 'admin'): string {
  const uid = `op-${randomUUID()}`;
  const customClaims = { plan: 'gold', ...(role ? { livegate: role } : {}) };
  users.records.set(uid, { disabled: false, customClaims, tokensValidAfter: null });
  return uid;
}

/** Calls a handler as the test's admin. */
async function act(
  handler: AdminHandler,
  data: object,
  {
    as = actor,
    dependencies = admin,
  }: { readonly as?: string; readonly dependencies?: AdminDependencies } = {},
): Promise<Outcome<AdminAnswer>> {
  try {
    const request = { v: 1, reason: 'since I say so', ...data };
    return { ok: true, answer: await handler(dependencies, { uid: as }, request) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, details: error.details };
    throw error;
  }
}

/** The audit's entries by an operator, the oldest first. */
async function audits(by = actor): Promise<readonly LiveAuditDocument[]> {
  const { docs } = await world.paths.audits.where('actor', '==', by).get();
  return docs.map((each) => each.data() as LiveAuditDocument).sort((a, b) => a.at - b.at);
}

const quotaOf = async (uid = world.caller.uid) =>
  (await world.paths.quota(uid).get()).data() as LiveQuotaDocument | undefined;
const configOf = async () => (await world.paths.config().get()).data() as LiveConfigDocument | undefined;
const rolesOf = async () => (await world.paths.roles().get()).data() as LiveRolesDocument | undefined;
const id = () => `t-${randomUUID()}`;

describe('the door of the operators', () => {
  const AUTH_TIME = 1_000_000;
  const visit = async (uid: string, claims: object, after = 60) => {
    world.now = (AUTH_TIME + after) * 1_000;
    const token = { auth_time: AUTH_TIME, ...claims };
    try {
      await checkOperator({ uid, token }, 'admin', { users, now: admin.now });
      return 'let in';
    } catch (error) {
      return error instanceof Refusal ? error.details.reason : 'threw';
    }
  };

  it('lets an admin in and denies a viewer', async () => {
    expect(await visit(actor, { livegate: 'admin' })).toBe('let in');
    expect(await visit(user('viewer'), { livegate: 'viewer' })).toBe('not-operator');
  });

  it('denies an admin whose role was taken a moment ago, whatever the token says', async () => {
    const other = user('admin');
    expect(await visit(other, { livegate: 'admin' })).toBe('let in');
    granted(await act(setLiveRole, { uid: other }));
    expect(await visit(other, { livegate: 'admin' })).toBe('not-operator');
  });

  it('denies a sign-in of 12 hours ago and allows one of a second less', async () => {
    expect(await visit(actor, { livegate: 'admin' }, 12 * 3_600 - 1)).toBe('let in');
    expect(await visit(actor, { livegate: 'admin' }, 12 * 3_600)).toBe('sign-in-old');
  });
});

describe('revokeLiveSession', () => {
  it('refuses the next lease, tells the page to stop, and counts the token until it is dead', async () => {
    const lease = granted(await world.start());
    const answer = granted(await act(revokeLiveSession, { sessionId: lease.sessionId }));
    expect(answer).toEqual({ v: 1, changed: true, tokensDieAt: lease.expiresAt });
    expect(granted(await world.report(reportOf(lease))).stop).toEqual({ reason: 'revoked' });
    expect(await world.session(lease.sessionId)).toMatchObject({
      state: 'revoked',
      stopReason: 'revoked',
      open: true,
      endedAt: world.now,
      leased: { seconds: 120, tokens: 1 },
    });
    world.now = lease.renewAfter;
    world.countAnew();
    expect(await world.renew(lease.sessionId)).toMatchObject({
      ok: false,
      details: { reason: 'revoked' },
    });
    expect(world.counts).toEqual({ reads: 1, writes: 0 });
    expect(reasonOf(await world.remint(lease.sessionId))).toBe('revoked');
    world.now = lease.expiresAt - 1;
    expect(reasonOf(await world.start())).toBe('concurrency');
    world.now = lease.expiresAt;
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('leaves another session of the same user alone', async () => {
    world.policy = { ...world.policy, concurrentSessions: 2 };
    const [one, two] = [granted(await world.start()), granted(await world.start())];
    granted(await act(revokeLiveSession, { sessionId: one.sessionId }));
    world.now = two.renewAfter;
    expect(reasonOf(await world.renew(one.sessionId))).toBe('revoked');
    expect(reasonOf(await world.renew(two.sessionId))).toBe('granted');
  });

  it('does it once: again it changes nothing and leaves no second entry', async () => {
    const { sessionId, expiresAt } = granted(await world.start());
    granted(await act(revokeLiveSession, { sessionId, reason: 'abuse' }));
    const before = await world.session(sessionId);
    expect(granted(await act(revokeLiveSession, { sessionId }))).toEqual({
      v: 1,
      changed: false,
      tokensDieAt: expiresAt,
    });
    expect(await world.session(sessionId)).toEqual(before);
    expect(await audits()).toEqual([
      {
        v: 1,
        at: world.now,
        actor,
        act: 'revoke-session',
        target: `liveSessions/${sessionId}`,
        subject: world.caller.uid,
        reason: 'abuse',
        before: { state: 'reserved', stopReason: null },
        after: { state: 'revoked', stopReason: 'revoked' },
      },
    ]);
    expect(lines).toEqual([{ actor, act: 'revoke-session', target: `liveSessions/${sessionId}` }]);
  });

  it('changes nothing of a session that died by itself, and refuses one that never was', async () => {
    const { sessionId, expiresAt } = granted(await world.start());
    world.now = expiresAt;
    expect(granted(await act(revokeLiveSession, { sessionId }))).toEqual({ v: 1, changed: false });
    expect(await act(revokeLiveSession, { sessionId: 'no-such-session' })).toMatchObject({
      code: 'not-found',
      details: { reason: 'no-session' },
    });
    expect(await audits()).toEqual([]);
  });

  it('holds against a renewal at the same moment: one of both orders happened', async () => {
    const lease = granted(await world.start());
    world.now = lease.renewAfter;
    const [renewed] = await Promise.all([
      world.renew(lease.sessionId),
      act(revokeLiveSession, { sessionId: lease.sessionId }),
    ]);
    expect((await world.session(lease.sessionId)).state).toBe('revoked');
    const tokens = Object.values((await quotaOf())?.tokens ?? {});
    expect(tokens).toHaveLength(renewed.ok ? 2 : 1);
    expect(tokens.every(({ revoked }) => revoked === true)).toBe(true);
  });
});

describe('blockLiveUser', () => {
  it('refuses a start at the price of one read, and lets the user in again', async () => {
    const { uid } = world.caller;
    granted(await act(blockLiveUser, { uid, blocked: true, reason: 'abuse' }));
    world.countAnew();
    expect(reasonOf(await world.start())).toBe('blocked');
    expect(world.counts).toEqual({ reads: 1, writes: 0 });
    const at = world.now;
    world.now += 1;
    granted(await act(blockLiveUser, { uid, blocked: false }));
    expect(reasonOf(await world.start())).toBe('granted');
    expect(
      (await audits()).map((each) => [each.act, each.target, each.subject, each.before, each.after]),
    ).toEqual([
      ['block-user', `users/${uid}`, uid, { blocked: null }, { blocked: { reason: 'abuse', at } }],
      ['unblock-user', `users/${uid}`, uid, { blocked: { reason: 'abuse', at } }, { blocked: null }],
    ]);
  });

  it('ends the open sessions of the user, and of nobody else', async () => {
    const other = { ...world.caller, uid: `user-${randomUUID()}` };
    const [mine, theirs] = [granted(await world.start()), granted(await world.start({}, other))];
    const answer = granted(await act(blockLiveUser, { uid: world.caller.uid, blocked: true }));
    expect(answer).toEqual({ v: 1, changed: true, tokensDieAt: mine.expiresAt });
    expect(granted(await world.report(reportOf(mine))).stop).toEqual({ reason: 'blocked' });
    expect(granted(await world.report(reportOf(theirs), other)).stop).toBeUndefined();
    world.now = mine.renewAfter;
    expect(reasonOf(await world.renew(mine.sessionId))).toBe('blocked');
    expect(reasonOf(await world.renew(theirs.sessionId, {}, other))).toBe('granted');
  });

  it('stays while the user is being erased, and goes for another user', async () => {
    const other = `other-${world.caller.uid}`;
    for (const uid of [world.caller.uid, other]) {
      await world.paths.quota(uid).set({ blocked: { reason: 'erased', at: world.now }, tokens: {} });
    }
    await world.paths.erasure(world.caller.uid).set({ uid: world.caller.uid });
    expect(await act(blockLiveUser, { uid: world.caller.uid, blocked: false })).toMatchObject({
      details: { reason: 'blocked' },
    });
    expect(granted(await act(blockLiveUser, { uid: other, blocked: false })).changed).toBe(true);
  });

  it('leaves ended what it ended when the user is let in again', async () => {
    const lease = granted(await world.start());
    granted(await act(blockLiveUser, { uid: world.caller.uid, blocked: true }));
    granted(await act(blockLiveUser, { uid: world.caller.uid, blocked: false }));
    world.now = lease.renewAfter;
    world.countAnew();
    expect(reasonOf(await world.renew(lease.sessionId))).toBe('revoked');
    expect(world.counts).toEqual({ reads: 1, writes: 0 });
    expect(reasonOf(await world.start())).toBe('concurrency');
    world.now = lease.expiresAt;
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('ends more sessions than one transaction takes', async () => {
    const template = granted(await world.start());
    const session = await world.session(template.sessionId);
    const batch = world.db.batch();
    for (let n = 0; n < 130; n++) batch.set(world.paths.sessions.doc(`${world.caller.uid}-${n}`), session);
    await batch.commit();
    granted(await act(blockLiveUser, { uid: world.caller.uid, blocked: true }));
    const { docs } = await world.paths.sessions.where('uid', '==', world.caller.uid).get();
    expect(docs).toHaveLength(131);
    expect(docs.filter((each) => each.data().stopReason !== 'blocked')).toEqual([]);
    expect(await audits()).toHaveLength(1);
  });

  it('does it once, and a block has no end by itself', async () => {
    const { uid } = world.caller;
    granted(await world.start());
    expect((await quotaOf())?.purgeAt).toBeDefined();
    granted(await act(blockLiveUser, { uid, blocked: true }));
    const before = await quotaOf();
    expect(before?.purgeAt).toBeUndefined();
    expect(granted(await act(blockLiveUser, { uid, blocked: true })).changed).toBe(false);
    expect(await quotaOf()).toEqual(before);
    granted(await act(blockLiveUser, { uid, blocked: false }));
    expect((await quotaOf())?.purgeAt).toBeDefined();
    expect(granted(await act(blockLiveUser, { uid, blocked: false })).changed).toBe(false);
    expect(await audits()).toHaveLength(2);
  });

  it('gives no start to a user whose policy has none, after a block that made the document', async () => {
    const { uid } = world.caller;
    granted(await act(blockLiveUser, { uid, blocked: true }));
    granted(await act(blockLiveUser, { uid, blocked: false }));
    world.policy = { ...world.policy, sessionsPerMinute: 0 };
    expect(reasonOf(await world.start())).toBe('rate');
    world.policy = { ...world.policy, sessionsPerMinute: 1 };
    expect(reasonOf(await world.start())).toBe('granted');
  });

  it('blocks nobody where the uid is mistyped, and says so', async () => {
    const uid = `nobody-${randomUUID()}`;
    expect(await act(blockLiveUser, { uid, blocked: true })).toMatchObject({
      code: 'not-found',
      details: { reason: 'no-user' },
    });
    expect((await world.paths.quota(uid).get()).exists).toBe(false);
    users.records.set(uid, { disabled: false, customClaims: {}, tokensValidAfter: null });
    expect(granted(await act(blockLiveUser, { uid, blocked: true })).changed).toBe(true);
  });

  it('refuses what is no uid by name', async () => {
    expect(await act(blockLiveUser, { uid: 'a/b', blocked: true })).toMatchObject({
      code: 'invalid-argument',
      details: { reason: 'invalid', field: 'uid' },
    });
  });
});

describe('setLivePolicy', () => {
  const { v: _v, version: _version, ...policy } = OPEN_POLICY;
  const stored = async (name: string) => (await world.paths.policy(name).get()).data();

  it('makes, edits and deletes a policy, each told once with what was before', async () => {
    const name = id();
    expect(granted(await act(setLivePolicy, { id: name, baseVersion: 0, policy }))).toMatchObject({
      changed: true,
      version: 1,
    });
    world.now += 1;
    const edited = { ...policy, minutesPerDay: 5 };
    expect(granted(await act(setLivePolicy, { id: name, baseVersion: 1, policy: edited })).version).toBe(2);
    expect(await stored(name)).toEqual({ ...edited, v: 1, version: 2 });
    world.now += 1;
    expect(granted(await act(setLivePolicy, { id: name, baseVersion: 2 }))).toEqual({ v: 1, changed: true });
    expect(await stored(name)).toBeUndefined();
    const first = { ...policy, v: 1, version: 1 };
    const second = { ...edited, v: 1, version: 2 };
    expect((await audits()).map((each) => [each.act, each.target, each.before, each.after])).toEqual([
      ['set-policy', `livePolicies/${name}`, null, first],
      ['set-policy', `livePolicies/${name}`, first, second],
      ['delete-policy', `livePolicies/${name}`, second, null],
    ]);
  });

  it('refuses an edit of a version that is not the current one, and takes one that is', async () => {
    const name = id();
    granted(await act(setLivePolicy, { id: name, baseVersion: 0, policy }));
    const edit = { id: name, policy: { ...policy, minutesPerDay: 5 } };
    for (const baseVersion of [0, 2]) {
      expect(await act(setLivePolicy, { ...edit, baseVersion })).toMatchObject({
        code: 'aborted',
        details: { reason: 'conflict' },
      });
      expect(await stored(name)).toMatchObject({ version: 1, minutesPerDay: 30 });
    }
    expect(reasonOf(await act(setLivePolicy, { id: name, baseVersion: 0 }))).toBe('conflict');
    expect(granted(await act(setLivePolicy, { ...edit, baseVersion: 1 })).version).toBe(2);
  });

  it('admits one of two edits of the same version', async () => {
    const name = id();
    granted(await act(setLivePolicy, { id: name, baseVersion: 0, policy }));
    const outcomes = await Promise.all(
      [5, 6].map((minutesPerDay) =>
        act(setLivePolicy, { id: name, baseVersion: 1, policy: { ...policy, minutesPerDay } }),
      ),
    );
    expect(outcomes.map(reasonOf).sort()).toEqual(['conflict', 'granted']);
  });

  it('changes nothing where everything is so already, as when an answer was lost', async () => {
    const name = id();
    const request = { id: name, baseVersion: 0, policy };
    granted(await act(setLivePolicy, request));
    expect(granted(await act(setLivePolicy, request))).toEqual({ v: 1, changed: false, version: 1 });
    expect(granted(await act(setLivePolicy, { id: id(), baseVersion: 0 })).changed).toBe(false);
    expect(await audits()).toHaveLength(1);
  });

  it.each([
    ['a limit that is negative', { policy: { ...policy, minutesPerDay: -1 } }, 'minutesPerDay'],
    ['a misspelt limit', { policy: { ...policy, minutesPerDat: 1 } }, 'minutesPerDat'],
    [
      'a limit that is missing',
      { policy: { ...policy, concurrentSessions: undefined } },
      'concurrentSessions',
    ],
    ['an id that is none', { id: 'a/b' }, 'id'],
    ['a policy that is a word', { policy: 'open' }, 'policy'],
    ['a policy too long for a document', { policy: { ...policy, models: ['m'.repeat(100_001)] } }, 'models'],
  ])('refuses %s by name and writes nothing', async (_, wrong, field) => {
    const name = id();
    expect(await act(setLivePolicy, { id: name, baseVersion: 0, policy, ...wrong })).toMatchObject({
      code: 'invalid-argument',
      details: { reason: 'invalid', field },
    });
    expect(await stored(name)).toBeUndefined();
    expect(await audits()).toEqual([]);
  });

  it('mends a document that was written by hand and that nobody can read', async () => {
    const name = id();
    await world.paths.policy(name).set({ minutesPerDay: 'many' });
    expect(granted(await act(setLivePolicy, { id: name, baseVersion: 0, policy })).version).toBe(1);
    expect(await stored(name)).toEqual({ ...policy, v: 1, version: 1 });
  });
});

describe('setLiveTemplate', () => {
  const saying = (text: string) => ({ title: 'Guide', setup: { systemInstruction: { parts: [{ text }] } } });
  const version = async (name: string, n: number) =>
    (await world.paths.templateVersion(name, n).get()).data();

  it('keeps a session on the version it began with, and that version as it was', async () => {
    world.useStoredTemplates();
    const name = id();
    granted(await act(setLiveTemplate, { id: name, baseVersion: 0, template: saying('first') }));
    const first = await version(name, 1);
    const lease = granted(await world.start({ template: { id: name } }));
    const answer = granted(
      await act(setLiveTemplate, { id: name, baseVersion: 1, template: saying('second') }),
    );
    expect(answer).toMatchObject({ changed: true, version: 2 });
    expect(await version(name, 1)).toEqual(first);
    expect(await version(name, 2)).toEqual((await world.paths.template(name).get()).data());
    world.now = lease.renewAfter;
    granted(await world.renew(lease.sessionId));
    world.now += 600_000;
    granted(await world.start({ template: { id: name } }));
    expect(world.orders.map(({ constraints }) => constraints.systemInstruction?.parts?.[0]?.text)).toEqual([
      'first',
      'first',
      'second',
    ]);
  });

  it('puts a version aside that somebody wrote by hand, and overwrites none that stayed', async () => {
    const name = id();
    const byHand = { ...saying('by hand'), v: 1, version: 4 };
    await world.paths.template(name).set(byHand);
    await world.paths.templateVersion(name, 5).set({ ...saying('old'), v: 1, version: 5 });
    expect(
      granted(await act(setLiveTemplate, { id: name, baseVersion: 4, template: saying('new') })).version,
    ).toBe(6);
    expect(await version(name, 4)).toEqual(byHand);
    expect(await version(name, 5)).toMatchObject(saying('old'));
    expect(await version(name, 6)).toMatchObject(saying('new'));
  });

  it('refuses an edit of an older version, and changes nothing where nothing differs', async () => {
    const name = id();
    granted(await act(setLiveTemplate, { id: name, baseVersion: 0, template: saying('first') }));
    expect(
      reasonOf(await act(setLiveTemplate, { id: name, baseVersion: 0, template: saying('other') })),
    ).toBe('conflict');
    expect(
      granted(await act(setLiveTemplate, { id: name, baseVersion: 1, template: saying('first') })),
    ).toEqual({
      v: 1,
      changed: false,
      version: 1,
    });
    expect(await version(name, 2)).toBeUndefined();
    expect(await audits()).toHaveLength(1);
  });

  it.each([
    ['an id that no page can name', { id: 'a.b' }, 'id'],
    ['a setup field nobody knows', { template: { title: 'x', setup: { voice: 'Kore' } } }, 'setup.voice'],
    ['a placeholder without a declaration', { template: saying('Hello {{name}}') }, 'variables.name'],
    [
      "a handle, which is a connection's",
      { template: { title: 'x', setup: { sessionResumption: { handle: 'h' } } } },
      'setup.sessionResumption',
    ],
    [
      'what Firestore cannot hold',
      {
        template: {
          title: 'x',
          setup: {
            tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { enum: [['a']] } }] }],
          },
        },
      },
      'setup.tools[0].functionDeclarations[0].parametersJsonSchema.enum[0]',
    ],
  ])('refuses %s by name and writes nothing', async (_, wrong, field) => {
    const request = { id: id(), baseVersion: 0, template: saying('x'), ...wrong };
    expect(await act(setLiveTemplate, request)).toMatchObject({
      code: 'invalid-argument',
      details: { reason: 'invalid', field },
    });
    expect((await world.paths.template(request.id).get()).exists).toBe(false);
    expect(await audits()).toEqual([]);
  });
});

describe('setLivePrice', () => {
  const { v: _v, version: _version, ...price } = Object.values(LIST_PRICES)[0] ?? { v: 1, version: 1 };

  it('writes a price, refuses an edit of an older one and one below zero', async () => {
    const model = id();
    expect(granted(await act(setLivePrice, { model, baseVersion: 0, price })).version).toBe(1);
    const dearer = { ...price, thoughts: 9 };
    expect(reasonOf(await act(setLivePrice, { model, baseVersion: 0, price: dearer }))).toBe('conflict');
    expect(
      await act(setLivePrice, { model, baseVersion: 1, price: { ...price, thoughts: -1 } }),
    ).toMatchObject({
      details: { reason: 'invalid', field: 'thoughts' },
    });
    expect(granted(await act(setLivePrice, { model, baseVersion: 1, price: dearer })).version).toBe(2);
    expect((await world.paths.price(model).get()).data()).toEqual({ ...dearer, v: 1, version: 2 });
    expect((await audits()).map((each) => [each.act, each.target])).toEqual([
      ['set-price', `livePrices/${model}`],
      ['set-price', `livePrices/${model}`],
    ]);
  });
});

describe('setKillSwitch', () => {
  it('stops every start, and lets them begin again', async () => {
    granted(await act(setKillSwitch, { on: true }));
    world.config = (await configOf()) ?? null;
    expect(reasonOf(await world.start())).toBe('kill-switch');
    world.now += 1;
    granted(await act(setKillSwitch, { on: false }));
    world.config = (await configOf()) ?? null;
    expect(reasonOf(await world.start())).toBe('granted');
    const off = { v: 1, killSwitch: false, caps: null, alerts: null };
    expect((await audits()).map((each) => [each.act, each.target, each.before, each.after])).toEqual([
      ['set-kill-switch', 'liveConfig/global', null, { ...off, killSwitch: true }],
      ['set-kill-switch', 'liveConfig/global', { ...off, killSwitch: true }, off],
    ]);
  });

  it('changes nothing where it stands so already', async () => {
    expect(granted(await act(setKillSwitch, { on: false })).changed).toBe(false);
    expect(await configOf()).toBeUndefined();
    granted(await act(setKillSwitch, { on: true }));
    expect(granted(await act(setKillSwitch, { on: true })).changed).toBe(false);
    expect(await audits()).toHaveLength(1);
  });

  it('leaves the bounds as they are, and works where they cannot be read', async () => {
    granted(await act(setLiveLimits, { caps: { minutesPerDay: 100 } }));
    granted(await act(setKillSwitch, { on: true }));
    expect(await configOf()).toMatchObject({ killSwitch: true, caps: { minutesPerDay: 100 } });
    await world.paths.config().set({ v: 1, killSwitch: false, caps: 'many' });
    granted(await act(setKillSwitch, { on: true }));
    expect(await configOf()).toMatchObject({ killSwitch: true });
  });
});

describe('setLiveLimits', () => {
  it('sets bounds and thresholds, each half by itself, and leaves the switch as it is', async () => {
    granted(await act(setKillSwitch, { on: true }));
    world.now += 1;
    granted(await act(setLiveLimits, { caps: { minutesPerDay: 100, shards: 2 }, alerts: { usd: 5 } }));
    const limited = {
      v: 1,
      killSwitch: true,
      caps: { minutesPerDay: 100, liveTokens: null, shards: 2 },
      alerts: { usd: 5, refusals: null, flaggedSessions: null, mintErrors: null },
    };
    expect(await configOf()).toEqual(limited);
    const again = await act(setLiveLimits, { caps: { shards: 2, minutesPerDay: 100 }, alerts: { usd: 5 } });
    expect(granted(again).changed).toBe(false);
    world.now += 1;
    // A half that is absent stays; one that is null has none.
    expect(granted(await act(setLiveLimits, {})).changed).toBe(false);
    granted(await act(setLiveLimits, { alerts: null }));
    expect(await configOf()).toEqual({ ...limited, alerts: null });
    granted(await act(setLiveLimits, { alerts: { refusals: 9 } }));
    expect(await configOf()).toMatchObject({ caps: limited.caps, alerts: { refusals: 9, usd: null } });
    granted(await act(setLiveLimits, { caps: null, alerts: null }));
    expect(await configOf()).toEqual({ ...limited, caps: null, alerts: null });
    expect((await audits()).map((each) => each.act)).toEqual([
      'set-kill-switch',
      ...Array(4).fill('set-limits'),
    ]);
  });

  it('refuses bounds that cannot be by name and writes nothing', async () => {
    for (const [caps, field] of [
      [{ minutesPerDay: -1 }, 'caps.minutesPerDay'],
      [{ liveTokens: 5, shards: 0 }, 'caps.shards'],
    ] as const) {
      expect(await act(setLiveLimits, { caps })).toMatchObject({ details: { reason: 'invalid', field } });
    }
    expect(await configOf()).toBeUndefined();
    expect(granted(await act(setLiveLimits, {})).changed).toBe(false);
  });
});

describe('setLiveRole', () => {
  const claims = (uid: string) => users.records.get(uid)?.customClaims;

  it("gives, lowers and takes a role, and leaves the app's own claims as they are", async () => {
    const uid = user();
    const steps = [
      ['admin', []],
      ['viewer', [`tokens ${uid}`]],
      [undefined, [`tokens ${uid}`]],
    ] as const;
    for (const [role, ended] of steps) {
      users.done.length = 0;
      world.now += 1;
      expect(granted(await act(setLiveRole, { uid, ...(role ? { role } : {}) })).changed).toBe(true);
      expect(claims(uid)).toEqual({ plan: 'gold', ...(role ? { livegate: role } : {}) });
      expect(users.done).toEqual([`claims ${uid}`, ...ended]);
    }
    expect(
      (await audits()).map((each) => [each.act, each.target, each.subject, each.before, each.after]),
    ).toEqual(
      [
        [null, 'admin'],
        ['admin', 'viewer'],
        ['viewer', null],
      ].map(([before, after]) => ['set-role', `users/${uid}`, uid, { role: before }, { role: after }]),
    );
    expect(await rolesOf()).toMatchObject({ admins: [actor], viewers: [], pending: {} });
  });

  it('changes nothing where it is so already', async () => {
    const uid = user();
    expect(granted(await act(setLiveRole, { uid })).changed).toBe(false);
    granted(await act(setLiveRole, { uid, role: 'viewer' }));
    users.done.length = 0;
    expect(granted(await act(setLiveRole, { uid, role: 'viewer' })).changed).toBe(false);
    expect(users.done).toEqual([]);
    expect(await audits()).toHaveLength(1);
  });

  it('keeps the last admin, and lets one go who is not', async () => {
    expect(await act(setLiveRole, { uid: actor })).toMatchObject({
      code: 'failed-precondition',
      details: { reason: 'last-admin' },
    });
    expect(reasonOf(await act(setLiveRole, { uid: actor, role: 'viewer' }))).toBe('last-admin');
    expect(claims(actor)).toMatchObject({ livegate: 'admin' });
    expect(await audits()).toEqual([]);
    const other = user();
    granted(await act(setLiveRole, { uid: other, role: 'admin' }));
    granted(await act(setLiveRole, { uid: actor }));
    expect(claims(actor)).toEqual({ plan: 'gold' });
    expect(reasonOf(await act(setLiveRole, { uid: other }, { as: other }))).toBe('last-admin');
  });

  it.each([
    ['is disabled', (record: UserRecordView) => ({ ...record, disabled: true })],
    ['lost the claim by hand', (record: UserRecordView) => ({ ...record, customClaims: {} })],
    ['was deleted', () => null],
  ])('counts no admin who %s', async (_, change) => {
    const other = user();
    granted(await act(setLiveRole, { uid: other, role: 'admin' }));
    const record = users.records.get(other) as UserRecordView;
    const changed = change(record);
    if (changed) users.records.set(other, changed);
    else users.records.delete(other);
    expect(reasonOf(await act(setLiveRole, { uid: actor }))).toBe('last-admin');
    users.records.set(other, record);
    expect(reasonOf(await act(setLiveRole, { uid: actor }))).toBe('granted');
  });

  it.each([
    ['on the list', true],
    ['whose claims were set by hand', false],
  ])('leaves one of two admins %s who demote each other at once', async (_, isListed) => {
    const [a, b] = [user('admin'), user('admin')];
    if (isListed) await world.paths.roles().set({ v: 1, admins: [a, b], viewers: [] });
    // Auth is slow: each decision falls before the other's claim is gone.
    let undecided = 2;
    const { promise: bothDecided, resolve } = Promise.withResolvers<void>();
    const slow: AdminDependencies = {
      ...admin,
      run: (body) =>
        admin.run(body).finally(() => {
          undecided -= 1;
          if (undecided === 0) resolve();
        }),
      users: {
        ...users,
        setClaims: async (uid, given) => {
          await bothDecided;
          await users.setClaims(uid, given);
        },
      },
    };
    const outcomes = await Promise.all([
      act(setLiveRole, { uid: b }, { as: a, dependencies: slow }),
      act(setLiveRole, { uid: a }, { as: b, dependencies: slow }),
    ]);
    expect([a, b].filter((uid) => claims(uid)?.livegate === 'admin')).toHaveLength(1);
    expect(outcomes.map(reasonOf).sort()).toEqual(['granted', 'not-operator']);
  });

  it.each([
    ['lowers', 'admin', 'viewer', true],
    ['raises', 'viewer', 'admin', false],
  ] as const)(
    'finishes what a crash between Firestore and Auth left when it %s',
    async (_, from, to, ends) => {
      const uid = user();
      granted(await act(setLiveRole, { uid, role: from }));
      world.now += 1;
      users.done.length = 0;
      users.crashes = true;
      await expect(act(setLiveRole, { uid, role: to })).rejects.toThrow('crashed');
      expect(claims(uid)).toMatchObject({ livegate: from });
      users.crashes = false;
      expect(granted(await act(setLiveRole, { uid, role: to })).changed).toBe(true);
      expect(claims(uid)).toMatchObject({ livegate: to });
      expect(users.done).toEqual([`claims ${uid}`, ...(ends ? [`tokens ${uid}`] : [])]);
      expect((await audits()).map((each) => each.after)).toEqual([{ role: from }, { role: to }]);
      expect(granted(await act(setLiveRole, { uid, role: to })).changed).toBe(false);
    },
  );

  it('ends the sign-ins after a crash between the claim and that', async () => {
    const uid = user();
    granted(await act(setLiveRole, { uid, role: 'admin' }));
    const dependencies = {
      ...admin,
      users: { ...users, revokeTokens: () => Promise.reject(new Error('crashed')) },
    };
    await expect(act(setLiveRole, { uid }, { dependencies })).rejects.toThrow('crashed');
    expect(claims(uid)).toEqual({ plan: 'gold' });
    users.done.length = 0;
    expect(granted(await act(setLiveRole, { uid })).changed).toBe(true);
    expect(users.done).toEqual([`tokens ${uid}`]);
  });

  it('denies an act of an admin whose role is being taken', async () => {
    const other = user('admin');
    users.crashes = true;
    await expect(act(setLiveRole, { uid: other })).rejects.toThrow('crashed');
    users.crashes = false;
    const friend = user();
    expect(reasonOf(await act(setLiveRole, { uid: friend, role: 'admin' }, { as: other }))).toBe(
      'not-operator',
    );
    expect(reasonOf(await act(setLiveRole, { uid: friend, role: 'admin' }))).toBe('granted');
  });

  it('lets the later of two decisions stand, in Auth as on the list', async () => {
    const uid = user();
    granted(await act(setLiveRole, { uid, role: 'admin' }));
    // The first decision is slow to reach Auth: another one comes in between.
    let isFirst = true;
    const dependencies: AdminDependencies = {
      ...admin,
      users: {
        ...users,
        setClaims: async (target, given) => {
          if (isFirst) {
            isFirst = false;
            granted(await act(setLiveRole, { uid, role: 'admin' }));
          }
          await users.setClaims(target, given);
        },
      },
    };
    granted(await act(setLiveRole, { uid, role: 'viewer' }, { dependencies }));
    expect(claims(uid)).toMatchObject({ livegate: 'admin' });
    expect(await rolesOf()).toMatchObject({ admins: [actor, uid], viewers: [], pending: {} });
  });

  it('refuses a user who is not there, and one whose claims have no room', async () => {
    expect(await act(setLiveRole, { uid: 'nobody', role: 'admin' })).toMatchObject({
      code: 'not-found',
      details: { reason: 'no-user' },
    });
    const full = user();
    users.records.set(full, {
      disabled: false,
      customClaims: { much: 'x'.repeat(980) },
      tokensValidAfter: null,
    });
    expect(await act(setLiveRole, { uid: full, role: 'admin' })).toMatchObject({
      details: { reason: 'invalid', field: 'role' },
    });
    expect(await rolesOf()).toBeUndefined();
    expect(await audits()).toEqual([]);
  });

  it('takes a user who was deleted off the list', async () => {
    const uid = user();
    granted(await act(setLiveRole, { uid, role: 'admin' }));
    users.records.delete(uid);
    granted(await act(setLiveRole, { uid }));
    expect(await rolesOf()).toMatchObject({ admins: [actor], pending: {} });
  });
});

describe('firebaseUsers', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('reads, claims and ends sign-ins in Firebase Auth', async () => {
    const { hosts } = useStack();
    vi.stubEnv('FIREBASE_AUTH_EMULATOR_HOST', hosts.auth);
    const projectId = `demo-admin-${randomUUID().slice(0, 8)}`;
    const app = initializeApp({ projectId }, randomUUID());
    try {
      const auth = getAuth(app);
      const directory = firebaseUsers(auth);
      const newUser = { email: `${randomUUID()}@example.com`, password: randomUUID() };
      const uid = await createUser({ projectId, hosts }, newUser);
      await auth.setCustomUserClaims(uid, { plan: 'gold' });
      expect(await directory.read('nobody')).toBeNull();
      const before = await directory.read(uid);
      expect(before).toMatchObject({ disabled: false, customClaims: { plan: 'gold' } });
      admin = { ...admin, users: directory };
      await world.paths.roles().set({ v: 1, admins: [actor], viewers: [] });
      granted(await act(setLiveRole, { uid, role: 'admin' }));
      expect((await directory.read(uid))?.customClaims).toEqual({ plan: 'gold', livegate: 'admin' });
      const ended = Date.now();
      granted(await act(setLiveRole, { uid }));
      const after = await directory.read(uid);
      expect(after?.customClaims).toEqual({ plan: 'gold' });
      // Auth keeps whole seconds.
      expect(after?.tokensValidAfter).toBeGreaterThanOrEqual(Math.floor(ended / 1_000) * 1_000);
      await auth.updateUser(uid, { disabled: true });
      expect((await directory.read(uid))?.disabled).toBe(true);
    } finally {
      await deleteApp(app);
    }
  });
});
