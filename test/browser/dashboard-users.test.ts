/**
 * Users, the audit and costs of the dashboard: what one admin does is seen by another and in the user's own quota, an
 * erasure leaves nothing, a viewer looks on, and costs are the sums of what stands in Firestore.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LiveStatsDocument, QuotaAnswer } from '@livegate/protocol';
import papa from 'papaparse';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInWithPassword } from '../../scripts/auth-emulator.ts';
import { useChromium } from '../support/chromium.ts';
import { callFunction, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import {
  type Account,
  expectAccessible,
  fitsWidth,
  HOSTILE_TEXTS,
  hostileTextRan,
  keepPictures,
  newAccount,
  openDashboard,
  PHONE,
} from './support/dashboard-page.ts';
import { keepPicture } from './support/pictures.ts';
import { refuseListening, silenceListening } from './support/refused-listening.ts';
import { add, figures, seedDay, seedMonth, seedSession, seedTier } from './support/users-seed.ts';

/** A listener's answer or a call of a function that runs for the first time. */
const SOON = { timeout: 30_000 };
/** A month and days that no other test has anything in. */
const MONTH = '2024-02';
const TIER = `gold-${randomUUID().slice(0, 8)}`;
const hostileUid = HOSTILE_TEXTS[0].replaceAll('/', '');
const REASON = HOSTILE_TEXTS[1];
const NAME = `${HOSTILE_TEXTS[0]}${HOSTILE_TEXTS[4]}`;
/** Of a month with more users than a page has. */
const CROWDED = '2024-03';

/** What any user can do: choose the name that operators read. */
async function nameYourself(account: Account, displayName: string): Promise<void> {
  const { idToken } = await signInWithPassword(useStack(), account);
  const response = await fetch(
    `http://${useStack().hosts.auth}/identitytoolkit.googleapis.com/v1/accounts:update?key=demo`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ idToken, displayName }),
    },
  );
  expect(response.ok).toBe(true);
}

