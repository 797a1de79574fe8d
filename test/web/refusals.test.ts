/** What a page is told by the functions that give it no token: reason, remedy, time. */
import { DEFAULT_LIVE_MODEL } from '@livegate/protocol';
import { AIError, VertexAIBackend } from '@livegate/web';
import { CustomProvider, initializeAppCheck } from 'firebase/app-check';
import { describe, expect, test } from 'vitest';
import { callFunction, signInAsSeededAdmin } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { turnsOf, useTalkingApps } from '../support/talking-app.ts';

/** What the promise rejects with. */
async function refused(connecting: Promise<unknown>): Promise<AIError> {
  const error = await connecting.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AIError)) throw new Error(`No AIError: ${String(error)}`);
  return error;
}

describe('a page that is given no token', () => {
  const apps = useTalkingApps();

  test('where nobody is signed in is told the two lines that are missing', async () => {
    const app = await apps.open(null);
    const error = await refused(app.model().connect());
    expect(error).toMatchObject({ code: 'request-error', customErrorData: { reason: 'unauthenticated' } });
    expect(error.message).toContain("import { getAuth, signInAnonymously } from 'firebase/auth';");
    expect(error.message).toContain('await signInAnonymously(getAuth(app));');
  });

  test('whose minutes are used up is told when there are more', async () => {
    const app = await apps.open({ minutesPerDay: 1, leaseSeconds: [60] });
    apps.closeLater(await app.model().connect());
    const error = await refused(app.model().connect());
    expect(error).toMatchObject({ code: 'request-error', customErrorData: { reason: 'minutes-day' } });
    const wait = error.customErrorData?.retryAfterMs ?? 0;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(25 * 3_600_000);
    expect(error.message).toMatch(/Try again in \d+ (s|min|h)\./);
  });

  test('that talks in too many places is told to end another talk', async () => {
    const app = await apps.open({ concurrentSessions: 1 });
    apps.closeLater(await app.model().connect());
    const error = await refused(app.model().connect());
    expect(error.customErrorData?.reason).toBe('concurrency');
    expect(error.message).toContain('End the talk in another tab');
  });

  test('that is blocked is told that only an operator helps', async () => {
    const app = await apps.open({});
    const { idToken } = await signInAsSeededAdmin();
    const data = { v: 1, reason: 'A test.', uid: app.uid, blocked: true };
    expect((await callFunction('blockLiveUser', { idToken, data })).error).toBeUndefined();
    const error = await refused(app.model().connect());
    expect(error).toMatchObject({ code: 'request-error', customErrorData: { reason: 'blocked' } });
    expect(error.message).toContain('only an operator');
  });

  test('that asks for a model outside its policy is told the current one', async () => {
    const app = await apps.open({ models: [DEFAULT_LIVE_MODEL] });
    const error = await refused(app.model({}, { model: 'gemini-2.0-flash-live-001' }).connect());
    expect(error.customErrorData?.reason).toBe('model');
    expect(error.message).toContain(`the current one is ${DEFAULT_LIVE_MODEL}`);
  });

  test('that names a region of Vertex AI is told how far that goes, and that `global` is none', async () => {
    const app = await apps.open({});
    const region = await refused(app.model({}, {}, new VertexAIBackend('europe-west4')).connect());
    expect(region.customErrorData?.reason).toBe('relay-only');
    expect(region.message).toContain('relay');
    const none = await refused(app.model({}, {}, new VertexAIBackend('global')).connect());
    expect(none).toMatchObject({ code: 'unsupported' });
    expect(none.message).toContain("new VertexAIBackend('us-central1')");
  });
});

describe('App Check tokens', () => {
  const apps = useTalkingApps();

  for (const limited of [true, false])
    test.concurrent(`are ${limited ? 'of limited use, each for one call' : 'shared'} at the start, renewals and reports${limited ? '' : ' unless asked otherwise'}`, async () => {
      const app = await apps.open({ leaseSeconds: [10], reportEverySeconds: 1 });
      const given: string[] = [];
      const appCheck = initializeAppCheck(app.app, {
        provider: new CustomProvider({
          getToken: async () => {
            const claims = {
              sub: 'demo',
              app_id: 'demo',
              iat: Math.floor(Date.now() / 1_000),
              n: given.length,
            };
            const [head, body] = [{ alg: 'none', typ: 'JWT' }, claims].map((part) =>
              Buffer.from(JSON.stringify(part)).toString('base64url'),
            );
            given.push(`${head}.${body}.signature`);
            return { token: given.at(-1) ?? '', expireTimeMillis: Date.now() + 3_600_000 };
          },
        }),
        isTokenAutoRefreshEnabled: false,
      });
      expect(appCheck).toBeDefined();
      const { live } = useStack();
      await live.answerWhere(app.instruction, [{ transcript: 'Yes.' }]);
      const session = apps.closeLater(await app.model({ limitedUseAppCheckTokens: limited }).connect());
      const atStart = given.length;
      const resumed = new Promise<void>((resolve) => session.on('resumed', () => resolve()));
      await resumed;
      const afterRenewal = given.length;
      const turns = turnsOf(session);
      await session.send('Anybody there?');
      await turns.next();
      await session.close();
      await apps.books(session, ({ reported }) => reported.totals.turns === 1);
      const atEnd = given.length;
      expect(new Set(given).size).toBe(given.length);
      if (limited) {
        expect(atStart).toBeGreaterThanOrEqual(1);
        expect(afterRenewal).toBeGreaterThan(atStart);
        expect(atEnd).toBeGreaterThan(afterRenewal);
      } else expect(atEnd).toBe(1);
    });
});
