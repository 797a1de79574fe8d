/** An answer that is not an echo: a mistake that cancels itself on the way in and out would show here. */
import { afterEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { useStack } from '../support/stack.ts';
import { giveEar, heardBy } from './support/page-ear.ts';
import { toneIn } from './support/sound.ts';

const HZ = 440;
const LEVEL = 0.5;
const SECONDS = 2;
const RATE_HZ = 24_000;

describe('a tone as answer', () => {
  afterEach(() => useStack().live.answerWith(undefined));

  it('comes out of the speaker at its frequency, level and length', async () => {
    const { live, demoUrl } = useStack();
    const samples = Int16Array.from({ length: RATE_HZ * SECONDS }, (_, index) =>
      Math.round(32_767 * LEVEL * Math.sin((2 * Math.PI * HZ * index) / RATE_HZ)),
    );
    await live.answerWith([{ audio: { samples, rateHz: RATE_HZ } }]);
    const browser = await launchChromium();
    try {
      const before = (await live.sessions()).length;
      const context = await browser.newContext();
      await context.grantPermissions(['microphone']);
      const page = await context.newPage();
      // The fake microphone beeps; nothing is to be said but what is typed.
      await page.addInitScript(() => {
        const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (constraints) => {
          const stream = await getUserMedia(constraints);
          for (const track of stream.getTracks()) track.enabled = false;
          return stream;
        };
      });
      await giveEar(page, { processing: 'as-asked' });
      await page.goto(demoUrl);
      await page.getByTestId('talk-button').click();
      await live.waitFor((sessions) => sessions[before]?.connected === true, 20_000);
      await page.waitForTimeout(500);
      await page.getByTestId('text-input').fill('Play the tone.');
      await page.getByTestId('text-send').click();
      await live.waitFor((sessions) => sessions[before]?.turns === 1, 15_000);
      await page.waitForTimeout(300);
      const tone = toneIn((await heardBy(page)).speaker);
      console.log(
        `Tone: ${tone.hz.toFixed(2)} Hz, level ${tone.level.toFixed(3)}, ${tone.seconds.toFixed(2)} s.`,
      );
      expect(Math.abs(tone.hz - HZ)).toBeLessThan(0.5);
      expect(Math.abs(tone.level - LEVEL)).toBeLessThan(0.02);
      expect(Math.abs(tone.seconds - SECONDS)).toBeLessThanOrEqual(0.03);
      await page.getByTestId('talk-button').click();
    } finally {
      await browser.close();
    }
  });
});
