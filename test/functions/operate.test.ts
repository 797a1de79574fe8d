import { randomUUID } from 'node:crypto';
import {
  COLLECTIONS,
  LIST_PRICES,
  type LiveAuditDocument,
  type LivePolicyDocument,
  OPEN_POLICY,
} from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Auth, getAuth } from 'firebase-admin/auth';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig, readPolicy } from '../../functions/src/policy-document.ts';
import { createUser } from '../../scripts/auth-emulator.ts';
import { run } from '../../scripts/operate.ts';
import { useStack } from '../support/stack.ts';

describe('npm run operate', () => {
  let project: string;
  let auth: Auth;
  let db: Firestore;
  let said: string[];
  let close: () => Promise<void>;

  beforeEach(() => {
    const { hosts } = useStack();
    vi.stubEnv('FIRESTORE_EMULATOR_HOST', hosts.firestore);
    vi.stubEnv('FIREBASE_AUTH_EMULATOR_HOST', hosts.auth);
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
    project = `demo-operate-${randomUUID().slice(0, 8)}`;
    const app = initializeApp({ projectId: project }, randomUUID());
    auth = getAuth(app);
    db = getFirestore(app);
    close = () => deleteApp(app);
    said = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line));
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await close();
  });

  const operate = (...args: string[]) => run([...args, '--project', project]);
  const newUser = async (claims?: Readonly<Record<string, unknown>>) => {
    const user = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    const { hosts } = useStack();
    const uid = await createUser({ projectId: project, hosts }, claims ? { ...user, claims } : user);
    return { uid, email: user.email };
  };
  const claimsOf = async (uid: string) => (await auth.getUser(uid)).customClaims;
  const held = async (path: string) => (await db.doc(path).get()).data();
  const roles = () => held(`${COLLECTIONS.config}/roles`);
  const audit = async () =>
    (await db.collection(COLLECTIONS.audit).orderBy('at').get()).docs.map(
      (each) => each.data() as LiveAuditDocument,
    );

  describe('kill-switch', () => {
    const place = `${COLLECTIONS.config}/global`;

    it('switches off and on again, keeps the bounds, and tells the audit once for each', async () => {
      const caps = { minutesPerDay: 60, liveTokens: null, shards: 4 };
      await db.doc(place).set({ v: 1, killSwitch: false, caps, alerts: null });
      await operate('kill-switch', 'on', '--reason', 'cost');
      expect(readConfig(await held(place))).toMatchObject({ killSwitch: true, caps });
      await operate('kill-switch', 'on');
      await operate('kill-switch', 'off');
      expect(readConfig(await held(place))).toMatchObject({ killSwitch: false, caps });
      expect(await audit()).toMatchObject([
        { act: 'set-kill-switch', actor: 'command', reason: 'cost', after: { killSwitch: true } },
        { act: 'set-kill-switch', before: { killSwitch: true }, after: { killSwitch: false } },
      ]);
    });

    it('writes nothing where there is nothing to switch off, and wants on or off', async () => {
      await operate('kill-switch', 'off');
      expect(await held(place)).toBeUndefined();
      await expect(operate('kill-switch')).rejects.toThrow('kill-switch on, or kill-switch off');
    });
  });

  describe('grant-admin', () => {
    it('makes an admin by address, keeps the claims of the app, and tells the audit', async () => {
      const { uid, email } = await newUser({ team: 'blue', livegatePolicy: 'gold' });
      expect(await operate('grant-admin', '--email', email, '--reason', 'the first')).toBe(0);
      expect(await claimsOf(uid)).toEqual({ team: 'blue', livegatePolicy: 'gold', livegate: 'admin' });
      expect(await roles()).toEqual({ v: 1, admins: [uid], viewers: [] });
      expect(await audit()).toEqual([
        {
          v: 1,
          at: expect.any(Number),
          actor: 'command',
          act: 'set-role',
          target: `users/${uid}`,
          subject: uid,
          reason: 'the first',
          before: { role: null },
          after: { role: 'admin' },
        },
      ]);
      expect(said.join()).toContain(email);
    });

    it('makes an admin of a viewer, by uid', async () => {
      const { uid } = await newUser({ livegate: 'viewer' });
      await db
        .doc(`${COLLECTIONS.config}/roles`)
        .set({ v: 1, admins: ['other'], viewers: [uid], pending: {} });
      await operate('grant-admin', '--uid', uid);
      expect(await claimsOf(uid)).toEqual({ livegate: 'admin' });
      expect(await roles()).toEqual({ v: 1, admins: ['other', uid], viewers: [], pending: {} });
    });

    it('writes nothing where it was done before', async () => {
      const { uid } = await newUser();
      await operate('grant-admin', '--uid', uid);
      expect(await operate('grant-admin', '--uid', uid)).toBe(0);
      expect(await audit()).toHaveLength(1);
      expect(said.at(-1)).toContain('already');
    });

    it('mends what a crash left half done, on either side', async () => {
      const { uid } = await newUser({ livegate: 'admin', team: 'blue' });
      await operate('grant-admin', '--uid', uid);
      expect(await roles()).toMatchObject({ admins: [uid] });
      await auth.setCustomUserClaims(uid, { team: 'blue' });
      await operate('grant-admin', '--uid', uid);
      expect(await claimsOf(uid)).toEqual({ team: 'blue', livegate: 'admin' });
      expect(await audit()).toHaveLength(2);
    });

    it('refuses a user that does not exist, by uid and by address, writing nothing', async () => {
      await expect(operate('grant-admin', '--uid', 'nobody')).rejects.toThrow('sign in to the app once');
      await expect(operate('grant-admin', '--email', 'nobody@example.com')).rejects.toThrow(
        'the address nobody@example.com',
      );
      expect(await roles()).toBeUndefined();
      expect(await audit()).toEqual([]);
    });
  });

  describe('revoke-role', () => {
    it('takes the role and every sign-in, and leaves the claims of the app', async () => {
      const [first, second] = [await newUser(), await newUser({ team: 'blue' })];
      await operate('grant-admin', '--uid', first.uid);
      await operate('grant-admin', '--uid', second.uid);
      const { tokensValidAfterTime: before } = await auth.getUser(second.uid);
      // Auth counts in seconds.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
      await operate('revoke-role', '--email', second.email);
      vi.useRealTimers();
      const { customClaims, tokensValidAfterTime } = await auth.getUser(second.uid);
      expect(customClaims).toEqual({ team: 'blue' });
      expect(Date.parse(tokensValidAfterTime ?? '')).toBeGreaterThan(Date.parse(before ?? ''));
      expect(await roles()).toEqual({ v: 1, admins: [first.uid], viewers: [] });
      expect((await audit()).at(-1)).toMatchObject({ before: { role: 'admin' }, after: { role: null } });
    });

    it('keeps the last admin, who keeps the claim', async () => {
      const { uid } = await newUser();
      await operate('grant-admin', '--uid', uid);
      await expect(operate('revoke-role', '--uid', uid)).rejects.toThrow('last admin');
      expect(await claimsOf(uid)).toEqual({ livegate: 'admin' });
      expect(await audit()).toHaveLength(1);
    });

    it('writes nothing for a user without a role', async () => {
      const { uid } = await newUser({ team: 'blue' });
      await operate('revoke-role', '--uid', uid);
      expect(await audit()).toEqual([]);
      expect(await claimsOf(uid)).toEqual({ team: 'blue' });
    });

    it('takes a user whose account is gone from the count', async () => {
      const { uid } = await newUser();
      await db.doc(`${COLLECTIONS.config}/roles`).set({ v: 1, admins: [uid, 'gone'], viewers: [] });
      await operate('revoke-role', '--uid', 'gone');
      expect(await roles()).toEqual({ v: 1, admins: [uid], viewers: [] });
      await expect(operate('revoke-role', '--uid', 'gone')).rejects.toThrow('No user');
    });
  });

  describe('write-policy open', () => {
    const place = `${COLLECTIONS.policies}/default`;

    it('writes a policy that the functions take, and tells the audit', async () => {
      await operate('write-policy', 'open');
      expect(await held(place)).toEqual(OPEN_POLICY);
      expect(readPolicy('default', await held(place))).toEqual(OPEN_POLICY);
      expect(await audit()).toEqual([
        expect.objectContaining({ act: 'set-policy', target: place, before: null, after: OPEN_POLICY }),
      ]);
    });

    it('writes nothing where it stands already', async () => {
      await operate('write-policy', 'open');
      await operate('write-policy', 'open', '--force');
      expect(await audit()).toHaveLength(1);
    });

    it('refuses to write over another policy, except with --force, as its next version', async () => {
      const edited: LivePolicyDocument = { ...OPEN_POLICY, version: 7, minutesPerDay: 5 };
      await db.doc(place).set(edited);
      await expect(operate('write-policy', 'open')).rejects.toThrow('--force');
      expect(await held(place)).toEqual(edited);
      expect(await audit()).toEqual([]);
      await operate('write-policy', 'open', '--force');
      expect(await held(place)).toEqual({ ...OPEN_POLICY, version: 8 });
      expect(await audit()).toEqual([expect.objectContaining({ before: edited })]);
    });

    it('writes beside it with --id', async () => {
      await operate('write-policy', 'open', '--id', 'password');
      expect(await held(`${COLLECTIONS.policies}/password`)).toEqual(OPEN_POLICY);
      expect(await held(place)).toBeUndefined();
    });
  });

  describe('write-prices', () => {
    const models = Object.keys(LIST_PRICES);
    const [model = ''] = models;
    const place = `${COLLECTIONS.prices}/${model}`;

    it('writes every list price once', async () => {
      await operate('write-prices');
      await operate('write-prices');
      for (const each of models)
        expect(await held(`${COLLECTIONS.prices}/${each}`)).toEqual(LIST_PRICES[each]);
      expect(await audit()).toHaveLength(models.length);
    });

    it('keeps a price that was edited, except with --force', async () => {
      const edited = { ...LIST_PRICES[model], version: 3, source: 'our contract' };
      await db.doc(place).set(edited);
      await operate('write-prices');
      expect(await held(place)).toEqual(edited);
      expect(said.at(-1)).toContain(`edited, so it stays  ${model}`);
      expect(await audit()).toHaveLength(models.length - 1);
      await operate('write-prices', '--force');
      expect(await held(place)).toEqual({ ...LIST_PRICES[model], version: 4 });
      expect(await audit()).toHaveLength(models.length);
    });
  });

  describe('erase', () => {
    it('orders the erasure once, under a pseudonym', async () => {
      await operate('erase', '--uid', 'alice', '--reason', 'alice asked');
      await operate('erase', '--uid', 'alice');
      const job = await held(`${COLLECTIONS.erasures}/alice`);
      expect(job).toMatchObject({ v: 1, uid: 'alice', actor: 'command' });
      const [entry, ...others] = await audit();
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ act: 'erase-user', subject: job?.pseudonym });
      expect(JSON.stringify(entry)).not.toContain('alice');
      expect(said.at(-1)).toContain('under way');
    });

    it('refuses the last admin, and takes one of two', async () => {
      const place = db.doc(`${COLLECTIONS.config}/roles`);
      await place.set({ v: 1, admins: ['alice'], viewers: [] });
      await expect(operate('erase', '--uid', 'alice')).rejects.toThrow('last admin');
      expect(await audit()).toEqual([]);
      await place.set({ v: 1, admins: ['alice', 'bob'], viewers: [] });
      expect(await operate('erase', '--uid', 'alice')).toBe(0);
    });
  });

  it('writes into collections of other names', async () => {
    await operate(
      'write-policy',
      'open',
      '--collections',
      '{"policies":"voicePolicies","audit":"voiceAudit"}',
    );
    expect(await held('voicePolicies/default')).toEqual(OPEN_POLICY);
    expect((await db.collection('voiceAudit').get()).size).toBe(1);
    expect(await held(`${COLLECTIONS.policies}/default`)).toBeUndefined();
  });

  it('names the command that signs in where there are no credentials', async () => {
    vi.stubEnv('FIRESTORE_EMULATOR_HOST', undefined);
    vi.stubEnv('FIREBASE_AUTH_EMULATOR_HOST', undefined);
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/nowhere/credentials.json');
    for (const act of [['write-prices'], ['grant-admin', '--uid', 'u1'], ['erase', '--uid', 'u1']])
      await expect(operate(...act)).rejects.toThrow('gcloud auth application-default login');
  });

  it('refuses one emulator without the other', async () => {
    vi.stubEnv('FIREBASE_AUTH_EMULATOR_HOST', undefined);
    await expect(operate('write-prices')).rejects.toThrow('set both');
  });
});
