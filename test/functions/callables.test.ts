import { randomUUID } from 'node:crypto';
import { COLLECTIONS, type MintAnswer, NO_USAGE, type ReportAnswer } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { callFunction, signInAnonymously, signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { POLICY } from './support/world.ts';

const start = (more: object = {}): object => ({
  v: 1,
  op: 'start',
  requestId: randomUUID(),
  model: 'gemini-3.8-live',
  ...more,
});
const mint = (data: object, idToken?: string) =>
  callFunction<MintAnswer>('mintLiveToken', { data, ...(idToken === undefined ? {} : { idToken }) });

describe('mintLiveToken over HTTP', () => {
  const database = useAdminFirestore();

  it('answers a signed-in user with a token that opens a socket, and denies nobody', async () => {
    const { idToken, uid } = await signInAnonymously();
    const data = start();
    expect(await mint(data)).toMatchObject({ status: 401, error: { status: 'UNAUTHENTICATED' } });
    const { status, result } = await mint(data, idToken);
    expect(status).toBe(200);
    expect(result).toMatchObject({
      v: 1,
      leaseIndex: 0,
      route: 'direct',
      setup: { model: 'models/gemini-3.8-live', generationConfig: { responseModalities: ['AUDIO'] } },
      openFields: ['sessionResumption'],
      socket: { auth: { kind: 'query', name: 'access_token' } },
    });
    if (!result) return;
    const session = await database().doc(`${COLLECTIONS.sessions}/${result.sessionId}`).get();
    expect(session.data()).toMatchObject({ uid, state: 'reserved', open: true, leased: { tokens: 1 } });
    expect(result.expiresAt - result.serverTime).toBeGreaterThan(110_000);

    const url = new URL(result.socket.url);
    url.searchParams.set('access_token', result.socket.auth.value);
    const socket = new WebSocket(url);
    const first = new Promise<string>((resolve, reject) => {
      socket.once('open', () => socket.send(JSON.stringify({ setup: { model: result.setup.model } })));
      socket.once('message', (message) => resolve(String(message)));
      socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.once('error', reject);
    });
    expect(JSON.parse(await first)).toHaveProperty('setupComplete');
    socket.close();
  });

  it('answers a warm-up of anybody with nothing, and refuses what is more than that', async () => {
    expect(await mint({ v: 1, op: 'warm-up' })).toEqual({ status: 200, result: {} });
    expect(await mint({ v: 1, op: 'warm' })).toMatchObject({ status: 401 });
  });

  it('opens a socket to the model it was minted for, whatever the page asks the Live API for', async () => {
    const { idToken } = await signInAnonymously();
    const { result } = await mint(start({ setup: { generationConfig: { temperature: 0.5 } } }), idToken);
    const url = new URL(result?.socket.url ?? '');
    url.searchParams.set('access_token', result?.socket.auth.value ?? '');
    const socket = new WebSocket(url);
    const setup = { model: 'models/gemini-3.8-live', generationConfig: { temperature: 2 } };
    socket.once('open', () => socket.send(JSON.stringify({ setup })));
    await new Promise((resolve, reject) => {
      socket.once('message', resolve);
      socket.once('error', reject);
    });
    socket.close();
    const sessions = await useStack().live.sessions();
    expect(sessions.at(-1)?.setup?.generationConfig?.temperature).toBe(0.5);
  });

  it.each([
    ['no operation', { op: undefined }, 'op'],
    ['no model', { model: undefined }, 'model'],
    ['a model that is no text', { model: 7 }, 'model'],
    ['a short request id', { requestId: 'x' }, 'requestId'],
    ['a request id that Firestore keeps for itself', { requestId: '__proto__' }, 'requestId'],
    ['a field nobody knows', { nonsense: 1 }, 'nonsense'],
    [
      'a misspelt setup field',
      { setup: { generationConfig: { temprature: 1 } } },
      'setup.generationConfig.temprature',
    ],
    [
      'a schema that Firestore cannot hold',
      { setup: { tools: [{ functionDeclarations: [{ name: 'f', parameters: { enum: [[1]] } }] }] } },
      'setup.tools[0].functionDeclarations[0].parameters.enum[0]',
    ],
    ['a huge setup', { setup: { systemInstruction: { parts: [{ text: 'x'.repeat(70_000) }] } } }, 'setup'],
    ['a template id that is a path', { template: { id: '../livePolicies/default' } }, 'template.id'],
  ])('refuses %s by name', async (_, wrong, field) => {
    const { idToken } = await signInAnonymously();
    expect(await mint(start(wrong), idToken)).toMatchObject({
      status: 400,
      error: { status: 'INVALID_ARGUMENT', details: { reason: 'invalid', field } },
    });
  });

  it('refuses what is no object', async () => {
    const { idToken } = await signInAnonymously();
    for (const data of [null, 7, 'start', []]) {
      const answer = await callFunction('mintLiveToken', { data, idToken });
      expect(answer).toMatchObject({ status: 400, error: { status: 'INVALID_ARGUMENT' } });
    }
  });

  it('goes by the policy that the claim names, and lets nobody in by one that cannot be read', async () => {
    const id = `policy-${randomUUID()}`;
    const { concurrentSessions: _, ...limitless } = POLICY;
    await database().doc(`${COLLECTIONS.policies}/${id}`).set(limitless);
    const { idToken } = await signInAsNewUser({ livegatePolicy: id });
    expect(await mint(start(), idToken)).toMatchObject({
      status: 400,
      error: { status: 'FAILED_PRECONDITION', details: { reason: 'no-template' } },
    });
    const other = `policy-${randomUUID()}`;
    await database()
      .doc(`${COLLECTIONS.policies}/${other}`)
      .set({ ...POLICY, leaseSeconds: [20] });
    const user = await signInAsNewUser({ livegatePolicy: other });
    const { result } = await mint(start(), user.idToken);
    expect((result?.expiresAt ?? 0) - (result?.serverTime ?? 0)).toBeLessThanOrEqual(20_000);
  });

  it('refuses a policy that goes through the relay with a sentence', async () => {
    const id = `policy-${randomUUID()}`;
    await database()
      .doc(`${COLLECTIONS.policies}/${id}`)
      .set({ ...POLICY, route: 'relay' });
    const { idToken } = await signInAsNewUser({ livegatePolicy: id });
    expect(await mint(start(), idToken)).toMatchObject({
      error: { status: 'FAILED_PRECONDITION', details: { reason: 'relay-only' } },
    });
  });
});

describe('reportLiveUsage over HTTP', () => {
  const database = useAdminFirestore();

  it('takes the owner’s report, and denies nobody’s and another user’s', async () => {
    const { idToken } = await signInAnonymously();
    const stranger = await signInAnonymously();
    const { result } = await mint(start(), idToken);
    const { sessionId = '', connectionId = '' } = result ?? {};
    const data = { v: 1, sessionId, connectionId, seq: 1, final: true, seconds: 3.5, totals: NO_USAGE };
    expect(await callFunction('reportLiveUsage', { data })).toMatchObject({ status: 401 });
    expect(await callFunction('reportLiveUsage', { data, idToken: stranger.idToken })).toMatchObject({
      status: 403,
      error: { status: 'PERMISSION_DENIED', details: { reason: 'not-owner' } },
    });
    const taken = await callFunction<ReportAnswer>('reportLiveUsage', { data, idToken });
    expect(taken.result).toMatchObject({ v: 1, status: 'ok' });
    const session = await database().doc(`${COLLECTIONS.sessions}/${sessionId}`).get();
    expect(session.data()).toMatchObject({ state: 'ended', open: true, reported: { seconds: 3.5 } });
  });

  it('refuses a wrong figure by name', async () => {
    const { idToken } = await signInAnonymously();
    const { result } = await mint(start(), idToken);
    const { sessionId = '', connectionId = '' } = result ?? {};
    const data = { v: 1, sessionId, connectionId, seq: 1, final: true, seconds: -1, totals: NO_USAGE };
    expect(await callFunction('reportLiveUsage', { data, idToken })).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', details: { field: 'seconds' } },
    });
  });
});

describe('sweepLiveSessions, started by its schedule', () => {
  const database = useAdminFirestore();

  it('closes the books of a session whose last token is dead, and of no other', async () => {
    const { idToken } = await signInAnonymously();
    const { result: dead } = await mint(start(), idToken);
    const { result: live } = await mint(start(), idToken);
    const session = (answer: MintAnswer | undefined) =>
      database().doc(`${COLLECTIONS.sessions}/${answer?.sessionId}`);
    await session(dead).update({ deadAt: Date.now() - 1 });
    const { functionsUrl } = useStack();
    const response = await fetch(`${functionsUrl}/sweepLiveSessions-0`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-cloudscheduler': 'true',
        'x-cloudscheduler-jobname': 'sweep',
        'x-cloudscheduler-scheduletime': new Date().toISOString(),
      },
      body: '{}',
    });
    expect(response.status).toBe(200);
    expect((await session(dead).get()).data()).toMatchObject({ open: false, state: 'expired' });
    expect((await session(live).get()).data()).toMatchObject({ open: true, state: 'reserved' });
  });
});
