/** Three apps, each one file, once with firebase/ai and once with @livegate/web: what they see, side by side. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer, LiveSessionView } from '@livegate/emulator';
import { encodeBase64 } from '@livegate/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readWav } from '../../browser/support/sound.ts';
import { launchChromium } from '../../support/chromium.ts';
import { useStack } from '../../support/stack.ts';
import { type AppsServer, MODULES, type ModuleName, serveApps } from '../page/apps-server.ts';
import type { AppName, Trace } from '../page/play.ts';
import { type Difference, differences, tableOf, tableUnder } from '../trace-table.ts';
import type { Order } from './stage.ts';

const SENTENCE = fileURLToPath(new URL('../../browser/assets/sentence-two.wav', import.meta.url));
const README = fileURLToPath(new URL('../../../web/README.md', import.meta.url));
const HEADING = 'Measured beside firebase/ai';
const CALLS: Answer = [{ toolCall: { name: 'weather', args: { place: 'Oslo' } } }, { text: 'Clear sky.' }];
const SPEAKS: Answer = [{ heard: 'A sentence.' }, { text: 'So it is.' }];
const ANSWERS: Readonly<Record<AppName, Answer>> = {
  'text-turns': CALLS,
  'media-stream': SPEAKS,
  'audio-conversation': CALLS,
};

let server: AppsServer;
let browser: Browser;
beforeAll(async () => {
  server = await serveApps();
  browser = await launchChromium({ fakeMicrophoneWav: SENTENCE });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(() => useStack().live.answerWith(undefined));

/** The sentence and a second and a half of silence, in pieces of 100 ms. */
async function speech(): Promise<readonly string[]> {
  const { samples, rateHz } = await readWav(SENTENCE);
  expect(rateHz).toBe(16_000);
  const pcm = new Int16Array(samples.length + 24_000);
  pcm.set(Int16Array.from(samples, (sample) => Math.round(sample * 32_767)));
  return Array.from({ length: Math.floor(pcm.length / 1_600) }, (_, index) =>
    encodeBase64(new Uint8Array(pcm.buffer, index * 3_200, 3_200)),
  );
}

async function play(module: ModuleName, name: AppName): Promise<Trace> {
  const { live, hosts, projectId } = useStack();
  const known = new Set((await live.sessions()).map(({ id }) => id));
  /** Both modules talk at the same time: ours by a token, theirs without. */
  const isOwn = ({ id, tokenHash }: LiveSessionView): boolean =>
    !known.has(id) && (tokenHash !== undefined) === (module === 'livegate');
  const context = await browser.newContext();
  await context.grantPermissions(['microphone']);
  const page = await context.newPage();
  const obey = async (order: Order): Promise<void> => {
    const newest = (await live.sessions()).filter(isOwn).at(-1);
    if (!newest) throw new Error('No connection was made.');
    const until = (holds: (session: LiveSessionView) => boolean): Promise<true> =>
      live.waitFor(
        (all) => all.some((session) => session.id === newest.id && holds(session)) || undefined,
        20_000,
      );
    if (order === 'go-away') await live.goAway(newest.id, 30_000);
    else if (order === 'turn') await until(({ turns }) => turns > 0);
    else if (order === 'another-turn') await until(({ turns }) => turns > newest.turns);
    else if (order === 'quiet') await until(({ state }) => state === 'listening');
    else {
      await live.drop(newest.id, 1000, 'bye');
      await until(({ connected }) => !connected);
    }
  };
  await page.exposeFunction('livegateAsk', obey);
  await page.goto(server.url(module));
  await page.waitForFunction(() => typeof window.livegatePlay === 'function');
  try {
    return await page.evaluate((options) => window.livegatePlay(options), {
      name,
      projectId,
      hosts: { auth: hosts.auth, functions: hosts.functions, live: hosts.live },
      speech: await speech(),
    });
  } finally {
    await context.close();
  }
}

describe('an app written for firebase/ai', () => {
  const measured: Difference[] = [];
  for (const name of ['text-turns', 'media-stream', 'audio-conversation'] as const)
    test(`${name} runs to its end with either module`, async () => {
      await useStack().live.answerWith(ANSWERS[name]);
      const traces = await Promise.all(MODULES.map((module) => play(module, name)));
      const [theirs = [], ours = []] = traces;
      for (const trace of traces) expect(trace.map(([step]) => step)).not.toContain('the app itself');
      measured.push(...differences(name, theirs, ours));
      expect(ours.length).toBeGreaterThan(9);
    });

  test('sees the differences that the README lists, and no other', () => {
    const listed = tableUnder(readFileSync(README, 'utf8'), HEADING);
    expect(tableOf(measured)).toBe(tableOf(listed));
  });
});
