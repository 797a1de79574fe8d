/**
 * One talk, whole: a sentence into a fake microphone, a token from the function, an echo from the Live emulator, and
 * what comes out of the speaker, heard and compared; then a barge-in, the end, the books and the dashboard.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LiveSessionDocument } from '@livegate/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_ADMIN } from '../../scripts/seed-documents.ts';
import { launchChromium } from '../support/chromium.ts';
import { callFunction, signInAnonymously, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { audioOf, giveEar, heardBy, type Processing } from './support/page-ear.ts';
import { keepPicture } from './support/pictures.ts';
import {
  audibleMs,
  concatenated,
  levels,
  likeness,
  readWav,
  type Sound,
  silence,
  writeWav,
} from './support/sound.ts';

const asset = (name: string): string => fileURLToPath(new URL(`assets/${name}`, import.meta.url));
const RATE_HZ = 16_000;

/** From and to in ms. */
const cut = ({ samples, rateHz }: Sound, from: number, to: number): Sound => ({
  samples: samples.subarray(Math.round((from * rateHz) / 1_000), Math.round((to * rateHz) / 1_000)),
  rateHz,
});

/** Stretches louder than `threshold`, parted by at least `pauseMs` of less. */
const stretches = (
  sound: Sound,
  { threshold, pauseMs }: { readonly threshold: number; readonly pauseMs: number },
) => {
  const found: { from: number; to: number }[] = [];
  levels(sound).forEach((level, window) => {
    if (level <= threshold) return;
    const last = found.at(-1);
    if (last && window * 10 - last.to < pauseMs) last.to = (window + 1) * 10;
    else found.push({ from: window * 10, to: (window + 1) * 10 });
  });
  return found;
};

/** Opens the demo in a browser whose microphone says `said`, chooses the echo and starts talking. */
async function talkIn(context: BrowserContext, processing: Processing): Promise<Page> {
  await context.grantPermissions(['microphone']);
  const page = await context.newPage();
  await giveEar(page, { processing });
  await page.goto(useStack().demoUrl);
  await page.getByTestId('template').selectOption('demo-echo');
  await page.getByTestId('talk-button').click();
  return page;
}

