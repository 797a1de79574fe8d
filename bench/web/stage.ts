/**
 * Browsers and pages of the bench: each talk in a context of its own.
 * @module
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';
import type { Adapter } from './adapters.ts';
import type { BenchServer } from './bench-server.ts';
import { giveEar } from './ear.ts';
import type { LiveLine } from './live-line.ts';
import { type MicrophoneOptions, setMicrophone } from './reference-microphone.ts';
import type { Sound } from './sound/recording.ts';
import { wavOf } from './sound/signals.ts';

/** A page that talks, and the other end of its socket. */
export interface Talk {
  readonly page: Page;
  readonly line: LiveLine;
}

/** How a page is opened. */
export interface PageOptions {
  readonly adapter: Adapter;
  readonly microphone?: MicrophoneOptions;
  /** Records what it plays. */
  readonly hasEar?: boolean;
}

/** A browser whose fake microphone hears one sound, from its beginning, each time it is opened. */
export class Stage {
  readonly server: BenchServer;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(server: BenchServer, browser: Browser, folder: string) {
    this.server = server;
    this.#browser = browser;
    this.#folder = folder;
  }

  /** Starts Chromium. `flags` are added to its own. */
  static async open(server: BenchServer, heard: Sound, flags: readonly string[] = []): Promise<Stage> {
    const { path } = await findChromium();
    const folder = await mkdtemp(join(tmpdir(), 'livegate-bench-'));
    const wav = join(folder, 'microphone.wav');
    await writeFile(wav, wavOf(heard));
    const browser = await chromium.launch({
      executablePath: path,
      args: [
        ...chromiumFlags(),
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
        `--use-file-for-fake-audio-capture=${wav}`,
        ...flags,
      ],
    });
    return new Stage(server, browser, folder);
  }

  /** A page that has loaded and waits for the press. */
  async openPage({ adapter, microphone = {}, hasEar = false }: PageOptions): Promise<Page> {
    const page = await this.openBare(`/${adapter}`, async (each) => {
      await setMicrophone(each, microphone);
      if (hasEar) await giveEar(each);
    });
    await page.waitForFunction(() => 'benchPage' in window);
    await page.evaluate((host) => window.benchPage.prepare(host), this.server.host);
    return page;
  }

  /** A page of the server in a context of its own, until {@link Stage.clear}. */
  async openBare(path: string, before?: (page: Page) => Promise<void>): Promise<Page> {
    const context = await this.#browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`  ${path}: ${error.message}`));
    await before?.(page);
    await page.goto(`${this.server.url}${path}`);
    return page;
  }

  /** A page that talks. */
  async talk(options: PageOptions): Promise<Talk> {
    const page = await this.openPage(options);
    const connected = this.server.nextLine(options.adapter);
    await page.evaluate(() => window.benchPage.press());
    const line = await connected;
    return { page, line };
  }

  /** Closes every page that is open. */
  async clear(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** So many ms later. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
