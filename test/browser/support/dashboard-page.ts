/**
 * The dashboard in Chromium as a test meets it: signed in as somebody, watched for what its Content-Security-Policy
 * blocks, checked with axe, and kept in pictures.
 */
import { randomUUID } from 'node:crypto';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openAdminFirestore } from '../../../scripts/admin-firestore.ts';
import { createUser } from '../../../scripts/auth-emulator.ts';
import { recordRole } from '../../../scripts/operate-roles.ts';
import type { ReadMeter } from '../../../scripts/read-meter.ts';
import { SEEDED_ADMIN } from '../../../scripts/seed-documents.ts';
import { useStack } from '../../support/stack.ts';
import { keepPicture } from './pictures.ts';

/**
 * Who signs in: the seeded admin, another admin, a viewer, or a stranger, who has an account and no role. All but the
 * seeded one are made anew.
 */
export type Actor = 'admin' | 'other-admin' | 'viewer' | 'stranger';

/** Address and password of an account. */
export interface Account {
  readonly email: string;
  readonly password: string;
}

/** How {@link openDashboard} opens it. */
export interface DashboardOptions {
  /** An actor, or an account that the test made itself. */
  readonly as: Actor | Account;
  /** Where it is opened: `/sessions?state=active`. Default `/`. */
  readonly path?: string;
  /** Another stack's; the shared one's where left out. */
  readonly dashboardUrl?: string;
  /** Counts what the page reads of Firestore, which then goes through it. */
  readonly meter?: ReadMeter;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A dashboard on screen. */
export interface OpenDashboard {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly account: Account;
  /** Goes to an address of the page, loading it anew. */
  open(path: string): Promise<void>;
  /** What the policy blocked and what the page threw, since it was opened. Empty is what a test wants. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** A desk's screen, and a phone's. */
export const DESK = { width: 1280, height: 800 } as const;
/** The width of many phones, in CSS pixels. */
export const PHONE = { width: 390, height: 844 } as const;

/** Makes an account of the Auth emulator; an operator's stands in the list of operators too. */
export async function newAccount(
  role: 'admin' | 'viewer' | null,
): Promise<Account & { readonly uid: string }> {
  const account = {
    email: `${role ?? 'stranger'}-${randomUUID().slice(0, 8)}@example.com`,
    password: randomUUID(),
  };
  const stack = useStack();
  const uid = await createUser(stack, {
    ...account,
    ...(role === null ? {} : { claims: { livegate: role } }),
  });
  if (role !== null) {
    const db = openAdminFirestore(stack);
    await recordRole({ db, reason: 'a test' }, { uid, role }).finally(() => db.terminate());
  }
  return { ...account, uid };
}

/**
 * Opens the dashboard in a context of its own and signs in. Resolves when the menu stands there; for a stranger, when
 * they were told that they are none. Whoever opens it closes it.
 */
export async function openDashboard(browser: Browser, options: DashboardOptions): Promise<OpenDashboard> {
  const { as, path = '/', dashboardUrl = useStack().dashboardUrl, viewport = DESK, meter } = options;
  const account = typeof as === 'string' ? await accountOf(as) : as;
  const context = await browser.newContext({
    viewport,
    reducedMotion: 'reduce',
    acceptDownloads: true,
    // A page that went through a test has lost the place it came from; without this it may not reach this machine.
    ...(meter === undefined ? {} : { permissions: ['local-network-access'] }),
  });
  const found = await watchViolations(context);
  if (meter !== undefined) await passThrough(context, { origin: new URL(dashboardUrl).origin, meter });
  const page = await context.newPage();
  const open = async (to: string) => void (await page.goto(new URL(to, dashboardUrl).href));
  await open(path);
  await signIn(page, account);
  await page.locator('nav.menu, [data-testid=denied]').first().waitFor();
  return { page, context, account, open, violations: () => [...found], close: () => context.close() };
}

/** Fills in the sign-in form. */
export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByTestId('email').fill(email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('sign-in').click();
}

async function accountOf(actor: Actor): Promise<Account> {
  if (actor === 'admin') return SEEDED_ADMIN;
  if (actor === 'stranger') return newAccount(null);
  return newAccount(actor === 'viewer' ? 'viewer' : 'admin');
}

/** Puts the meter where the page's Firestore is: in its configuration, and in the policy that it is served with. */
async function passThrough(
  context: BrowserContext,
  { origin, meter }: { readonly origin: string; readonly meter: ReadMeter },
): Promise<void> {
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
    (url) => url.origin === origin && !/\.[a-z]+$/.test(url.pathname),
    async (route) => {
      const answer = await route.fetch();
      const { 'content-security-policy': policy = '', ...headers } = answer.headers();
      const wider = policy.replace('connect-src ', `connect-src http://127.0.0.1:${meter.port} `);
      await route.fulfill({ response: answer, headers: { ...headers, 'content-security-policy': wider } });
    },
  );
}

/**
 * Where Firestore's transport looks whether there is a network at all once its connection broke. The policy blocks it,
 * as the dashboard's README says, and nothing else happens.
 */
const NETWORK_PROBE = 'https://www.google.com/images/cleardot.gif';

/** Collects what the policy of any page of a context blocks, by the browser's event and by its console, and errors that nobody caught. */
export async function watchViolations(context: BrowserContext): Promise<readonly string[]> {
  const found: string[] = [];
  const note = (text: string): void => {
    if (!text.includes(NETWORK_PROBE)) found.push(text);
  };
  await context.exposeBinding('livegateBlocked', (_, text: string) => note(text));
  await context.addInitScript(() => {
    const { livegateBlocked } = window as unknown as { livegateBlocked: (text: string) => void };
    addEventListener('securitypolicyviolation', (event) =>
      livegateBlocked(
        `${event.effectiveDirective} blocked ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
      ),
    );
  });
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) note(message.text());
  });
  context.on('weberror', (error) => note(error.error().stack ?? String(error.error())));
  return found;
}

/**
 * Runs axe over what is on screen. Rejects with every finding that is serious or critical: the rule, the element, what
 * to do. `what` names the state in that message.
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const loaded = await page.evaluate(() => 'axe' in window);
  if (!loaded) await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(
    async () =>
      (await (window as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ['violations'],
      })) as Pick<AxeResults, 'violations' | 'passes'>,
  );
  if (passes.length === 0) throw new Error(`axe looked at nothing in "${what}".`);
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  if (grave.length === 0) return;
  const told = grave.map(
    ({ id, impact, help, nodes }) =>
      `${impact} ${id}: ${help}\n${nodes.map(({ target, failureSummary }) => `    ${target.join(' ')}: ${failureSummary}`).join('\n')}`,
  );
  throw new Error(`axe in "${what}":\n${told.join('\n')}`);
}

/** Takes `name.png` in light, `name-dark.png`, and `name-phone.png`; then everything is as it was. */
export async function keepPictures(page: Page, name: string): Promise<void> {
  const viewport = page.viewportSize() ?? DESK;
  await page.emulateMedia({ colorScheme: 'light' });
  await keepPicture(page, name);
  await page.emulateMedia({ colorScheme: 'dark' });
  await keepPicture(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(PHONE);
  await keepPicture(page, `${name}-phone`);
  await page.setViewportSize(viewport);
}

/** Whether everything fits the width of the window: no sideways scrolling of the page. */
export async function fitsWidth(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}

/** Text that would be markup, a script or a formula where a page or a file is careless. */
export const HOSTILE_TEXTS = [
  '<img src=x onerror="window.hostile=1">',
  '"><script>window.hostile=1</script>',
  'javascript:window.hostile=1',
  "');window.hostile=1;//",
  '\u202Egnp.exe\u202C',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(A1:A9)',
  '\t=1+1',
  'long'.repeat(300),
  '{{constructor.constructor("window.hostile=1")()}}',
] as const;

/** Whether one of {@link HOSTILE_TEXTS} ran, or stands in the page as an element of its own. */
export async function hostileTextRan(page: Page): Promise<boolean> {
  return page.evaluate(
    () =>
      'hostile' in window ||
      document.querySelector('img[src="x"], main script, a[href^="javascript:"]') !== null,
  );
}