describe('a talk in Chromium', () => {
  const firestore = useAdminFirestore();
  let folder: string;
  let one: Sound;
  let two: Sound;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-talk-'));
    one = await readWav(asset('sentence-one.wav'));
    two = await readWav(asset('sentence-two.wav'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const microphoneSaying = async (name: string, said: Sound): Promise<Browser> => {
    const path = join(folder, `${name}.wav`);
    await writeWav(path, said);
    return launchChromium({ fakeMicrophoneWav: path });
  };
  const document = async (sessionId: string): Promise<LiveSessionDocument> =>
    (await firestore().doc(`liveSessions/${sessionId}`).get()).data() as LiveSessionDocument;

  it('is heard as it was said, falls silent for a barge-in, ends clean, and stands in the books and the dashboard', async () => {
    const said = concatenated(
      silence(1, RATE_HZ),
      one,
      silence(7.5, RATE_HZ),
      two,
      silence(1.5, RATE_HZ),
      one,
      silence(9, RATE_HZ),
    );
    const browser = await microphoneSaying('talk', said);
    const operator = await launchChromium();
    try {
      // A session that waits for its socket, and one that talks: with the talk's own, three states.
      const { live, demoUrl, dashboardUrl } = useStack();
      const dashboard = await operator.newPage({ viewport: { width: 1280, height: 760 } });
      await dashboard.goto(new URL('/sessions', dashboardUrl).href);
      await dashboard.getByTestId('email').fill(SEEDED_ADMIN.email);
      await dashboard.getByTestId('password').fill(SEEDED_ADMIN.password);
      await dashboard.getByTestId('sign-in').click();
      await dashboard.getByTestId('filter').waitFor();

      const before = (await live.sessions()).length;
      const context = await browser.newContext({ viewport: { width: 1100, height: 860 } });
      const page = await talkIn(context, 'off');
      // Its model is known once the setup has come, which is a moment after the socket.
      const socket = await live.waitFor(
        (sessions) => sessions[before]?.model !== undefined && sessions[before],
        20_000,
      );
      const sessionId = (await page.getByTestId('session-id').textContent()) ?? '';
      expect(sessionId).toMatch(/^[A-Za-z0-9]{16,}$/);

      // The token was minted by the function: locked, for one socket, and gone from the page's address.
      expect(socket).toMatchObject({ method: 'BidiGenerateContentConstrained', model: 'gemini-3.8-live' });
      expect(socket.tokenHash).toMatch(/^[0-9a-f]{16}$/);
      expect(page.url()).toBe(demoUrl.endsWith('/') ? demoUrl : `${demoUrl}/`);

      // The dashboard shows the row without a reload.
      const row = dashboard.locator(`[data-testid=session-row][data-session-id="${sessionId}"]`);
      await row.waitFor({ timeout: 10_000 });
      expect(await row.getByTestId('cell-leased').getAttribute('data-seconds')).toBe('120');

      // First sentence and its echo; second sentence, cut short in its echo by the third; the third's echo.
      await live.waitFor((sessions) => sessions[before]?.interruptions === 1, 40_000);
      await page.locator('[data-testid=transcript] [data-role=model]').nth(1).waitFor();
      await live.waitFor((sessions) => (sessions[before]?.turns ?? 0) >= 3, 30_000);
      await page.waitForTimeout(500);
      const { speaker, microphone } = await heardBy(page);
      const heard = stretches(speaker, { threshold: 0.005, pauseMs: 700 });
      const spoken = stretches(microphone, { threshold: 0.005, pauseMs: 700 });
      expect(spoken).toHaveLength(3);
      expect(heard).toHaveLength(3);
      const [echo, cutEcho] = heard as [{ from: number; to: number }, { from: number; to: number }];
      const [, , bargeIn] = spoken as [unknown, unknown, { from: number; to: number }];

      const first = cut(speaker, echo.from - 200, echo.to + 200);
      const alike = likeness(one, first);
      const other = likeness(two, first);
      console.log(
        `Echo: correlation ${alike.coefficient.toFixed(4)} with what was said, ${other.coefficient.toFixed(4)} with another sentence.`,
      );
      expect(alike.coefficient).toBeGreaterThanOrEqual(0.9);
      expect(other.coefficient).toBeLessThanOrEqual(0.3);

      // Barge-in: what had been sent and not yet played is the answer that waited.
      const journal = await live.journal(socket.id);
      const interrupted = journal.findIndex(
        (entry) => entry.kind === 'out' && entry.message.serverContent?.interrupted === true,
      );
      const turnStart = journal
        .slice(0, interrupted)
        .findLastIndex((entry) => entry.kind === 'out' && entry.message.serverContent?.turnComplete === true);
      const sentBytes = journal
        .slice(turnStart, interrupted)
        .flatMap((entry) =>
          entry.kind === 'out' ? (entry.message.serverContent?.modelTurn?.parts ?? []) : [],
        )
        .reduce((sum, { inlineData }) => sum + Number(/\d+/.exec(inlineData?.data ?? '')?.[0] ?? 0), 0);
      const queuedMs = sentBytes / 48 - (bargeIn.from - cutEcho.from);
      const silencedMs = cutEcho.to - bargeIn.from;
      console.log(
        `Barge-in: ${Math.round(queuedMs)} ms of answer waited, silence ${silencedMs} ms after the voice began.`,
      );
      expect(queuedMs).toBeGreaterThanOrEqual(2_000);
      expect(silencedMs).toBeGreaterThan(0);
      expect(silencedMs).toBeLessThanOrEqual(300);
      expect(cutEcho.to - cutEcho.from).toBeLessThan(2_000);

      // stop(): the track, the contexts and the socket, as each of them says.
      await page.getByTestId('talk-button').click();
      const closed = await live.waitFor(
        (sessions) => sessions[before]?.connected === false && sessions[before],
        5_000,
      );
      expect(closed).toMatchObject({ closeCode: 1000, closedBy: 'client' });
      await expect.poll(() => audioOf(page)).toMatchObject({ contexts: ['closed'], tracks: ['ended'] });

      // The books: the whole lease is charged, the tokens are what the emulator counted.
      await expect.poll(async () => (await document(sessionId)).state, { timeout: 10_000 }).toBe('ended');
      const books = await document(sessionId);
      expect(books.leased).toEqual({ seconds: 120, tokens: 1 });
      expect(books.reported.totals).toEqual(closed.usage);
      expect(books.reported.totals.prompt.AUDIO).toBeGreaterThan(0);
      expect(books.reported.totals.response.AUDIO).toBeGreaterThan(0);
      expect(books.reported.seconds).toBeGreaterThan(20);

      await row.and(dashboard.locator('[data-state=ended]')).waitFor({ timeout: 10_000 });
      expect(Number(await row.getByTestId('cell-tokens').getAttribute('data-in'))).toBeGreaterThan(0);
      await pictureOfThreeStates(dashboard);
    } finally {
      await browser.close();
      await operator.close();
    }
  });

  it('is reported, not judged, with the browser’s processing on', async () => {
    const browser = await microphoneSaying(
      'processed',
      concatenated(silence(1, RATE_HZ), one, silence(9, RATE_HZ)),
    );
    try {
      const { live } = useStack();
      const before = (await live.sessions()).length;
      const page = await talkIn(await browser.newContext(), 'on');
      await live.waitFor((sessions) => (sessions[before]?.turns ?? 0) >= 1, 40_000);
      const { speaker } = await heardBy(page);
      const { coefficient } = likeness(one, speaker);
      console.log(`Echo with processing on: correlation ${coefficient.toFixed(4)} (reported, not judged).`);
      expect(audibleMs(speaker)).toBeDefined();
      await page.getByTestId('talk-button').click();
    } finally {
      await browser.close();
    }
  });

  /** Ended, talking and waiting, in one picture. */
  async function pictureOfThreeStates(dashboard: Page): Promise<void> {
    const { idToken } = await signInAnonymously();
    const mint = async (): Promise<{ sessionId: string; connectionId: string }> => {
      const data = {
        v: 1,
        op: 'start',
        requestId: crypto.randomUUID(),
        model: 'gemini-3.8-live',
        template: { id: 'demo-spoken' },
      };
      const { result, error } = await callFunction<{ sessionId: string; connectionId: string }>(
        'mintLiveToken',
        { data, idToken },
      );
      if (!result) throw new Error(error?.message);
      return result;
    };
    const [waiting, talking] = [await mint(), await mint()];
    const totals = {
      turns: 2,
      prompt: { AUDIO: 210, TEXT: 34 },
      response: { AUDIO: 160 },
      toolUse: {},
      cached: {},
      thoughts: 0,
      total: 404,
    };
    await callFunction('reportLiveUsage', {
      data: {
        v: 1,
        sessionId: talking.sessionId,
        connectionId: talking.connectionId,
        seq: 1,
        final: false,
        seconds: 14,
        totals,
      },
      idToken,
    });
    for (const [sessionId, state] of [
      [waiting.sessionId, 'reserved'],
      [talking.sessionId, 'active'],
    ]) {
      await dashboard
        .locator(`[data-testid=session-row][data-session-id="${sessionId}"][data-state=${state}]`)
        .waitFor({ timeout: 10_000 });
    }
    await dashboard.locator('[data-testid=session-row][data-state=ended]').first().waitFor();
    await keepPicture(dashboard, 'dashboard');
  }
});
