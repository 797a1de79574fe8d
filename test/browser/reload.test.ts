/** A page that is reloaded, duplicated, left or closed in mid-talk: what becomes of its session, and of its books. */
import { randomUUID } from 'node:crypto';
import type { LiveSessionView } from '@livegate/emulator';
import type { LivePolicyDocument, LiveSessionDocument } from '@livegate/protocol';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { useChromium } from '../support/chromium.ts';
import { signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import type { PageSetting } from './support/talking-in-page.ts';
import { openTalkingPage, serveTalkingPage, type TalkingServer, toldBy } from './support/talking-server.ts';

const RATE_HZ = 24_000;
const LEASE_SECONDS = 120;
/** A long answer. */
const TONE = Int16Array.from({ length: 20 * RATE_HZ }, (_, at) => Math.round(6_000 * Math.sin(at / 9)));

describe('a session whose page goes away', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  const { live, hosts, projectId } = useStack();
  let server: TalkingServer;
  beforeAll(async () => {
    server = await serveTalkingPage();
  });
  afterAll(() => server?.close());

  async function userOf(policy: Partial<LivePolicyDocument> = {}): Promise<PageSetting> {
    const id = `page-${randomUUID()}`;
    await firestore()
      .doc(`livePolicies/${id}`)
      .set({ ...SEEDED_POLICY, leaseSeconds: [LEASE_SECONDS], ...policy });
    const user = await signInAsNewUser({ livegatePolicy: id });
    return { projectId, hosts, user, instruction: id };
  }
  const connectionsOf = async ({ instruction }: PageSetting): Promise<readonly LiveSessionView[]> =>
    (await live.sessions()).filter(({ setup }) => setup?.systemInstruction?.parts?.[0]?.text === instruction);
  const connect = (page: Page, setting: PageSetting): Promise<string | undefined> =>
    page.evaluate((given) => window.livegateTalk.connect(given), setting);
  const reloaded = async (page: Page, setting: PageSetting): Promise<string | undefined> => {
    await page.goto(server.url);
    await page.waitForFunction(() => 'livegateTalk' in window);
    return connect(page, setting);
  };
  const document = async (sessionId: string | undefined): Promise<LiveSessionDocument> =>
    (await firestore().doc(`liveSessions/${sessionId}`).get()).data() as LiveSessionDocument;
  const inContext = async (run: (context: BrowserContext) => Promise<void>): Promise<void> => {
    const context = await (await chromium()).newContext({ permissions: ['microphone'] });
    try {
      await run(context);
    } finally {
      await context.close();
    }
  };
  /** A turn from its question to its end. */
  const takeTurn = async (page: Page, text: string): Promise<void> => {
    const { turns } = await toldBy(page);
    await page.evaluate((said) => window.livegateTalk.say(said), text);
    await page.waitForFunction((known) => window.livegateTalk.told().turns > known, turns);
  };

  for (const scope of ['project', 'token'] as const)
    it(`goes on after a reload in mid-talk and pays for one more token, where handles work for their ${scope}`, () =>
      inContext(async (context) => {
        await live.handlesWorkFor(scope);
        try {
          const setting = await userOf();
          await live.answerWhere(setting.instruction, [{ transcript: 'Noted.' }]);
          const page = await openTalkingPage(context, server.url);
          const sessionId = await connect(page, setting);
          expect(await page.evaluate(() => window.livegateTalk.talk())).toBeUndefined();
          await takeTurn(page, 'Remember seven');
          await live.answerWhere(setting.instruction, [{ audio: { samples: TONE, rateHz: RATE_HZ } }]);
          await page.evaluate(() => window.livegateTalk.say('Now speak at length'));
          const [one] = await connectionsOf(setting);
          await live.waitFor((all) => all.some(({ id, state }) => id === one?.id && state === 'answering'));

          const answered = live.answerWhere(setting.instruction, [{ transcript: 'Seven.' }]);
          expect(await reloaded(page, setting)).toBe(sessionId);
          await answered;
          const [, two, three] = await connectionsOf(setting);
          expect(three).toBeUndefined();
          expect(two).toMatchObject({ connected: true });
          expect(two?.resumedFrom).toBe(scope === 'project' ? one?.id : undefined);
          expect((await document(sessionId)).leased.tokens).toBe(scope === 'project' ? 2 : 3);
          const { leased, leases } = await document(sessionId);
          // A re-mint is worth what is left of the lease and no more: a reload never buys time.
          const ends = Object.values(leases).map(({ expiresAt }) => expiresAt);
          expect(new Set(Object.values(leases).map(({ index }) => index)).size).toBe(1);
          expect(Math.max(...ends) - Math.min(...ends)).toBe(0);
          expect(leased.seconds).toBeLessThanOrEqual(ends.length * LEASE_SECONDS);
          await takeTurn(page, 'Which number?');
          await page.evaluate(() => window.livegateTalk.close());
          expect(await reloaded(page, setting)).not.toBe(sessionId);
        } finally {
          await live.handlesWorkFor('project');
        }
      }));

  it('is prepared on load by one call that is answered, with not a word on the console', async () => {
    await inContext(async (context) => {
      const page = await openTalkingPage(context, server.url);
      const said: string[] = [];
      const answers: [string, number][] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('response', (response) => {
        if (!response.url().endsWith('/mintLiveToken')) return;
        answers.push([response.request().method(), response.status()]);
      });
      await page.evaluate((setting) => window.livegateTalk.prepare(setting), { projectId, hosts });
      expect(said).toEqual([]);
      expect(answers).toContainEqual(['POST', 200]);
    });
  });

  it('stays with its tab: a duplicate, whose storage is a copy, gets a session of its own', () =>
    inContext(async (context) => {
      const setting = await userOf();
      await live.answerWhere(setting.instruction, [{ transcript: 'Yes.' }]);
      const page = await openTalkingPage(context, server.url);
      const sessionId = await connect(page, setting);
      await takeTurn(page, 'Are you there?');
      const kept = (each: Page): Promise<readonly { sessionId: string; handle?: string }[]> =>
        each.evaluate(() =>
          Object.entries(sessionStorage)
            .filter(([key]) => key.startsWith('livegate/'))
            .map(([, value]) => JSON.parse(value)),
        );
      // The handle of a turn comes after its end: a tab that is duplicated before holds nothing to be copied.
      await expect.poll(() => kept(page)).toMatchObject([{ sessionId, handle: expect.any(String) }]);
      const copies = context.waitForEvent('page');
      await page.evaluate(() => void window.open(location.href));
      const copy = await copies;
      await copy.waitForFunction(() => 'livegateTalk' in window);
      expect(await kept(copy)).toMatchObject([{ sessionId }]);

      const ofCopy = await connect(copy, setting);
      expect(ofCopy).not.toBe(sessionId);
      const [one, two] = await connectionsOf(setting);
      expect(one).toMatchObject({ connected: true });
      expect(two).toMatchObject({ connected: true });
      expect(two?.resumedFrom).toBeUndefined();
      expect(await toldBy(page)).toMatchObject({ isClosed: false, states: [] });
      expect((await document(sessionId)).leased.tokens).toBe(1);
      // Each tab keeps its own from now on.
      await takeTurn(copy, 'And you?');
      expect(await reloaded(copy, setting)).toBe(ofCopy);
      expect(await reloaded(page, setting)).toBe(sessionId);
    }));

  it('is not gone on with by whoever signs in after its user has signed out', () =>
    inContext(async (context) => {
      const setting = await userOf();
      await live.answerWhere(setting.instruction, [{ transcript: 'Yes.' }]);
      const page = await openTalkingPage(context, server.url);
      const sessionId = await connect(page, setting);
      await takeTurn(page, 'Are you there?');
      await page.evaluate(() => window.livegateTalk.signOut());
      expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('"livegate/');
      expect(await reloaded(page, setting)).not.toBe(sessionId);
    }));

  it('is over for a page that comes back after its lease', () =>
    inContext(async (context) => {
      const setting = await userOf({ leaseSeconds: [10] });
      await live.answerWhere(setting.instruction, [{ transcript: 'Yes.' }]);
      const page = await openTalkingPage(context, server.url);
      const sessionId = await connect(page, setting);
      await takeTurn(page, 'Are you there?');
      await page.goto('about:blank');
      const { leases } = await document(sessionId);
      const end = Math.max(...Object.values(leases).map(({ expiresAt }) => expiresAt));
      await page.waitForTimeout(Math.max(0, end - Date.now()) + 200);
      expect(await reloaded(page, setting)).not.toBe(sessionId);
    }));

  it('is reported by the page that closes, and each of its tokens is counted once', () =>
    inContext(async (context) => {
      const setting = await userOf();
      await live.answerWhere(setting.instruction, [{ text: 'So it is.' }]);
      const page = await openTalkingPage(context, server.url);
      const sessionId = await connect(page, setting);
      await takeTurn(page, 'Is it so?');
      expect((await document(sessionId)).reported.totals.turns).toBe(0);
      await page.close({ runBeforeUnload: true });
      const [one] = await connectionsOf(setting);
      await expect.poll(async () => (await document(sessionId)).reported.totals.turns).toBe(1);
      const { reported, connections } = await document(sessionId);
      expect(one?.usage.total).toBeGreaterThan(0);
      expect(reported.totals).toEqual(one?.usage);
      expect(Object.values(connections)).toHaveLength(1);
    }));
});