describe('the users of the dashboard', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  let ada: Account & { readonly uid: string };
  let bob: Account & { readonly uid: string };

  beforeAll(async () => {
    const db = firestore();
    ada = await newAccount(null);
    bob = await newAccount(null);
    await nameYourself(ada, NAME);
    await Promise.all([
      seedMonth(db, { uid: ada.uid, month: MONTH, sums: figures(9, { microUsd: 1_250_000, flagged: 2 }) }),
      seedMonth(db, { uid: bob.uid, month: MONTH, sums: figures(4, { microUsd: 3_000_000, unpriced: 1 }) }),
      seedMonth(db, { uid: hostileUid, month: MONTH, sums: figures(2, { unpriced: 2 }) }),
      seedDay(db, {
        day: `${MONTH}-10`,
        byModel: { 'gemini-3.8-live': figures(20, { microUsd: 6_000_000, unpriced: 3 }) },
      }),
      seedSession(db, { id: `ada${randomUUID().slice(0, 8)}`, uid: ada.uid, live: true }),
      seedSession(db, { id: `boba${randomUUID().slice(0, 8)}`, uid: bob.uid }),
      seedSession(db, { id: `bobb${randomUUID().slice(0, 8)}`, uid: bob.uid }),
      seedTier(db, TIER),
      ...Array.from({ length: 51 }, (_, place) =>
        seedMonth(db, { uid: `crowd${place}`, month: CROWDED, sums: figures(100 - place) }),
      ),
    ]);
  });
  afterAll(async () => {
    await firestore().doc(`livePolicies/${TIER}`).delete();
  });

  const uids = (page: Page) =>
    page.getByTestId('usage-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-uid')));
  /** What the functions say to the user themselves, with a sign-in of this moment. */
  const quotaOf = async (account: Account): Promise<QuotaAnswer | undefined> => {
    const { idToken } = await signInWithPassword(useStack(), account);
    return (await callFunction<QuotaAnswer>('getLiveQuota', { data: { v: 1 }, idToken })).result;
  };
  const act = async (page: Page, name: string, fill: () => Promise<void> = async () => {}) => {
    await page.getByTestId(`act-${name}`).click();
    await fill();
    await page.getByTestId('act-reason').fill(REASON);
    await page.getByTestId('act-confirm').click();
    await page.getByTestId('act-done').waitFor();
    await page.locator('dialog').waitFor({ state: 'detached' });
  };

  it('are listed by month, found, and blocked, raised and given a tier before the eyes of another admin', async () => {
    const browser = await chromium();
    const [one, other] = await Promise.all([
      openDashboard(browser, { as: 'admin', path: `/users?month=${MONTH}` }),
      openDashboard(browser, { as: 'other-admin', path: `/users/${ada.uid}` }),
    ]);
    const { page } = one;
    await page.getByTestId('usage-row').nth(2).waitFor();
    expect(await uids(page)).toEqual([ada.uid, bob.uid, hostileUid]);
    expect(await page.getByTestId('usage-cost').allTextContents()).toEqual([
      '$1.25',
      '$3.00 + 1 unpriced',
      '2 unpriced',
    ]);
    await expectAccessible(page, 'users');
    await keepPictures(page, 'dashboard-users');
    await page.setViewportSize(PHONE);
    expect(await fitsWidth(page)).toBe(true);
    await page.getByTestId('users-sort').selectOption('cost');
    await expect.poll(() => uids(page), SOON).toEqual([bob.uid, ada.uid, hostileUid]);
    expect(page.url()).toContain('sort=cost');
    await page.getByTestId('users-month').selectOption({ index: 12 });
    await page.getByTestId('users-empty').waitFor();
    await expectAccessible(page, 'no users');

    // By an address that nobody has, then by Ada's.
    await page.getByTestId('find-user').fill(`${HOSTILE_TEXTS[0]}@example.com`);
    await page.getByTestId('find-user-go').click();
    await expect.poll(() => page.getByTestId('find-problem').textContent(), SOON).not.toBe('');
    await page.getByTestId('find-user').fill(ada.email);
    await page.getByTestId('find-user-go').click();
    await page.getByTestId('user-email').waitFor();
    expect(page.url()).toContain(`/users/${ada.uid}`);
    expect(await page.getByTestId('user-email').textContent()).toBe(ada.email);
    expect(await page.getByTestId('user-heading').textContent()).toBe(NAME);
    expect(await page.getByTestId('usage-month').allTextContents()).toEqual(['February 2024']);
    expect(await page.getByTestId('user-session').count()).toBe(1);
    expect(await fitsWidth(page)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 1000 });

    // Blocked by one, seen by the other without asking again.
    await other.page.getByTestId('user-email').waitFor();
    expect(await other.page.getByTestId('user-blocked').count()).toBe(0);
    await page.getByTestId('act-block').click();
    expect(await page.getByTestId('block-tokens').textContent()).toContain('stays valid until');
    await expectAccessible(page, 'block dialog');
    await page.keyboard.press('Escape');
    await act(page, 'block');
    await other.page.getByTestId('user-blocked').waitFor({ timeout: 30_000 });
    expect(await other.page.getByTestId('block-reason').textContent()).toBe(`Reason: ${REASON}`);
    expect(await other.page.getByTestId('entry-reason').first().textContent()).toBe(REASON);
    expect((await quotaOf(ada))?.blocked).toBe(true);
    await expectAccessible(page, 'a blocked user');
    await keepPictures(page, 'dashboard-user');
    await act(page, 'block');
    await other.page.getByTestId('user-blocked').waitFor({ state: 'detached', timeout: 30_000 });
    expect(await quotaOf(ada)).toMatchObject({
      blocked: false,
      policy: 'default',
      day: { limitSeconds: 3_600 },
    });

    // A tier, and minutes for today, in the numbers and in the user's own quota.
    await act(page, 'tier', async () => {
      await page.locator(`[data-testid=tier-option][value="${TIER}"]`).check();
      await expectAccessible(page, 'tier dialog');
    });
    await expect.poll(() => page.getByTestId('user-tier').textContent(), SOON).toBe(TIER);
    await act(page, 'raise', async () => {
      await page.getByTestId('raise-minutes').fill('1441');
      expect(await page.getByTestId('act-confirm').isDisabled()).toBe(true);
      await page.getByTestId('raise-minutes').fill('30');
      expect(await page.getByTestId('raise-limit').textContent()).toContain('120 min');
      await expectAccessible(page, 'raise dialog');
    });
    for (const each of [page, other.page])
      await expect.poll(() => each.getByTestId('user-day').getAttribute('data-limit'), SOON).toBe('7200');
    expect(await page.getByTestId('user-raised').textContent()).toBe('30 min');
    expect(await quotaOf(ada)).toMatchObject({ policy: TIER, day: { limitSeconds: 7_200 } });

    for (const each of [one, other]) {
      expect(await hostileTextRan(each.page)).toBe(false);
      expect(each.violations()).toEqual([]);
      await each.close();
    }
  });

  it('are gone after an erasure, which says first what would go, and then that it is done', async () => {
    const { page, violations, open, close } = await openDashboard(await chromium(), {
      as: 'admin',
      path: `/users/${bob.uid}`,
    });
    await page.getByTestId('user-session').nth(1).waitFor();
    await page.getByTestId('act-erase').click();
    await page.getByTestId('erase-sessions').waitFor();
    expect(await page.getByTestId('erase-sessions').textContent()).toBe('2');
    expect(await page.getByTestId('erase-events').textContent()).toBe('2');
    expect(await page.getByTestId('act-confirm').isDisabled()).toBe(true);
    await expectAccessible(page, 'erase dialog');
    await page.getByTestId('erase-confirm-uid').fill(bob.uid);
    await page.getByTestId('act-confirm').click();
    await page.getByTestId('act-done').waitFor();
    expect(await page.getByTestId('act-done').textContent()).toContain('Nothing is kept of this user');
    await page.getByTestId('user-sessions-empty').waitFor();
    await page.getByTestId('user-months-empty').waitFor();
    const db = firestore();
    for (const collection of ['liveSessions', 'liveUsage'])
      expect((await db.collection(collection).where('uid', '==', bob.uid).get()).size, collection).toBe(0);
    expect((await db.doc(`liveQuotas/${bob.uid}`).get()).exists).toBe(false);
    expect((await db.collection('liveAudit').where('subject', '==', bob.uid).get()).size).toBe(0);

    // The audit tells of it, under another name; and of everything else.
    await open('/audit?act=erase-user');
    await page.getByTestId('audit-entry').first().waitFor();
    const acts = await page
      .getByTestId('audit-entry')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-act')));
    expect(new Set(acts)).toEqual(new Set(['erase-user']));
    expect(await page.getByTestId('audit-entries').textContent()).not.toContain(bob.uid);
    await page.getByTestId('audit-by').selectOption('subject');
    await page.getByTestId('audit-value').fill(ada.uid);
    await page.getByTestId('audit-go').click();
    await expect
      .poll(() => page.getByTestId('entry-act').allTextContents(), SOON)
      .toEqual(['Gave minutes for a day', 'Set a tier', 'Let a user in again', 'Blocked a user']);
    await page.getByTestId('entry-open').nth(1).click();
    await page.getByTestId('entry-diff').waitFor();
    expect(await page.getByTestId('entry-diff').locator('ins').allTextContents()).toEqual([
      `  "tier": "${TIER}"`,
    ]);
    await expectAccessible(page, 'audit');
    await keepPictures(page, 'dashboard-audit');
    await page.setViewportSize(PHONE);
    expect(await fitsWidth(page)).toBe(true);
    await open('/audit?subject=nobody');
    await page.getByTestId('audit-empty').waitFor();
    await expectAccessible(page, 'empty audit');
    const allow = await refuseListening(page);
    await open('/audit');
    await page.getByTestId('audit-error').waitFor();
    await expectAccessible(page, 'an audit that is denied');
    await allow();
    expect(await hostileTextRan(page)).toBe(false);
    expect(violations()).toEqual([]);
    await close();
  });

  it('are shown to a viewer without acts, and the audit is not even asked for', async () => {
    const { page, violations, open, close } = await openDashboard(await chromium(), {
      as: 'viewer',
      path: `/users/${ada.uid}`,
    });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    await page.getByTestId('user-email').waitFor();
    await page.getByTestId('acts-denied').waitFor();
    expect(await page.locator('[data-testid^=act-]').count()).toBe(0);
    expect(await page.getByTestId('user-audit-part').count()).toBe(0);
    await expectAccessible(page, 'a user before a viewer');
    await open('/audit');
    await page.getByTestId('audit-denied').waitFor();
    expect(await page.getByTestId('audit-entry').count()).toBe(0);
    // Page by page: 50, then the last one, and back.
    await open(`/users?month=${CROWDED}&sort=sessions`);
    await page.getByTestId('usage-row').nth(49).waitFor();
    await page.getByTestId('page-onward').click();
    await expect.poll(() => uids(page), SOON).toEqual(['crowd50']);
    expect(await page.getByTestId('page-onward').isDisabled()).toBe(true);
    await page.getByTestId('page-back').click();
    await expect.poll(async () => (await uids(page)).length, SOON).toBe(50);
    await expect.poll(() => asked.some((body) => body.includes('liveUsage')), SOON).toBe(true);
    expect(asked.some((body) => body.includes('liveAudit'))).toBe(false);

    // What Firestore denies is told; what it does not answer is waited for.
    const allow = await refuseListening(page);
    for (const [path, state] of [
      ['/users', 'users-error'],
      ['/costs', 'costs-error'],
    ] as const) {
      await open(path);
      await page.getByTestId(state).waitFor();
      await expectAccessible(page, state);
    }
    await allow();
    const answer = await silenceListening(page);
    await open('/costs');
    await page.getByTestId('costs-loading').waitFor();
    await expectAccessible(page, 'costs that are loading');
    await answer();

    // A callable that fails is told with what to do, and asked again.
    await page.route('**/readLiveUser', (route) =>
      route.fulfill({ status: 500, headers: { 'access-control-allow-origin': '*' }, body: '{}' }),
    );
    await open(`/users/${ada.uid}`);
    await page.getByTestId('user-error').waitFor();
    await expectAccessible(page, 'a user who cannot be shown');
    await page.unroute('**/readLiveUser');
    await page.getByTestId('user-error').getByRole('button').click();
    await page.getByTestId('user-email').waitFor();
    expect(violations()).toEqual([]);
    await close();
  });
});

