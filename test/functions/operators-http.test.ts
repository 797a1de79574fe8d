import { randomUUID } from 'node:crypto';
import {
  type AdminAnswer,
  COLLECTIONS,
  type EraseAnswer,
  type LiveAuditDocument,
  type LiveOpsDocument,
  type LiveSessionDocument,
  type LiveUserAnswer,
  type MintAnswer,
  NO_USAGE,
  type QuotaAnswer,
  type ReportAnswer,
} from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { signInWithPassword } from '../../scripts/auth-emulator.ts';
import {
  callFunction,
  type SignedIn,
  signInAnonymously,
  signInAsNewUser,
  signInAsSeededAdmin,
  useAdminFirestore,
} from '../support/clients.ts';
import { useStack } from '../support/stack.ts';

const mint = async ({ idToken }: SignedIn, more: object = {}) => {
  const data = { v: 1, op: 'start', requestId: randomUUID(), model: 'gemini-3.8-live', ...more };
  const { result, error } = await callFunction<MintAnswer>('mintLiveToken', { data, idToken });
  return { result, reason: error?.details?.reason };
};
const started = async (user: SignedIn): Promise<MintAnswer> => {
  const { result, reason } = await mint(user);
  if (!result) throw new Error(`refused: ${reason}`);
  return result;
};
const act = <T = AdminAnswer>(name: string, { idToken }: SignedIn, data: object) =>
  callFunction<T>(name, { data: { v: 1, reason: 'a test', ...data }, idToken });

/** Runs a scheduled function, as Cloud Scheduler does. */
async function run(name: string): Promise<number> {
  const { status } = await fetch(`${useStack().functionsUrl}/${name}-0`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-cloudscheduler': 'true',
      'x-cloudscheduler-jobname': name,
      'x-cloudscheduler-scheduletime': new Date().toISOString(),
    },
    body: '{}',
  });
  return status;
}

describe("operators' callables over HTTP", () => {
  const database = useAdminFirestore();

  it('let an admin end a session, deny a viewer and a stranger, and tell the page', async () => {
    const admin = await signInAsSeededAdmin();
    const viewer = await signInAsNewUser({ livegate: 'viewer' });
    const user = await signInAnonymously();
    const { sessionId, connectionId, expiresAt } = await started(user);
    for (const other of [viewer, user]) {
      expect(await act('revokeLiveSession', other, { sessionId })).toMatchObject({
        error: { status: 'PERMISSION_DENIED', details: { reason: 'not-operator' } },
      });
    }
    const { result } = await act('revokeLiveSession', admin, { sessionId });
    expect(result).toEqual({ v: 1, changed: true, tokensDieAt: expiresAt });
    expect(await mint(user, { op: 'remint', sessionId, model: undefined })).toMatchObject({
      reason: 'revoked',
    });
    const report = { v: 1, sessionId, connectionId, seq: 1, final: false, seconds: 1, totals: NO_USAGE };
    const told = await callFunction<ReportAnswer>('reportLiveUsage', { data: report, idToken: user.idToken });
    expect(told.result?.stop).toEqual({ reason: 'revoked' });
    const { docs } = await database()
      .collection(COLLECTIONS.audit)
      .where('target', '==', `${COLLECTIONS.sessions}/${sessionId}`)
      .get();
    expect(docs.map((each) => each.data() as LiveAuditDocument)).toMatchObject([
      { act: 'revoke-session', actor: admin.uid, subject: user.uid, reason: 'a test' },
    ]);
  });

  it('let an admin block a user and let them in again', async () => {
    const admin = await signInAsSeededAdmin();
    const user = await signInAnonymously();
    await started(user);
    expect((await act('blockLiveUser', admin, { uid: user.uid, blocked: true })).result?.changed).toBe(true);
    expect((await mint(user)).reason).toBe('blocked');
    const quota = await callFunction<QuotaAnswer>('getLiveQuota', {
      data: { v: 1 },
      idToken: user.idToken,
    });
    expect(quota.result).toMatchObject({ blocked: true, policy: 'default', sessions: { live: 1 } });
    expect((await act('blockLiveUser', admin, { uid: user.uid, blocked: false })).result?.changed).toBe(true);
    expect((await mint(user)).result).toBeDefined();
  });

  it('let an admin write a policy that the next mint goes by, and say what is wrong with another', async () => {
    const admin = await signInAsSeededAdmin();
    const id = `test-${randomUUID().slice(0, 8)}`;
    const { v: _v, version: _version, ...policy } = await currentPolicy();
    const draft = { ...policy, minutesPerDay: 1 };
    const wrong = { id, baseVersion: 0, policy: { ...draft, minutesPerDay: 'one' } };
    expect(await act('setLivePolicy', admin, wrong)).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', details: { field: 'minutesPerDay' } },
    });
    expect((await act('setLivePolicy', admin, { id, baseVersion: 0, policy: draft })).result).toMatchObject({
      changed: true,
      version: 1,
    });
    const user = await signInAsNewUser({ livegatePolicy: id });
    const { expiresAt, serverTime } = await started(user);
    expect(expiresAt - serverTime).toBeLessThanOrEqual(60_000);
    expect((await mint(user)).reason).toBe('minutes-day');
    expect((await act('setLivePolicy', admin, { id, baseVersion: 0, policy })).error?.details).toMatchObject({
      reason: 'conflict',
    });
  });

  it('let a viewer read a user and act on none, and a stranger neither', async () => {
    const admin = await signInAsSeededAdmin();
    const viewer = await signInAsNewUser({ livegate: 'viewer' });
    const user = await signInAsNewUser();
    const { expiresAt, serverTime } = await started(user);
    const read = (who: SignedIn, data: object) =>
      callFunction<LiveUserAnswer>('readLiveUser', { data: { v: 1, ...data }, idToken: who.idToken });
    for (const operator of [viewer, admin]) {
      const { result } = await read(operator, { email: user.email });
      expect(result).toMatchObject({
        uid: user.uid,
        account: { email: user.email, providers: ['password'], role: null, tier: null },
        policy: 'default',
        day: { usedSeconds: Math.ceil((expiresAt - serverTime) / 1_000) },
        liveTokens: { live: 1 },
      });
    }
    expect((await read(viewer, { uid: 'nobody' })).error).toMatchObject({
      status: 'NOT_FOUND',
      details: { reason: 'no-user' },
    });
    const denied = { status: 'PERMISSION_DENIED', details: { reason: 'not-operator' } };
    expect((await read(user, { uid: user.uid })).error).toMatchObject(denied);
    for (const other of [viewer, user]) {
      const tier = await act('setLiveTier', other, { uid: other.uid, tier: 'default' });
      const raised = await act('raiseLiveQuota', other, { uid: other.uid, minutes: 60 });
      expect([tier.error, raised.error]).toMatchObject([denied, denied]);
    }
    expect((await read(admin, { uid: user.uid })).result).toMatchObject({ raisedMinutes: 0 });
  });

  it('let an admin give a user a policy of their own and minutes for the day', async () => {
    const admin = await signInAsSeededAdmin();
    const user = await signInAsNewUser({ plan: 'gold' });
    expect((await act('setLiveTier', admin, { uid: user.uid, tier: 'nowhere' })).error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: { field: 'tier' },
    });
    const id = `test-${randomUUID().slice(0, 8)}`;
    const { v: _v, version: _version, ...policy } = await currentPolicy();
    const draft = { ...policy, minutesPerDay: 1 };
    await act('setLivePolicy', admin, { id, baseVersion: 0, policy: draft });
    expect((await act('setLiveTier', admin, { uid: user.uid, tier: id })).result?.changed).toBe(true);
    const again = await signInWithPassword(useStack(), user);
    await started(again);
    expect((await mint(again)).reason).toBe('minutes-day');
    const raised = await act('raiseLiveQuota', admin, { uid: user.uid, minutes: 1 });
    expect(raised.result?.changed).toBe(true);
    await started(again);
    expect((await mint(again)).reason).toBe('minutes-day');
    const { result } = await callFunction<LiveUserAnswer>('readLiveUser', {
      data: { v: 1, uid: user.uid },
      idToken: admin.idToken,
    });
    expect(result).toMatchObject({ account: { tier: id }, policy: id, raisedMinutes: 1 });
  });

  async function currentPolicy(): Promise<Record<string, unknown>> {
    return (await database().doc(`${COLLECTIONS.policies}/default`).get()).data() ?? {};
  }
});

