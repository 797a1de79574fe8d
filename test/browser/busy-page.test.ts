/** Sound while the page's thread is busy: what the microphone sends and what the loudspeaker plays do not wait for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { spanOf } from './support/blemishes.ts';
import { type EngineServer, serveEngine } from './support/engine-server.ts';
import { type Arrival, type LiveRecorder, startLiveRecorder } from './support/live-recorder.ts';
import { type Sound, toneIn, writeWav } from './support/sound.ts';

const LEVEL = 0.5;
const tone = (hz: number, seconds: number, rateHz: number): Sound => ({
  samples: Float32Array.from(
    { length: Math.round(seconds * rateHz) },
    (_, at) => LEVEL * Math.sin((2 * Math.PI * hz * at) / rateHz),
  ),
  rateHz,
});
/** Base64 of each 100 ms of a tone. */
const chunksOf = (seconds: number): string[] =>
  Array.from({ length: seconds * 10 }, (_, at) => {
    const samples = Int16Array.from({ length: 2_400 }, (_, n) =>
      Math.round(16_384 * Math.sin((2 * Math.PI * 440 * (at * 2_400 + n)) / 24_000)),
    );
    return Buffer.from(samples.buffer).toString('base64');
  });
const CHUNKS = chunksOf(4);
const TIMES = CHUNKS.map((_, at) => at * 100);
const soundOf = (arrivals: readonly Arrival[]): Sound => ({
  samples: Float32Array.from(
    arrivals.flatMap(({ pcm }) => {
      const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      return Array.from({ length: pcm.length / 2 }, (_, at) => view.getInt16(at * 2, true) / 32_768);
    }),
  ),
  rateHz: 16_000,
});

/** The page's thread is not given back for so long, in ms. */
const FROZEN_MS = 2_000;
/** The bundle's file that owns socket and sound; a page that does not host it does all of it on its own thread. */
const WORKER = 'live.worker.js';

