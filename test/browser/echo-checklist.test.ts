/**
 * The demo's echo checklist, in a room whose microphone hears the loudspeaker: it counts what happens there, measures a
 * person who cuts in, and makes a report to copy; under the policy that the page is served with.
 */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { useStack } from '../support/stack.ts';
import { enterRoom } from './support/echoing-room.ts';
import { keepPicture } from './support/pictures.ts';
import { levels, readWav } from './support/sound.ts';

/** As loud as it was played: no canceller, and a loudspeaker beside the microphone. */
const LOUD = 1;
const ROUND_MS = 110_000;

declare global {
  interface Window {
    person: number[];
  }
}

/** Runs in the page: speaks once the model has been heard for a while, in the middle of a word. */
async function cutIn(): Promise<number> {
  const began = performance.now();
  const next = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  while (window.room.lastLoud(0.02) < began) await next();
  const heardAt = performance.now();
  while (performance.now() - heardAt < 400 || performance.now() - window.room.lastLoud(0.05) > 20)
    await next();
  return window.room.speak(window.person);
}

describe('the echo checklist in Chromium', () => {
  let browser: Browser;
  let person: number[];
  /** When the person is louder than −34 dBFS for the first time. */
  let onsetMs: number;
  beforeAll(async () => {
    browser = await launchChromium();
    const said = await readWav(fileURLToPath(new URL('assets/sentence-two.wav', import.meta.url)));
    person = [...said.samples];
    onsetMs = levels(said).findIndex((level) => level > 0.02) * 10;
  });
  afterAll(() => browser?.close());

  /** Opens the page in a room, and hears of everything that its policy forbids. */
  const open = async (gain: number, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1100, height: 1200 }, ...options });
    await context.grantPermissions(['microphone', 'clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    await enterRoom(page, { gain });
    const forbidden: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) forbidden.push(message.text());
    });
    page.on('pageerror', (error) => forbidden.push(error.message));
    const response = await page.goto(new URL('echo.html', useStack().demoUrl).href);
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
    await page.getByTestId('turns').selectOption('3');
    return { page, forbidden };
  };
  const run = async (page: Page, round: string): Promise<string> => {
    await page.getByTestId(`${round}-button`).click();
    const item = page.locator(`[data-testid=${round}][data-state=done]`);
    await item.waitFor({ timeout: ROUND_MS });
    return (await page.getByTestId(`${round}-result`).textContent()) ?? '';
  };

  // The rounds beside one another: rooms of their own, in which most of the time is listened.
  it.concurrent('counts the turns that interrupt themselves, says what the browser does, and copies a report', async () => {
    const { page, forbidden } = await open(LOUD);
    await page.getByTestId('note').fill('Test room');
    const result = await run(page, 'loudspeaker-silent');
    console.log(result);
    const [, count = '0', noticed = '0'] =
      /^(\d+) self-interruptions? in 3 turns \((\d+) noticed/.exec(result) ?? [];
    expect(Number(count)).toBeGreaterThanOrEqual(1);
    expect(Number(noticed)).toBeGreaterThanOrEqual(1);
    expect(await page.getByTestId('loudspeaker-silent-settings').textContent()).toMatch(
      /^plain.*echoCancellation/,
    );
    await page.getByRole('button', { name: 'Copy the report' }).click();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toContain(`Loudspeaker, silent: ${result}`);
    expect(report).toContain('Place: Test room');
    expect(report).toContain('Headphones, silent: not run');
    expect(report).toMatch(/session [A-Za-z0-9]{16,}/);
    await keepPicture(page, 'echo-checklist');
    expect(forbidden).toEqual([]);
    await page.context().close();
  });

  it.concurrent('counts none without an echo, and measures a person who cuts in; by keyboard, dark, on a phone', async () => {
    const { page, forbidden } = await open(0, {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    });
    // Once, because samples take their time on the way into a page.
    await page.evaluate((samples) => Object.assign(window, { person: samples }), person);
    const start = page.getByTestId('headphones-over-button');
    await start.focus();
    await page.keyboard.press('Enter');
    const item = page.getByTestId('headphones-over');
    const delays: number[] = [];
    for (let turn = 1; turn <= 3; turn++) {
      await item.getByText(`Turn ${turn} of 3 · speak over it`).waitFor({ timeout: 40_000 });
      const spokenAt = await page.evaluate(cutIn);
      // Before the model answers to it: the sentence takes three seconds.
      await page.waitForTimeout(1_000);
      delays.push((await page.evaluate(() => window.room.lastLoud(0.01))) - spokenAt - onsetMs);
    }
    await page.locator('[data-testid=headphones-over][data-state=done]').waitFor({ timeout: ROUND_MS });
    const result = (await page.getByTestId('headphones-over-result').textContent()) ?? '';
    const heard = delays.toSorted((one, other) => one - other).map(Math.round);
    console.log(`${result} The room heard ${heard.join(', ')} ms.`);
    expect(result).toMatch(/^3 of 3 turns gave way\. Silence \d+ ms after the voice began/);
    // Two observers on one busy machine, each looking some fifty times a second.
    const [, median = 'nothing'] = /Silence (\d+) ms/.exec(result) ?? [];
    expect(Math.abs(Number(median) - (heard[1] ?? Number.NaN))).toBeLessThan(120);
    expect(await run(page, 'headphones-silent')).toMatch(/^0 self-interruptions in 3 turns\./);
    // Nothing sticks out sideways.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await keepPicture(page, 'echo-checklist-phone');
    expect(forbidden).toEqual([]);
    await page.context().close();
  });

  it('is found from the demo, and a round that is stopped leaves nothing behind', async () => {
    const { live, demoUrl } = useStack();
    const page = await browser.newPage();
    await page.context().grantPermissions(['microphone']);
    await page.goto(demoUrl);
    await page.getByRole('link', { name: 'the echo checklist' }).click();
    const before = (await live.sessions()).length;
    const button = page.getByTestId('loudspeaker-silent-button');
    await button.click();
    await live.waitFor((sessions) => sessions[before]?.connected === true && sessions[before], 20_000);
    await page.getByTestId('loudspeaker-silent').getByText('Turn 1 of 5').waitFor();
    await button.click();
    const closed = await live.waitFor(
      (sessions) => sessions[before]?.connected === false && sessions[before],
      10_000,
    );
    expect(closed).toMatchObject({ closeCode: 1000, closedBy: 'client' });
    await page.locator('[data-testid=loudspeaker-silent][data-state=open]').waitFor();
    expect(await page.getByTestId('error').count()).toBe(0);
    await page.close();
  });
});