describe('the schedules', () => {
  const database = useAdminFirestore();

  it('close a session with its cost, and add it to the figures of its day', async () => {
    const user = await signInAnonymously();
    const { sessionId, connectionId } = await started(user);
    const totals = { ...NO_USAGE, turns: 1, response: { AUDIO: 1_000_000 }, total: 1_000_000 };
    const report = { v: 1, sessionId, connectionId, seq: 1, final: true, seconds: 5, totals };
    await callFunction('reportLiveUsage', { data: report, idToken: user.idToken });
    const session = database().doc(`${COLLECTIONS.sessions}/${sessionId}`);
    await session.update({ deadAt: Date.now() - 1 });
    expect(await run('sweepLiveSessions')).toBe(200);
    expect((await session.get()).data()).toMatchObject({ open: false, state: 'ended' });
    const ops = (await session.collection('liveOps').doc('ops').get()).data() as LiveOpsDocument;
    // 12 USD for a million tokens of audio, by the seeded price list.
    expect(ops.cost).toMatchObject({ microUsd: 12_000_000, unpriced: [] });
    expect(await run('rollUpLiveStats')).toBe(200);
    const { createdAt } = (await session.get()).data() as LiveSessionDocument;
    const day = new Date(createdAt).toISOString().slice(0, 10);
    const figures = (await database().doc(`${COLLECTIONS.stats}/${day}`).get()).data();
    expect(figures?.day).toBe(day);
    expect(figures?.byModel['gemini-3.8-live'].microUsd).toBeGreaterThanOrEqual(12_000_000);
  });
});

describe('an account that is deleted', () => {
  const database = useAdminFirestore();

  it('is erased: what was said goes at once, and nobody mints with its ID token', async () => {
    const user = await signInAnonymously();
    const { sessionId } = await started(user);
    const { projectId, hosts } = useStack();
    const answer = await fetch(
      `http://${hosts.auth}/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:delete`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
        body: JSON.stringify({ localId: user.uid }),
      },
    );
    expect(answer.status).toBe(200);
    const session = database().doc(`${COLLECTIONS.sessions}/${sessionId}`);
    await expect
      .poll(async () => (await session.get()).data(), { timeout: 30_000, interval: 200 })
      .toMatchObject({ state: 'revoked', stopReason: 'erased', erased: true });
    const quota = (await database().doc(`${COLLECTIONS.quotas}/${user.uid}`).get()).data();
    expect(quota).toMatchObject({ blocked: { reason: 'erased' } });
  });

  it('is counted before it goes, where an operator asks first', async () => {
    const admin = await signInAsSeededAdmin();
    const user = await signInAnonymously();
    const { sessionId } = await started(user);
    const { result } = await act<EraseAnswer>('eraseLiveUser', admin, { uid: user.uid, preview: true });
    expect(result).toMatchObject({ sessions: 1, live: 1 });
    const session = await database().doc(`${COLLECTIONS.sessions}/${sessionId}`).get();
    expect(session.data()).toMatchObject({ state: 'reserved', stopReason: null });
  });
});
