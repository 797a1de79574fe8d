/** What a person is told where there is no microphone, by the browser's own refusals. */
import { randomUUID } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { launchChromium, useChromium } from '../support/chromium.ts';
import { signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { openTalkingPage, serveTalkingPage, type TalkingServer, toldBy } from './support/talking-server.ts';

describe('a conversation without a microphone', () => {
  const chromium = useChromium({ granted: false });
  const firestore = useAdminFirestore();
  let server: TalkingServer;
  beforeAll(async () => {
    server = await serveTalkingPage();
  });
  afterAll(() => server?.close());

  /** What the user of this tab has said to the browser's question. */
  async function answer(page: Page, setting: 'granted' | 'denied'): Promise<void> {
    const inspector = await page.context().newCDPSession(page);
    const { targetInfo } = await inspector.send('Target.getTargetInfo');
    const ofBrowser = await (await chromium()).newBrowserCDPSession();
    await ofBrowser.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting,
      origin: new URL(page.url()).origin,
      ...(targetInfo.browserContextId ? { browserContextId: targetInfo.browserContextId } : {}),
    });
  }
  async function connect(page: Page): Promise<string> {
    const instruction = `microphone-${randomUUID()}`;
    const { projectId, hosts } = useStack();
    await firestore().doc(`livePolicies/${instruction}`).set(SEEDED_POLICY);
    const user = await signInAsNewUser({ livegatePolicy: instruction });
    await page.evaluate((setting) => window.livegateTalk.connect(setting), {
      projectId,
      hosts,
      user,
      instruction,
    });
    return instruction;
  }
  const newContext = async (): Promise<BrowserContext> => (await chromium()).newContext();

  it('that was refused says where to allow it, and works once it is allowed', async () => {
    const context = await newContext();
    const page = await openTalkingPage(context, server.url);
    await answer(page, 'denied');
    const error = await page.evaluate(() => window.livegateTalk.talkToNobody());
    expect(error).toMatchObject({ isAIError: true, code: 'error', data: { audio: 'microphone-denied' } });
    expect(error?.message).toContain('address bar');
    await connect(page);
    await answer(page, 'granted');
    expect(await page.evaluate(() => window.livegateTalk.talk())).toBeUndefined();
    await context.close();
  });

  it('on a machine that has none asks for one to be connected', async () => {
    const bare = await launchChromium({ microphone: false });
    try {
      const page = await openTalkingPage(await bare.newContext({ permissions: ['microphone'] }), server.url);
      const error = await page.evaluate(() => window.livegateTalk.talkToNobody());
      expect(error).toMatchObject({ isAIError: true, code: 'error', data: { audio: 'no-microphone' } });
      expect(error?.message).toContain('Connect one');
    } finally {
      await bare.close();
    }
  });

  it('on an insecure origin names what is wanted', async () => {
    const mapped = await launchChromium({ args: ['--host-resolver-rules=MAP page.test 127.0.0.1'] });
    try {
      const page = await openTalkingPage(await mapped.newContext(), `http://page.test:${server.port}/`);
      expect(await page.evaluate(() => isSecureContext)).toBe(false);
      const error = await page.evaluate(() => window.livegateTalk.talkToNobody());
      expect(error).toMatchObject({
        isAIError: true,
        code: 'unsupported',
        data: { audio: 'insecure-origin' },
      });
      expect(error?.message).toContain('https');
    } finally {
      await mapped.close();
    }
  });

  it('that is taken away in mid-talk is told of, and the talk goes on', async () => {
    const context = await newContext();
    const page = await openTalkingPage(context, server.url);
    await answer(page, 'granted');
    await connect(page);
    expect(await page.evaluate(() => window.livegateTalk.talk())).toBeUndefined();
    await answer(page, 'denied');
    await page.waitForFunction(() => window.livegateTalk.told().lost.length > 0);
    const { lost, isClosed } = await toldBy(page);
    expect(lost[0]).toMatchObject({ isAIError: true, data: { audio: 'microphone-lost' } });
    expect(isClosed).toBe(false);
    const { turns } = await toldBy(page);
    await page.evaluate(() => window.livegateTalk.say('Still there?'));
    await page.waitForFunction((known) => window.livegateTalk.told().turns > known, turns);
    await context.close();
  });

  it('is no obstacle to a talk in writing, which asks for none', async () => {
    const context = await newContext();
    const page = await openTalkingPage(context, server.url);
    await answer(page, 'denied');
    const instruction = await connect(page);
    const asked = page.evaluate(() => window.livegateTalk.talk({ microphone: false }));
    expect(await asked).toBeUndefined();
    await page.evaluate(() => window.livegateTalk.say('In writing'));
    await page.waitForFunction(() => window.livegateTalk.told().turns > 0);
    const sessions = await useStack().live.sessions();
    const mine = sessions.filter(({ setup }) => setup?.systemInstruction?.parts?.[0]?.text === instruction);
    expect(mine).toMatchObject([{ connected: true, audioSeconds: 0 }]);
    await context.close();
  });
});
