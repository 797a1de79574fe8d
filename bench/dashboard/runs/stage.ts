/**
 * The dashboard as it is served, signed in, with what it reads counted on the way.
 * @module
 */
import type { Firestore } from '@google-cloud/firestore';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { openAdminFirestore } from '../../../scripts/admin-firestore.ts';
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts';
import { openReadMeter, type ReadMeter } from '../../../scripts/read-meter.ts';
import { seed } from '../../../scripts/seed.ts';
import { SEEDED_ADMIN } from '../../../scripts/seed-documents.ts';
import { type RunningStack, startStack } from '../../../scripts/stack.ts';

/** Emulators that run, seeded, with the pages served. */
export type ServedStack = Pick<RunningStack, 'projectId' | 'hosts' | 'dashboardUrl'>;

/** Everything a run needs. */
export interface Stage {
  readonly stack: ServedStack;
  readonly db: Firestore;
  readonly meter: ReadMeter;
  readonly browserName: string;
  /** A signed-in page at this address of the dashboard, in a context of its own. Whoever opens it closes its context. */
  open(path: string, options?: { readonly before?: (page: Page) => Promise<void> }): Promise<Page>;
  close(): Promise<void>;
}

/** A page that a route answers has no address of its own, and Chromium lets such a page reach nothing on this machine. */
const FLAGS = ['--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests'];

/** Starts the emulators, seeds them, and a Chromium. Needs the functions and the emulators' pages built. */
export async function openStage(): Promise<Stage> {
  const stack = await startStack({ hosting: true });
  try {
    await seed(stack);
    const stage = await openStageOn(stack);
    return {
      ...stage,
      async close() {
        await stage.close();
        await stack.stop();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Starts a Chromium on emulators that run already, and leaves them running. */
export async function openStageOn(stack: ServedStack): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const db = openAdminFirestore(stack);
    closing.push(() => db.terminate());
    const meter = await openReadMeter(stack.hosts.firestore);
    closing.push(() => meter.close());
    const { path: executablePath, name: browserName } = await findChromium();
    const browser = await chromium.launch({ executablePath, args: [...chromiumFlags(), ...FLAGS] });
    closing.push(() => browser.close());
    const signedIn = await signIn(browser, { stack, meter });
    return {
      stack,
      db,
      meter,
      browserName,
      async open(path, { before } = {}) {
        const context = await browser.newContext({
          storageState: signedIn,
          viewport: { width: 1280, height: 900 },
        });
        const page = await pageThroughMeter(context, { stack, meter });
        await before?.(page);
        await page.goto(new URL(path, stack.dashboardUrl).href);
        return page;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Signs in once; what the browser keeps of it opens the other pages. */
async function signIn(browser: Browser, way: Pick<Stage, 'stack' | 'meter'>) {
  const context = await browser.newContext();
  const page = await pageThroughMeter(context, way);
  await page.goto(way.stack.dashboardUrl);
  await page.getByTestId('email').fill(SEEDED_ADMIN.email);
  await page.getByTestId('password').fill(SEEDED_ADMIN.password);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('tile-live').waitFor();
  const state = await context.storageState({ indexedDB: true });
  await context.close();
  return state;
}

/** A page whose Firestore is the door: the same files, another address in its configuration and in its policy. */
async function pageThroughMeter(
  context: BrowserContext,
  { stack, meter }: Pick<Stage, 'stack' | 'meter'>,
): Promise<Page> {
  const origin = new URL(stack.dashboardUrl).origin;
  await context.route(`${origin}/livegate.json`, async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as { readonly emulators: object };
    const firestore = { host: '127.0.0.1', port: meter.port };
    await route.fulfill({
      response: answer,
      json: { ...config, emulators: { ...config.emulators, firestore } },
    });
  });
  await context.route(
    (url) => url.origin === origin && !/\.(js|css|svg|json)$/.test(url.pathname),
    async (route) => {
      const answer = await route.fetch();
      const headers = answer.headers();
      const policy = headers['content-security-policy'] ?? '';
      const through = policy.replace('connect-src ', `connect-src http://127.0.0.1:${meter.port} `);
      await route.fulfill({ response: answer, headers: { ...headers, 'content-security-policy': through } });
    },
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`  ${page.url()}: ${error.message}`));
  return page;
}
