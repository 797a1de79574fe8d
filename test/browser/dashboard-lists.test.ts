/**
 * Now and Sessions of the dashboard, over a few hundred sessions written for it.
 */
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.ts';
import { useAdminFirestore } from '../support/clients.ts';
import {
  DESK,
  expectAccessible,
  fitsWidth,
  HOSTILE_TEXTS,
  hostileTextRan,
  keepPictures,
  openDashboard,
  PHONE,
} from './support/dashboard-page.ts';
import { type SeededSessions, type SessionWish, seedSessions } from './support/seeded-sessions.ts';

const MANY = 'lists-many';
const COUNT = 320;

describe('the dashboard', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  const now = Date.now();
  const seeded: SeededSessions[] = [];
  beforeAll(async () => {
    const closed = Array.from(
      { length: COUNT },
      (_, index): SessionWish => ({
        id: `${MANY}${String(index).padStart(4, '0')}`,
        uid: MANY,
        state: index % 4 === 0 ? 'expired' : 'ended',
        createdAt: now - 3_600_000 - index * 60_000,
        policyId: index % 2 === 0 ? 'lists-even' : 'default',
        flagged: index % 10 === 0,
        microUsd: index === 7 ? null : index * 1_000,
      }),
    );
    const hostile = HOSTILE_TEXTS.map((text, index): SessionWish => {
      const name = text.slice(0, 128);
      return {
        id: `hostile${index}`,
        uid: name,
        state: 'active',
        createdAt: now - index * 500,
        model: name,
        templateId: name,
        policyId: name,
      };
    });
    seeded.push(await seedSessions(firestore(), closed), await seedSessions(firestore(), hostile));
  });
  afterAll(async () => {
    for (const each of seeded) await each.remove();
  });

  const rowsOf = (page: Page) => page.getByTestId('session-row');
  const status = (page: Page, text: string | RegExp) =>
    page.getByTestId('list-status').filter({ hasText: text }).waitFor();

  it('tells a stranger that they are none, and shows nothing', async () => {
    const { page, violations, close } = await openDashboard(await chromium(), {
      as: 'stranger',
      path: '/sessions',
    });
    expect(await page.locator('nav.menu').count()).toBe(0);
    expect(await rowsOf(page).count()).toBe(0);
    await expectAccessible(page, 'no access');
    expect(await fitsWidth(page)).toBe(true);
    await keepPictures(page, 'dashboard-denied');
    expect(violations()).toEqual([]);
    await close();
  });

  it('shows what goes on, as it goes on', async () => {
    const { page, violations, close } = await openDashboard(await chromium(), { as: 'admin' });
    await page.locator('[data-testid=tile-live][data-count]:not([data-count=""])').waitFor();
    await rowsOf(page).nth(5).waitFor();
    await page.waitForTimeout(500);
    expect(await hostileTextRan(page)).toBe(false);
    await keepPictures(page, 'dashboard-now');
    await expectAccessible(page, 'Now');
    expect(await fitsWidth(page)).toBe(true);
    expect(violations()).toEqual([]);
    await close();
  });

  it('lists sessions by what there is an index for, page by page, and as a file', async () => {
    const { page, open, violations, close } = await openDashboard(await chromium(), {
      as: 'viewer',
      path: `/sessions?uid=${MANY}`,
    });
    await status(page, 'about 320 match · 50 loaded');
    await expectAccessible(page, 'Sessions');
    await keepPictures(page, 'dashboard-sessions');
    expect(await rowsOf(page).count()).toBeLessThanOrEqual(50);

    // All of them, a page at a time; only those on screen are in the document.
    for (let pages = 2; pages <= 7; pages++) {
      await page.getByTestId('load-more').click();
      await status(page, pages < 7 ? `${pages * 50} loaded` : 'all 320 shown');
    }
    expect(await rowsOf(page).count()).toBeLessThan(60);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.locator(`[data-session-id=${MANY}0319]`).waitFor();
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator(`[data-session-id=${MANY}0000]`).waitFor();
    await page.setViewportSize(PHONE);
    await page.waitForTimeout(300);
    expect(await fitsWidth(page)).toBe(true);
    await expectAccessible(page, 'Sessions on a phone');
    await page.setViewportSize(DESK);

    // A change of the filter stands in the address, and back goes back.
    await page.getByTestId('filter-policyId').fill('lists-even');
    await page.getByTestId('filter-policyId').press('Enter');
    await status(page, 'about 160 match');
    expect(page.url()).toContain(`uid=${MANY}&policyId=lists-even`);
    for (const field of ['flag', 'costFrom', 'day']) {
      const control = page.getByTestId(`filter-${field}`);
      expect(await control.isDisabled(), field).toBe(true);
      const reason = await control.getAttribute('aria-describedby');
      expect(await page.locator(`[id="${reason}"]`).textContent()).toMatch(/policy|UTC/);
    }
    await expectAccessible(page, 'greyed');
    await keepPictures(page, 'dashboard-sessions-greyed');
    await page.goBack();
    await status(page, 'about 320 match');
    expect(await page.getByTestId('filter-policyId').inputValue()).toBe('');

    // By flag and by cost.
    await page.getByTestId('filter-flag').selectOption('under-reported');
    await status(page, 'about 32 match · all 32 shown');
    expect(await page.getByTestId('filter-policyId').isDisabled()).toBe(true);
    await open(`/sessions?uid=${MANY}&costFrom=0.3`);
    await status(page, 'about 20 match · all 20 shown');
    expect(await rowsOf(page).first().getAttribute('data-session-id')).toBe(`${MANY}0319`);
    await open(`/sessions?uid=${MANY}&costFrom=0.3&from=2026-01-01`);
    await page.getByTestId('left-out').waitFor();

    // A file, with the hostile names in it.
    await open('/sessions?state=active');
    await rowsOf(page).nth(5).waitFor();
    await page.getByTestId('csv').click();
    await page.getByTestId('csv-cost').waitFor();
    await expectAccessible(page, 'the dialog of the file');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('csv-start').click(),
    ]);
    await page.getByTestId('csv-done').waitFor();
    const csv = (await readFile(await download.path(), 'utf8')).replace(/^\uFEFF/, '');
    const lines = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
    const byId = new Map(lines.map((line) => [line.session_id, line]));
    HOSTILE_TEXTS.forEach((text, index) => {
      const name = text.slice(0, 128);
      expect(byId.get(`hostile${index}`)?.user_id).toBe(/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);
    });
    await page.getByTestId('dialog-close').click();

    // By id.
    await page.getByTestId('find-session').fill('nosuchsession');
    await page.getByTestId('find-session-go').click();
    await page.getByTestId('find-session-problem').filter({ hasText: 'no session' }).waitFor();
    await page.getByTestId('find-session').fill(`${MANY}0003`);
    await page.getByTestId('find-session-go').click();
    await page.waitForURL(`**/sessions/${MANY}0003`);

    await open('/sessions?uid=nobody-of-this-name');
    await page.getByTestId('empty').waitFor();
    await expectAccessible(page, 'no session matches');
    expect(await hostileTextRan(page)).toBe(false);
    expect(violations()).toEqual([]);
    await close();
  });
});
