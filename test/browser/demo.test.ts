/**
 * The demo as a person uses it without saying a word: tools that are called, answers that are cut short, camera and
 * screen, devices, the button of push-to-talk, refusals and the ways on; as one sees it, as one hears it, and under the
 * policy that the page is served with.
 */
import { randomUUID } from 'node:crypto';
import type { LiveSessionView } from '@livegate/emulator';
import type { LivePolicyDocument, SetupPath } from '@livegate/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { useChromium } from '../support/chromium.ts';
import { signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import {
  expectAccessible,
  fitsWidth,
  keepPictures,
  PHONE,
  watchViolations,
} from './support/dashboard-page.ts';
import { keepPicture } from './support/pictures.ts';

const RATE_HZ = 24_000;
/** An answer that is long enough to be cut. */
const LONG = [
  { transcript: 'Once upon a time' },
  { audio: { samples: new Int16Array(20 * RATE_HZ).fill(900), rateHz: RATE_HZ } },
] as const;

/** Runs in the page before anything of it: a microphone that hears nothing, and what was asked of the devices. */
function hushed(): void {
  const asked = { microphones: [] as unknown[], speakers: [] as string[] };
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    for (const track of stream.getAudioTracks()) track.enabled = false;
    if (constraints?.audio) asked.microphones.push(stream.getAudioTracks()[0]?.getSettings().deviceId);
    return stream;
  };
  const context = AudioContext.prototype as unknown as { setSinkId(id: string): Promise<void> };
  const { setSinkId } = context;
  context.setSinkId = function (id) {
    asked.speakers.push(id);
    return setSinkId.call(this, id);
  };
  Object.assign(window, { asked });
}

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly violations: readonly string[];
}

