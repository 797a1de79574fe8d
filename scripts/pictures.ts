/**
 * `node scripts/pictures.ts <address of the dashboard>`: takes the READMEs' pictures of the dashboard anew, beside
 * `npm start`, whose sample they show.
 * @module
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium.ts';
import { ROOT } from './root.ts';
import { SEEDED_ADMIN } from './seed-documents.ts';

/** What a page that shows pictures can bear of one, in bytes. Ours. */
const MOST_BYTES = 200_000;

/** How a picture is taken: its name in docs/, what it shows, and on what kind of screen. */
interface Picture {
  readonly name: string;
  readonly path: string;
  /** In view once the page is whole. */
  readonly until: string;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Opens the first session of the list. */
  readonly opensFirst?: boolean;
}

const PICTURES = [
  { name: 'dashboard', path: '/', until: '[data-testid=by-model] [data-name]', height: 1_200 },
  {
    name: 'dashboard-session',
    path: '/sessions?sort=costliest',
    until: '[data-testid=timeline] li',
    height: 1_000,
    opensFirst: true,
  },
  { name: 'dashboard-costs', path: '/costs', until: 'canvas', height: 900 },
  { name: 'dashboard-dark', path: '/sessions', until: '[data-testid=session-row]', dark: true },
  {
    name: 'dashboard-phone',
    path: '/',
    until: '[data-testid=by-model] [data-name]',
    width: 390,
    height: 1_000,
  },
] as const satisfies readonly Picture[];

/** Takes one, signed in as the admin of the seed. Rejects where the page never gets whole, or the file is too large. */
async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, path, until, width = 1_280, height = 800, dark = false, opensFirst = false } = picture;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  await page.goto(new URL(path, url).href);
  await signIn(page);
  if (opensFirst) await page.locator('[data-testid=session-row] a').first().click();
  await page.locator(until).first().waitFor();
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'hidden' });
  // Figures and charts follow one after the other; no event says that the last one stands.
  await page.waitForTimeout(2_000);
  const file = join(ROOT, 'docs', `${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = await stat(file);
  if (size > MOST_BYTES) throw new Error(`docs/${name}.png has ${size} bytes, more than ${MOST_BYTES}.`);
  console.log(`docs/${name}.png, ${Math.round(size / 1_000)} kB`);
}

async function signIn(page: Page): Promise<void> {
  await page.getByTestId('email').fill(SEEDED_ADMIN.email);
  await page.getByTestId('password').fill(SEEDED_ADMIN.password);
  await page.getByTestId('sign-in').click();
}

const [url] = process.argv.slice(2);
if (url === undefined || !URL.canParse(url)) {
  console.error(
    'Name the dashboard that "npm start" printed:  node scripts/pictures.ts http://127.0.0.1:5005',
  );
  process.exitCode = 1;
} else {
  const browser = await chromium.launch({
    executablePath: (await findChromium()).path,
    args: [...chromiumFlags()],
  });
  try {
    for (const picture of PICTURES) await take(browser, url, picture);
  } finally {
    await browser.close();
  }
}