describe('the costs of the dashboard', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  const dayBack = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

  it('are the sums of the days, by day, model, template and user, in picture, words, table and file', async () => {
    const db = firestore();
    // Where no day stands yet: what stands there is counted as it is.
    for (const back of [1, 2, 4, 5, 9]) {
      const day = dayBack(back);
      if ((await db.doc(`liveStats/${day}`).get()).exists) continue;
      await seedDay(db, {
        day,
        byModel: {
          'gemini-3.8-live': figures(10 + back, { microUsd: 400_000 * back }),
          'gemini-2.5-flash-native-audio-preview-12-2025': figures(back, { microUsd: 150_000 }),
          ...(back === 2 ? { '=HYPERLINK("http://evil")': figures(3, { unpriced: 3 }) } : {}),
        },
      });
    }
    const { docs } = await db.collection('liveStats').get();
    const within = docs
      .filter(({ id }) => id >= dayBack(29) && id <= dayBack(0))
      .map((each) => each.data() as LiveStatsDocument);
    const expected = add(within.map(({ all }) => ({ ...figures(0), ...all })));
    const models = new Set(within.flatMap(({ byModel }) => Object.keys(byModel)));

    const { page, violations, open, close } = await openDashboard(await chromium(), {
      as: 'viewer',
      path: '/costs?range=30&by=model',
    });
    await page.getByTestId('group-row').first().waitFor();
    const shown = async () => ({
      microUsd: Number.parseInt((await page.getByTestId('cost-sum').getAttribute('title')) ?? '', 10),
      unpriced: await page.getByTestId('cost-unpriced').textContent(),
      sessions: await page.getByTestId('cost-sessions').textContent(),
    });
    const whole = {
      microUsd: expected.microUsd,
      unpriced: expected.unpriced.toLocaleString('en-US'),
      sessions: expected.sessions.toLocaleString('en-US'),
    };
    expect(await shown()).toEqual(whole);
    const rows = await page
      .getByTestId('group-row')
      .getByTestId('group-cost')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-micro'))));
    expect(rows.length).toBe(models.size > 7 ? 7 : models.size);
    expect(rows.reduce((sum, cost) => sum + cost, 0)).toBe(expected.microUsd);
    expect(await page.getByTestId('day-row').count()).toBe(30);
    expect(await page.getByTestId('cost-chart').getAttribute('aria-label')).toContain('30 UTC days');

    // Drawn, and drawn anew when the scheme changes.
    const ink = () =>
      page.getByTestId('cost-chart').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL().length);
    const picture = () =>
      page.getByTestId('cost-chart').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await expect.poll(ink, SOON).toBeGreaterThan(10_000);
    const light = await picture();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(picture, SOON).not.toBe(light);
    await expectAccessible(page, 'costs in the dark');
    await keepPicture(page, 'dashboard-costs-dark');
    const dark = await picture();
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(picture, SOON).not.toBe(dark);
    await expectAccessible(page, 'costs');
    await keepPicture(page, 'dashboard-costs');

    const saving = page.waitForEvent('download');
    await page.getByTestId('cost-csv').click();
    const file = await readFile(await (await saving).path(), 'utf8');
    const lines = papa.parse<Record<string, string>>(file, { header: true }).data;
    expect(lines.reduce((sum, { cost_usd }) => sum + Math.round(Number(cost_usd) * 1e6), 0)).toBe(
      expected.microUsd,
    );
    expect(lines.every(({ name = '' }) => !/^[=+\-@]/.test(name))).toBe(true);

    await page.getByTestId('cost-by-day').check({ force: true });
    await page.getByTestId('group-table').waitFor({ state: 'detached' });
    expect(await shown()).toEqual(whole);
    expect(page.url()).toContain('by=day');
    await page.getByTestId('cost-range-7').check({ force: true });
    await expect.poll(() => page.getByTestId('day-row').count(), SOON).toBe(7);
    await page.setViewportSize(PHONE);
    await expect.poll(() => fitsWidth(page), SOON).toBe(true);
    await keepPicture(page, 'dashboard-costs-phone');

    // Of a month of its own: the users that are there, and all others by what its day adds up to.
    await seedMonth(db, { uid: 'cost-user', month: '2023-05', sums: figures(3, { microUsd: 700_000 }) });
    await seedDay(db, {
      day: '2023-05-02',
      byModel: { m: figures(5, { microUsd: 1_000_000, unpriced: 1 }) },
    });
    await open('/costs?by=user&month=2023-05');
    await page.getByTestId('group-row').nth(1).waitFor();
    expect(await page.getByTestId('group-row').getByTestId('group-cost').allTextContents()).toEqual([
      '$0.70',
      '$0.30 + 1 unpriced',
    ]);
    await expectAccessible(page, 'costs by user');
    await open('/costs?by=user&month=2019-01');
    await page.getByTestId('costs-empty').waitFor();
    await expectAccessible(page, 'no costs');
    expect(violations()).toEqual([]);
    await close();
  });
});
