/**
 * What the page does against an echo, heard: a microphone that hears the loudspeaker, and a service that is interrupted
 * by what it hears. Shows the detector and the gate, not a browser's canceller: none is in the way here.
 */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amountOf } from '../../scripts/short-forms.ts';
import { launchChromium } from '../support/chromium.ts';
import { enterRoom } from './support/echoing-room.ts';
import { type EngineServer, serveEngine } from './support/engine-server.ts';
import { readWav, type Sound } from './support/sound.ts';

const TURNS = amountOf('turns in an echoing room');
const CUT_INS = amountOf('a person who cuts in');
const CHUNK_MS = 100;
/** The service takes what is louder than this for speech. */
const THRESHOLD = 0.02;
const asset = (name: string): string => fileURLToPath(new URL(`assets/${name}`, import.meta.url));

/** 16 kHz as 24 kHz, by straight lines: only its loudness matters here. */
const spokenBy = ({ samples }: Sound): string[] => {
  const pcm = Int16Array.from({ length: Math.floor(samples.length * 1.5) }, (_, at) => {
    const [from, share] = [Math.floor(at / 1.5), (at / 1.5) % 1];
    return Math.round(
      32_767 * ((samples[from] ?? 0) * (1 - share) + (samples[from + 1] ?? samples[from] ?? 0) * share),
    );
  });
  const size = 24 * CHUNK_MS;
  return Array.from({ length: Math.ceil(pcm.length / size) }, (_, at) =>
    Buffer.from(pcm.slice(at * size, (at + 1) * size).buffer).toString('base64'),
  );
};

describe('an echo in Chromium', () => {
  let server: EngineServer;
  let browser: Browser;
  let model: string[];
  let person: number[];
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveEngine(), launchChromium()]);
    model = spokenBy(await readWav(asset('sentence-one.wav')));
    person = [...(await readWav(asset('sentence-two.wav'))).samples];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const enter = async (gain: number, echo: 'plain' | 'half-duplex' | 'none'): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    await enterRoom(page, { gain });
    await page.goto(server.url);
    await page.waitForFunction(() => 'engine' in window);
    await page.evaluate((strategy) => window.engine.start({ echo: strategy }), echo);
    return page;
  };
  /** Which of {@link TURNS} turns were interrupted; no further ones after the first that is not `wanted`. */
  const turns = async (page: Page, wanted?: boolean): Promise<boolean[]> => {
    const interrupted: boolean[] = [];
    while (interrupted.length < TURNS && (wanted === undefined || interrupted.every((is) => is === wanted))) {
      if (interrupted.length > 0) await page.waitForTimeout(700);
      const { isInterrupted } = await page.evaluate(([chunks, how]) => window.engine.turn(chunks, how), [
        model,
        { chunkMs: CHUNK_MS, threshold: THRESHOLD },
      ] as const);
      interrupted.push(isInterrupted);
    }
    return interrupted;
  };
  /** How long after a person began to speak the model was silent, of {@link CUT_INS} times, in ms, shortest first. */
  const cutIns = async (page: Page): Promise<number[]> => {
    const delays: number[] = [];
    for (let turn = 0; turn < CUT_INS; turn++) {
      // Until the person has said it all.
      if (turn > 0) await page.waitForTimeout(4_000);
      const long = [...model, ...model];
      const running = page.evaluate(([chunks, how]) => window.engine.turn(chunks, how), [
        long,
        { chunkMs: CHUNK_MS, threshold: THRESHOLD },
      ] as const);
      await page.waitForTimeout(1_000);
      const spokenAt = await page.evaluate((samples) => window.room.speak(samples), person);
      const { isInterrupted } = await running;
      expect(isInterrupted).toBe(true);
      await page.waitForTimeout(100);
      delays.push((await page.evaluate(() => window.room.lastLoud(0.01))) - spokenAt);
    }
    return delays.toSorted((one, other) => one - other).map(Math.round);
  };
  /** The echo at which a conversation without a strategy is interrupted by itself, raised until it is. */
  let gain = 0.1;

  it('interrupts a conversation without a strategy by its own voice, once it is loud enough', async () => {
    let interrupted: boolean[] = [];
    for (; gain < 4; gain *= 2) {
      const page = await enter(gain, 'none');
      interrupted = await turns(page, true);
      await page.context().close();
      if (interrupted.every(Boolean)) break;
    }
    console.log(
      `none: ${interrupted.filter(Boolean).length} of ${TURNS} turns interrupt themselves, at an echo of ${gain}.`,
    );
    expect(interrupted).toEqual(Array.from({ length: TURNS }, () => true));
  });

  // Beside one another from here on: rooms of their own, in which most of the time is listened.
  it.concurrent('lets a person cut in where there is no echo, as the measure of what the gate costs', async () => {
    const page = await enter(0, 'none');
    const delays = await cutIns(page);
    console.log(`none, no echo: silence ${delays.join(', ')} ms after a person began to speak.`);
    expect(delays[Math.floor(CUT_INS / 2)]).toBeLessThan(1_200);
    await page.context().close();
  });

  it.concurrent('interrupts it twice by default; then the gate is closed, and says so', async () => {
    const page = await enter(gain, 'plain');
    const interrupted = await turns(page);
    const events = await page.evaluate(() => window.engine.selfInterruptions());
    console.log(`plain: ${interrupted.filter(Boolean).length} of ${TURNS} turns interrupt themselves.`);
    expect(events).toEqual([
      { count: 1, isGating: false },
      { count: 2, isGating: true },
    ]);
    expect(interrupted.slice(2).filter(Boolean)).toEqual([]);
    await page.context().close();
  });

  it.concurrent('interrupts no turn behind the gate, and lets a person cut in', async () => {
    const page = await enter(gain, 'half-duplex');
    const interrupted = await turns(page);
    console.log(`half-duplex: ${interrupted.filter(Boolean).length} of ${TURNS} turns interrupt themselves.`);
    expect(interrupted.filter(Boolean)).toEqual([]);
    const delays = await cutIns(page);
    console.log(`half-duplex: silence ${delays.join(', ')} ms after a person began to speak.`);
    expect(delays[Math.floor(CUT_INS / 2)]).toBeLessThan(1_200);
    await page.context().close();
  });
});
