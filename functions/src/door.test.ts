import type { CallableRequest } from 'firebase-functions/https';
import { describe, expect, it } from 'vitest';
import { type DoorDemands, throughDoor } from './door.ts';
import { Refusal } from './refusal.ts';

const LAX = { enforce: false, replayProtection: false };
const complaints: unknown[] = [];
const demands = (more: Partial<DoorDemands> = {}): DoorDemands => ({
  appCheck: LAX,
  log: { unexpected: (error) => complaints.push(error) },
  doing: 'trying',
  ...more,
});
const request = (more: object = {}): CallableRequest<unknown> =>
  ({
    data: {},
    auth: { uid: 'u', token: { firebase: { sign_in_provider: 'password' } }, rawToken: '' },
    rawRequest: { headers: {} },
    acceptsStreaming: false,
    ...more,
  }) as never;
const guest = (headers: Record<string, string>) =>
  request({
    auth: { uid: 'g', token: { firebase: { sign_in_provider: 'anonymous' } }, rawToken: '' },
    rawRequest: { headers },
  });
const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error;
  }
};
const through = (call: CallableRequest<unknown>, more?: Partial<DoorDemands>): Promise<unknown> =>
  errorOf(throughDoor(call, demands(more), async ({ caller }) => caller));

describe('the door of a callable', () => {
  it('lets a signed-in user through and nobody else', async () => {
    expect(await through(request())).toMatchObject({ uid: 'u', provider: 'password' });
    expect(await through(request({ auth: undefined }))).toMatchObject({ code: 'unauthenticated' });
    const nobody = { auth: { uid: undefined, token: {}, rawToken: '' } };
    expect(await through(request(nobody))).toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['missing', {}, undefined],
    ['invalid', { 'x-firebase-appcheck': 'x' }, undefined],
  ])(
    'says that an App Check token is %s where one is wanted, and lets in where none is',
    async (_, headers, app) => {
      const call = request({ rawRequest: { headers }, app });
      const appCheck = { enforce: true, replayProtection: false };
      expect(await through(call, { appCheck })).toMatchObject({
        code: 'permission-denied',
        details: { reason: 'app-check' },
      });
      expect(await through(call)).toMatchObject({ uid: 'u' });
    },
  );

  it('takes a token once where replay protection is on', async () => {
    const appCheck = { enforce: true, replayProtection: true };
    const app = { appId: 'app', token: {}, alreadyConsumed: false };
    const headers = { 'x-firebase-appcheck': 'x' };
    const call = (alreadyConsumed: boolean) =>
      request({ rawRequest: { headers }, app: { ...app, alreadyConsumed } });
    expect(await through(call(false), { appCheck })).toMatchObject({ uid: 'u' });
    expect(await through(call(true), { appCheck })).toMatchObject({ details: { reason: 'app-check' } });
  });

  it('tells apart where guests come from, by the address that the front end saw', async () => {
    const originSecret = (): string => 'secret';
    const origins = await Promise.all(
      ['203.0.113.7', '198.51.100.1, 203.0.113.7', '203.0.113.8'].map(
        async (address) =>
          ((await through(guest({ 'x-forwarded-for': address }), { originSecret })) as { origin: string })
            .origin,
      ),
    );
    expect(origins[0]).toBe(origins[1]);
    expect(origins[0]).not.toBe(origins[2]);
    expect(JSON.stringify(origins)).not.toContain('203.0.113');
    expect(await through(request(), { originSecret })).not.toHaveProperty('origin');
  });

  it('answers a refusal with its code and details, and anything else with nothing but internal', async () => {
    const refusal = new Refusal('rate', 'Too many.', { retryAfterMs: 5 });
    expect(await errorOf(throughDoor(request(), demands(), () => Promise.reject(refusal)))).toMatchObject({
      code: 'resource-exhausted',
      message: 'Too many.',
      details: { reason: 'rate', retryAfterMs: 5 },
    });
    const error = new Error('inner matter');
    const answered = await errorOf(throughDoor(request(), demands(), () => Promise.reject(error)));
    expect(answered).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(answered)).not.toContain('inner matter');
    expect(complaints).toEqual([error]);
  });

  it('opens without a request too, as `run()` in a test calls it', async () => {
    expect(await through(request({ rawRequest: undefined }))).toMatchObject({ uid: 'u' });
  });
});
