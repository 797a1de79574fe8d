/**
 * A Chromium with a fake microphone.
 * @module
 */
import { type Browser, chromium } from 'playwright-core';
import { afterAll } from 'vitest';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';

/** How {@link launchChromium} starts it. */
export interface ChromiumOptions {
  /** Path of the WAV that the microphone hears, once, from the moment it is opened. Default: Chromium's own beeps. */
  readonly fakeMicrophoneWav?: string;
  /** Whether there is a microphone at all. Default `true`. */
  readonly microphone?: boolean;
  /** Whether a page gets it without anybody having been asked. Default `true`; else a test answers for the user. */
  readonly granted?: boolean;
  /** Default `true`. */
  readonly headless?: boolean;
  /** More flags. */
  readonly args?: readonly string[];
}

/**
 * Starts the Chromium of this machine: microphone and camera are fake and granted, audio may start without a
 * gesture. Whoever starts it calls `close()`.
 */
export async function launchChromium({
  fakeMicrophoneWav,
  microphone = true,
  granted = true,
  headless = true,
  args = [],
}: ChromiumOptions = {}): Promise<Browser> {
  const { path } = await findChromium();
  return chromium.launch({
    executablePath: path,
    headless,
    args: [
      ...chromiumFlags(),
      ...(microphone ? ['--use-fake-device-for-media-stream'] : []),
      ...(granted ? ['--use-fake-ui-for-media-stream'] : []),
      '--autoplay-policy=no-user-gesture-required',
      ...(fakeMicrophoneWav === undefined
        ? []
        : [`--use-file-for-fake-audio-capture=${fakeMicrophoneWav}%noloop`]),
      ...args,
    ],
  });
}

/** {@link launchChromium} on first use, closed after the tests of the file (or `describe`). */
export function useChromium(options: ChromiumOptions = {}): () => Promise<Browser> {
  let browser: Promise<Browser> | undefined;
  afterAll(async () => {
    await (await browser?.catch(() => undefined))?.close();
  });
  return () => {
    browser ??= launchChromium(options);
    return browser;
  };
}