describe('a talk on a busy page', () => {
  let folder: string;
  let browser: Browser;
  let live: LiveRecorder;
  let server: EngineServer | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-busy-'));
    const path = join(folder, 'tone.wav');
    await writeWav(path, tone(1_000, 60, 48_000));
    browser = await launchChromium({ fakeMicrophoneWav: path });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    live = await startLiveRecorder();
  });
  afterEach(async () => {
    await server?.close();
    await live?.close();
  });

  const openPage = async (without: readonly string[] = []): Promise<Page> => {
    server = await serveEngine({ page: 'talk-in-page.ts', connect: live.host, without });
    const context = await browser.newContext();
    await context.grantPermissions(['microphone']);
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'talk' in window);
    return page;
  };
  /** The unprocessed microphone, so that its tone is a tone. */
  const RAW = { microphone: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } };
  /** The frames that came while the page was frozen, less what may have been under way. */
  const whileFrozen = async (page: Page): Promise<readonly Arrival[]> => {
    await page.waitForTimeout(1_300);
    const { from, to } = await page.evaluate((ms) => window.talk.freeze(ms), FROZEN_MS);
    await page.waitForTimeout(500);
    return live.arrivals.filter(({ at }) => at > from + 200 && at < to);
  };
  /** How much was not played of a turn that is spoken in real time to a frozen page, in ms. */
  const missedWhileFrozen = async (page: Page): Promise<number> => {
    const gapMs = () => page.evaluate(() => window.talk.figures()?.gapMs ?? 0);
    const before = await gapMs();
    const spoken = live.speak(CHUNKS, TIMES);
    await page.waitForTimeout(500);
    await page.evaluate((ms) => window.talk.freeze(ms), FROZEN_MS);
    await spoken;
    await page.waitForTimeout(1_000);
    return (await gapMs()) - before;
  };

  it.each([true, false])(
    'sends the microphone while the page is frozen (track read: %s)',
    async (canReadTracks) => {
      const page = await openPage();
      if (!canReadTracks)
        await page.evaluate(() => Reflect.deleteProperty(window, 'MediaStreamTrackProcessor'));
      await page.evaluate(([host, raw]) => window.talk.start(host, raw), [live.host, RAW] as const);
      // A hundred a second are due.
      expect((await whileFrozen(page)).length).toBeGreaterThan(FROZEN_MS / 20);
      const told = await page.evaluate(() => window.talk.levels());
      await page.evaluate(() => window.talk.stop());
      // The whole of it is one tone: no frame is missing, twice or in the wrong place.
      const sent = soundOf(live.arrivals);
      const { from, to } = spanOf(sent, LEVEL / 4);
      const { hz, level } = toneIn({ samples: sent.samples.subarray(from, to), rateHz: 16_000 });
      expect(Math.abs(hz - 1_000)).toBeLessThan(0.1);
      expect(Math.abs(level - LEVEL)).toBeLessThan(0.01);
      // Ten times a second, though not while it is frozen.
      expect(told).toBeGreaterThan(10);
      expect(live.others.at(-1)?.kind).toBe('audioStreamEnd');
      expect(live.others.at(-1)?.after).toBe(live.arrivals.length);
      await page.context().close();
    },
  );

  it('plays while the page is frozen, and yields every message as it came', async () => {
    const page = await openPage();
    await page.evaluate((host) => window.talk.start(host), live.host);
    expect(await missedWhileFrozen(page)).toBeLessThan(FROZEN_MS / 4);
    expect((await page.evaluate(() => window.talk.figures()))?.playedMs).toBe(CHUNKS.length * 100);
    const received = JSON.parse(await page.evaluate(() => window.talk.received())) as object[];
    const said = received.flatMap((message) =>
      'modelTurn' in message ? (message as { modelTurn: { parts: object[] } }).modelTurn.parts : [],
    );
    expect(said).toEqual(CHUNKS.map((data) => ({ inlineData: { mimeType: 'audio/pcm;rate=24000', data } })));
    await page.evaluate(() => window.talk.stop());
    await page.context().close();
  });

  it('neither sends nor plays meanwhile where the worker is not hosted', async () => {
    const page = await openPage([WORKER]);
    await page.evaluate(([host, raw]) => window.talk.start(host, raw), [live.host, RAW] as const);
    expect(await whileFrozen(page)).toEqual([]);
    expect(await missedWhileFrozen(page)).toBeGreaterThan(FROZEN_MS / 2);
    await page.evaluate(() => window.talk.stop());
    await page.context().close();
  });

  it('sends nothing while muted, and the end of the stream after the last of it', async () => {
    const page = await openPage();
    await page.evaluate((host) => window.talk.start(host), live.host);
    await page.waitForTimeout(500);
    await page.evaluate(() => window.talk.mute(true));
    await page.waitForTimeout(200);
    const muted = live.arrivals.length;
    expect(muted).toBeGreaterThan(0);
    await page.waitForTimeout(300);
    expect(live.others).toEqual([{ kind: 'audioStreamEnd', after: muted }]);
    await page.evaluate(() => window.talk.mute(false));
    await page.waitForTimeout(300);
    expect(live.arrivals.length).toBeGreaterThan(muted);
    await page.evaluate(() => window.talk.stop());
    await page.context().close();
  });

  it('talks on the page’s own thread where the worker is not hosted, and says so', async () => {
    const page = await openPage([WORKER]);
    await page.evaluate((host) => window.talk.start(host), live.host);
    await live.speak(chunksOf(1), []);
    await page.waitForTimeout(1_500);
    expect(live.arrivals.length).toBeGreaterThan(50);
    expect(await page.evaluate(() => window.talk.figures())).toMatchObject({ playedMs: 1_000 });
    expect(await page.evaluate(() => window.talk.warnings())).toEqual([expect.stringContaining(WORKER)]);
    await page.evaluate(() => window.talk.stop());
    await page.context().close();
  });
});