describe('the demo in Chromium', () => {
  const chromium = useChromium({ args: ['--auto-select-desktop-capture-source=Entire screen'] });
  const asking = useChromium({ granted: false });
  const firestore = useAdminFirestore();
  const { live } = useStack();

  /** Opens the page. With a policy the guest that it makes is a user of that policy. */
  async function open(
    browser: Browser,
    {
      policy,
      permissions = ['microphone', 'camera'],
    }: { readonly policy?: Partial<LivePolicyDocument>; readonly permissions?: readonly string[] } = {},
  ): Promise<Opened> {
    const context = await browser.newContext({
      viewport: { width: 1100, height: 860 },
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
    });
    await context.grantPermissions([...permissions]);
    const violations = await watchViolations(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.addInitScript(hushed);
    if (policy) await signInUnder(page, policy);
    const response = await page.goto(useStack().demoUrl);
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
    return { page, context, violations };
  }
  /** Whom the page signs in as a guest is a user of this policy. */
  async function signInUnder(page: Page, policy: Partial<LivePolicyDocument>): Promise<void> {
    const id = `demo-${randomUUID()}`;
    await firestore()
      .doc(`livePolicies/${id}`)
      .set({ ...SEEDED_POLICY, ...policy });
    const { email, password } = await signInAsNewUser({ livegatePolicy: id });
    await page.route(/accounts:signUp/, async (route) => {
      const url = route.request().url().replace('accounts:signUp', 'accounts:signInWithPassword');
      const postData = JSON.stringify({ email, password, returnSecureToken: true });
      await route.fulfill({ response: await route.fetch({ url, postData }) });
    });
  }
  const say = async (page: Page, text: string): Promise<void> => {
    await page.getByTestId('text-input').fill(text);
    await page.getByTestId('text-send').click();
  };
  const state = (page: Page, wanted: string) =>
    page.locator(`[data-testid=state][data-state=${wanted}]`).waitFor();
  const calls = (page: Page) => page.getByTestId('tool-call');
  const lastAnswer = (page: Page) => page.locator('[data-role=model]').last();
  /** The connections of this page, oldest first. */
  const connections = async (page: Page): Promise<readonly LiveSessionView[]> => {
    const before = await page.evaluate(() => (window as unknown as { before: number }).before);
    return (await live.sessions()).slice(before);
  };
  /** Starts a talk by that button and waits until one can type. */
  const begin = async (page: Page, button: string): Promise<LiveSessionView> => {
    const before = (await live.sessions()).length;
    await page.evaluate((count) => Object.assign(window, { before: count }), before);
    await page.getByTestId(button).click();
    await page.locator('[data-testid=text-input]:enabled').waitFor();
    const [connection] = await connections(page);
    if (connection === undefined) throw new Error('No connection was opened.');
    return connection;
  };

  it('calls the page’s tools, changes devices in mid-talk, shows what cuts an answer short, comes back, and shares what one sees', async () => {
    const { page, context, violations } = await open(await chromium());
    await expectAccessible(page, 'idle');
    await page.getByTestId('template').selectOption('demo-tools');
    await page.getByTestId('voice').selectOption('Kore');
    await page.getByTestId('language').selectOption('de-DE');
    await page.getByTestId('model').selectOption('gemini-3.8-live-extended-thinking');
    const first = await begin(page, 'talk-button');
    await state(page, 'listening');
    expect(first.model).toBe('gemini-3.8-live-extended-thinking');
    expect(first.setup?.generationConfig?.speechConfig).toEqual({
      voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } },
      languageCode: 'de-DE',
    });
    expect(await page.getByTestId('chosen').textContent()).toMatch(/tools · Kore · de-DE · gemini-3\.8/);
    expect(await page.getByTestId('lease').textContent()).toMatch(/^1:\d\d left/);
    expect(await page.getByTestId('quota').textContent()).toBe('58 min left today');
    expect(await page.getByTestId('quota-day').getAttribute('value')).toMatch(/^0\.96/);

    // A call that is answered, one that fails, one that the model takes back.
    await say(page, 'Make it violet, please');
    await calls(page)
      .filter({ hasText: /^set_theme_colouranswered in \d+ ms$/ })
      .waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.colour)).toBe('violet');
    await lastAnswer(page).getByText('The page is violet now.').waitFor();
    await page.getByTestId('announcer').getByText('Model: The page is violet now.').waitFor();
    await say(page, 'What time is it in Mars/Olympus?');
    await calls(page)
      .filter({ hasText: /^get_time_in_zonefailed in \d+ ms$/ })
      .waitFor();
    await lastAnswer(page).getByText('That did not work.').waitFor();
    const taken = { id: 'taken-back', name: 'set_theme_colour', args: { colour: 'rose' } };
    // In one message: the page is as busy as it is, and the colour takes its time.
    await live.inject(first.id, {
      toolCall: { functionCalls: [taken] },
      toolCallCancellation: { ids: [taken.id] },
    });
    await calls(page)
      .filter({ hasText: /^set_theme_colourcancelled in \d+ ms$/ })
      .waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.colour)).toBe('violet');

    // Another microphone, another loudspeaker; then that is plugged out.
    await page.getByTestId('microphone').selectOption({ label: 'Fake Audio Input 2' });
    await page.getByTestId('speaker').selectOption({ label: 'Fake Audio Output 2' });
    const asked = () =>
      page.evaluate(
        () => (window as unknown as { asked: { microphones: string[]; speakers: string[] } }).asked,
      );
    const microphone = await page.getByTestId('microphone').inputValue();
    const speaker = await page.getByTestId('speaker').inputValue();
    await expect.poll(async () => (await asked()).microphones.at(-1)).toBe(microphone);
    await expect.poll(async () => (await asked()).speakers).toEqual([speaker]);
    await page.evaluate((gone) => {
      const { mediaDevices } = navigator;
      const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
      mediaDevices.enumerateDevices = async () =>
        (await enumerate()).filter(({ deviceId }) => deviceId !== gone);
      mediaDevices.dispatchEvent(new Event('devicechange'));
    }, speaker);
    await expect.poll(async () => (await asked()).speakers).toEqual([speaker, '']);
    expect(await page.getByTestId('speaker').inputValue()).toBe('');
    expect(await page.getByTestId('speaker').locator('option').allTextContents()).toEqual([
      'The system’s own',
      'Fake Audio Output 1',
    ]);

    // Nothing is said any more.
    await live.waitFor({ sessions: { id: first.id, state: 'listening' } });
    await state(page, 'listening');
    // An answer that a message cuts in on, one that the network cuts off, and a connection that is moved.
    await live.answerWith(LONG, { sessionId: first.id, times: 1 });
    await say(page, 'A story');
    await state(page, 'speaking');
    await say(page, 'Make it blue again');
    await page.locator('[data-role=model][data-state=interrupted]').getByText('you interrupted').waitFor();
    await lastAnswer(page).getByText('The page is blue now.').waitFor();
    await live.waitFor({ sessions: { id: first.id, state: 'listening' } });
    await live.answerWith(LONG, { sessionId: first.id, times: 1 });
    await say(page, 'Another story');
    await state(page, 'speaking');
    await live.drop(first.id);
    await page.locator('[data-role=model][data-state=cut]').getByText('the connection broke').waitFor();
    await page
      .getByTestId('connection')
      .getByText(/^Resumed; the model remembers/)
      .waitFor();
    const [, second] = await connections(page);
    expect(second).toMatchObject({ connected: true, resumedFrom: first.id });
    await live.goAway(second?.id ?? '', 20_000);
    await page.getByTestId('connection').getByText('Renewed; the model remembers').waitFor();
    const [, , third] = await connections(page);

    // Camera, then screen, which the browser's own button ends.
    await page.getByTestId('share-camera').click();
    await live.waitFor({ sessions: { id: third?.id ?? '', videoFrames: 1 } }, 10_000);
    await page.getByTestId('preview').getByText('your camera').waitFor();
    await expect
      .poll(() =>
        page
          .getByTestId('preview')
          .locator('video')
          .evaluate((video: HTMLVideoElement) => video.videoWidth),
      )
      .toBeGreaterThan(0);
    await page
      .getByTestId('pictures-sent')
      .getByText(/^Pictures sent: [1-9]/)
      .waitFor();
    await expectAccessible(page, 'talking');
    await page.evaluate(() => scrollTo(0, 0));
    await keepPictures(page, 'demo');
    await page.getByTestId('share-screen').click();
    await page.locator('[data-testid=preview][data-source=screen]').waitFor();
    expect(await page.getByTestId('share-camera').getAttribute('aria-pressed')).toBe('false');
    await page
      .getByTestId('preview')
      .locator('video')
      .evaluate((video: HTMLVideoElement) => {
        const [track] = (video.srcObject as MediaStream).getVideoTracks();
        track?.stop();
        track?.dispatchEvent(new Event('ended'));
      });
    await page.getByTestId('remark').getByText('ended by the browser').waitFor();
    expect(await page.getByTestId('preview').count()).toBe(0);
    await page.getByTestId('remark').getByRole('button', { name: 'Dismiss' }).click();

    await page.setViewportSize(PHONE);
    expect(await fitsWidth(page)).toBe(true);

    await page.getByTestId('mute').click();
    await page.getByTestId('state').getByText('Microphone muted').waitFor();
    await page.getByTestId('talk-button').click();
    await state(page, 'ended');
    expect(await page.getByTestId('connection').textContent()).toBe('Closed');
    expect(violations).toEqual([]);
    await context.close();
  });

  it('names the wish that a policy refuses, starts without it, and listens while a button is held', async () => {
    const settableFields = SEEDED_POLICY.settableFields.filter(
      (path: SetupPath) => path !== 'generationConfig.speechConfig',
    );
    const { page, context, violations } = await open(await chromium(), { policy: { settableFields } });
    await page.getByTestId('push-to-talk').check();
    await page.getByTestId('language').selectOption('de-DE');
    await page.getByTestId('talk-button').click();
    const error = page.getByTestId('error');
    await error.getByText('Refused: generationConfig.speechConfig.').waitFor();
    expect(await error.getAttribute('role')).toBe('alert');
    await expectAccessible(page, 'refused');
    await begin(page, 'way-no-wishes');
    await state(page, 'listening');
    await page.getByTestId('talk-button').click();
    await state(page, 'ended');

    // The voice stays as the app has it; the button is asked for again.
    expect(await page.getByTestId('voice').inputValue()).toBe('');
    await page.getByTestId('push-to-talk').check();
    const { id } = await begin(page, 'talk-button');
    await page.getByTestId('state').getByText('Hold to talk').waitFor();
    const marks = async (): Promise<readonly string[]> =>
      (await live.journal({ sessionId: id, kind: 'in' }))
        .map((entry) => JSON.stringify(entry))
        .flatMap((text) => /activityStart|activityEnd/.exec(text) ?? [])
        .map(String);
    // By the button itself, which has the focus.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('hold');
    await page.keyboard.down('Space');
    await state(page, 'listening');
    await page.keyboard.up('Space');
    await state(page, 'waiting');
    await expect.poll(marks).toEqual(['activityStart', 'activityEnd']);
    // In a field the space bar is a space.
    await page.getByTestId('text-input').focus();
    await page.keyboard.type('a b');
    expect(await page.getByTestId('text-input').inputValue()).toBe('a b');
    // Anywhere else on the page it is the button; so is a pointer that slides off.
    await page.getByTestId('transcript').focus();
    await page.keyboard.down('Space');
    await state(page, 'listening');
    await page.keyboard.up('Space');
    await page.getByTestId('hold').hover();
    await page.mouse.down();
    await state(page, 'listening');
    await page.mouse.move(2, 2);
    await page.mouse.up();
    await state(page, 'waiting');
    await expect.poll(async () => (await marks()).length).toBe(6);
    await page.getByTestId('talk-button').click();
    expect(violations).toEqual([]);
    await context.close();
  });

  it('types where the microphone is refused, reads where text was asked for, and says when minutes come back', async () => {
    const { page, context, violations } = await open(await asking(), { permissions: [] });
    const inspector = await context.newCDPSession(page);
    const { targetInfo } = await inspector.send('Target.getTargetInfo');
    const ofBrowser = await (await asking()).newBrowserCDPSession();
    await ofBrowser.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting: 'denied',
      origin: new URL(page.url()).origin,
      ...(targetInfo.browserContextId ? { browserContextId: targetInfo.browserContextId } : {}),
    });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByTestId('modality').selectOption('text');
    await page.getByText('billed as sound').waitFor();
    await page.getByTestId('talk-button').click();
    await page.getByTestId('error').getByText('The microphone is not allowed').waitFor();
    await expectAccessible(page, 'no microphone, dark');
    await keepPicture(page, 'demo-problem-dark');
    const { id } = await begin(page, 'way-text-only');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('text-input');
    await say(page, 'Good morning');
    await lastAnswer(page).getByText('You are hearing a recorded answer.').waitFor();
    const [mine] = (await live.sessions()).filter((session) => session.id === id);
    expect(mine).toMatchObject({ audioSeconds: 0 });
    expect(await page.getByTestId('open-microphone').count()).toBe(1);
    await page.getByTestId('talk-button').click();
    await state(page, 'ended');

    const uid = await page.getByTestId('user').getAttribute('data-uid');
    await firestore().doc(`liveQuotas/${uid}`).update({ dayMs: 3_600_000 });
    await page.getByTestId('type-only').click();
    await page.getByTestId('error').getByText('No minutes left today').waitFor();
    expect(await page.getByTestId('retry').textContent()).toMatch(
      /^You can try again at (\d+ \w+ )?00:0\d, in \d+ (min|h|s)\.$/,
    );
    expect(await page.getByTestId('way-again').isDisabled()).toBe(true);
    await page.getByTestId('error').getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByTestId('error').count()).toBe(0);
    expect(violations).toEqual([]);
    await context.close();
  });
});
