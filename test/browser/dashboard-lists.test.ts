/**
 * Now and Sessions of the dashboard, over a few hundred sessions written for it.
 */
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW_LIST } from '../../dashboard/src/now/read-budget-policy.ts';
import { PAGE_ROWS } from '../../dashboard/src/sessions/queries.ts';
import { openReadMeter, type ReadMeter } from '../../scripts/read-meter.ts';
import { useChromium } from '../support/chromium.ts';
import { useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
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
import { type SeededSessions, type SessionWish, seedSessions, sessionOf } from './support/seeded-sessions.ts';

const MANY = 'lists-many';
const COUNT = 320;

describe('the dashboard', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  const now = Date.now();
  const seeded: SeededSessions[] = [];
  let meter: ReadMeter;
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
    const busy = Array.from(
      { length: 2 },
      (_, index): SessionWish => ({
        id: `listsbusy${index}`,
        uid: MANY,
        state: 'active',
        createdAt: now - index,
        model: 'lists-busy',
        policyId: 'lists-busy',
      }),
    );
    for (const some of [closed, hostile, busy]) seeded.push(await seedSessions(firestore(), some));
    meter = await openReadMeter(useStack().hosts.firestore);
  });
  afterAll(async () => {
    for (const each of seeded) await each.remove();
    await meter.close();
  });

  const rowsOf = (page: Page) => page.getByTestId('session-row');
  /** What the button for a file hands over, read as a spreadsheet would. */
  const fileOf = async (page: Page): Promise<readonly Readonly<Record<string, string>>[]> => {
    await page.getByTestId('csv').click();
    await page.getByTestId('csv-cost').filter({ hasText: 'document reads' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('csv-start').click(),
    ]);
    await page.getByTestId('csv-done').waitFor();
    const csv = (await readFile(await download.path(), 'utf8')).replace(/^\uFEFF/, '');
    return Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
  };
  const counted = (page: Page) =>
    page.locator('[data-testid=tile-live][data-count]:not([data-count=""])').waitFor();
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

  it('shows what goes on as it goes on, and to every admin what one of them switches', async () => {
    meter.take();
    const [viewer, one, two] = await Promise.all([
      openDashboard(await chromium(), { as: 'viewer', meter }),
      openDashboard(await chromium(), { as: 'admin' }),
      openDashboard(await chromium(), { as: 'other-admin' }),
    ]);
    const { page } = viewer;
    await counted(page);
    await rowsOf(page).nth(5).waitFor();
    const opened = meter.take();
    expect(opened.documents + opened.aggregations, 'reads of opening Now').toBeLessThanOrEqual(60);
    expect(opened.aggregations).toBeGreaterThan(2);
    expect(Number(await page.getByTestId('tile-live').getAttribute('data-count'))).toBeGreaterThanOrEqual(
      HOSTILE_TEXTS.length,
    );
    const model = page.locator('[data-testid=by-model] [data-name]');
    expect(await model.first().getAttribute('data-name')).toBe('lists-busy');
    expect(await model.first().getAttribute('data-count')).toBe('2');
    expect(await hostileTextRan(page)).toBe(false);
    await keepPictures(page, 'dashboard-now');
    await expectAccessible(page, 'Now');
    await page.setViewportSize(PHONE);
    expect(await fitsWidth(page)).toBe(true);
    await expectAccessible(page, 'Now on a phone');
    await page.setViewportSize(DESK);

    // A session begins, renews and ends.
    const wish = {
      id: 'listsbegins',
      uid: 'lists-begins',
      state: 'reserved',
      createdAt: Date.now(),
    } as const;
    const row = page.locator('[data-session-id=listsbegins]');
    const begun = await seedSessions(firestore(), [wish]);
    seeded.push(begun);
    await row.and(page.locator('[data-state=reserved]')).waitFor();
    expect(await row.getByTestId('live-lease').getAttribute('data-lease')).toBe('1');
    const { leases, deadAt } = sessionOf(wish);
    const renewed = {
      ...leases.lease0,
      index: 1,
      op: 'renew',
      mintedAt: deadAt - 30_000,
      expiresAt: deadAt + 270_000,
    };
    const ref = firestore().doc('liveSessions/listsbegins');
    await ref.update({ state: 'active', deadAt: renewed.expiresAt, leases: { ...leases, lease1: renewed } });
    await row.and(page.locator('[data-state=active]')).waitFor();
    expect(await row.getByTestId('live-lease').getAttribute('data-lease')).toBe('2');
    await ref.update({ state: 'ended', endedAt: Date.now() });
    await row.and(page.locator('[data-state=over]')).waitFor();

    // The switch: a viewer sees it and cannot act; one admin's act is the other's sight.
    await page.getByTestId('kill-switch-state').waitFor();
    expect(await page.getByTestId('kill-switch-act').count()).toBe(0);
    await one.page.getByTestId('kill-switch-act').click();
    await expectAccessible(one.page, 'the dialog of the kill switch');
    await keepPictures(one.page, 'dashboard-kill-switch');
    await one.page.getByTestId('act-reason').fill('a drill');
    await one.page.getByTestId('act-confirm').click();
    try {
      for (const each of [one, two, viewer])
        await each.page.locator('[data-testid=kill-switch][data-on=true]').waitFor({ timeout: 10_000 });
      await two.page.getByTestId('switched-by').filter({ hasText: 'a drill' }).waitFor();
    } finally {
      await two.page.getByTestId('kill-switch-act').click();
      await two.page.getByTestId('act-confirm').click();
      await one.page.locator('[data-testid=kill-switch][data-on=false]').waitFor();
    }

    // Too much to follow: the list is read anew now and then, and says so.
    const rows = [...(seeded[1]?.ids ?? []), ...(seeded[2]?.ids ?? [])];
    const changeAll = async (times: number): Promise<void> => {
      for (let round = 0; round < times; round++) {
        const batch = firestore().batch();
        for (const id of rows)
          batch.update(firestore().doc(`liveSessions/${id}`), { toldBytes: Math.random() });
        await batch.commit();
        await page.waitForTimeout(150);
      }
    };
    await changeAll(Math.ceil(NOW_LIST.perMinute / rows.length) + 2);
    await page.getByTestId('list-resting').waitFor();
    meter.take();
    await changeAll(4);
    // One reading of the list may fall into it; the changes themselves would be twice as many.
    expect(4 * rows.length).toBeGreaterThan(2 * NOW_LIST.rows);
    expect(meter.take().documents, 'after the listener was closed').toBeLessThanOrEqual(NOW_LIST.rows);

    for (const each of [viewer, one, two]) {
      expect(each.violations()).toEqual([]);
      await each.close();
    }
  });

  it('says so where Firestore refuses, and where it cannot be reached', async () => {
    const { page, context, open, violations, close } = await openDashboard(await chromium(), {
      as: 'viewer',
      path: `/sessions?uid=${MANY}`,
    });
    await status(page, '50 loaded');
    await context.setOffline(true);
    await page.getByTestId('offline').waitFor();
    expect(await rowsOf(page).count()).toBeGreaterThan(0);
    await expectAccessible(page, 'offline');
    await context.setOffline(false);
    await page.getByTestId('offline').waitFor({ state: 'detached' });

    // The page is an operator's, and what it asks Firestore is nobody's: the rules refuse.
    await context.route(/google\.firestore\.v1\.Firestore|:runAggregationQuery/, async (route) => {
      const request = route.request();
      const { authorization: _, ...headers } = await request.allHeaders();
      const body = new URLSearchParams(request.postData() ?? '');
      const inner = body.get('headers');
      if (inner === null) return route.continue({ headers });
      const kept = inner.split('\r\n').filter((line) => !/^authorization:/i.test(line));
      body.set('headers', kept.join('\r\n'));
      return route.continue({ headers, postData: body.toString() });
    });
    await open('/sessions');
    await page.getByTestId('list-error').waitFor();
    await expectAccessible(page, 'Sessions, refused');
    await open('/');
    await page.getByTestId('live-error').waitFor();
    await expectAccessible(page, 'Now, refused');
    expect(violations()).toEqual([]);
    await close();
  });

  it('lists sessions by what there is an index for, page by page, and as a file', async () => {
    meter.take();
    const { page, open, violations, close } = await openDashboard(await chromium(), {
      as: 'viewer',
      path: `/sessions?uid=${MANY}&state=ended`,
      meter,
    });
    await status(page, 'about 240 match · 50 loaded');
    expect(meter.take(), 'reads of opening Sessions').toEqual({ documents: PAGE_ROWS, aggregations: 1 });
    await page.getByTestId('load-more').click();
    await status(page, '100 loaded');
    expect(meter.take(), 'reads of one more page').toEqual({ documents: PAGE_ROWS, aggregations: 0 });
    await page.getByTestId('filter-state').selectOption('');
    await status(page, 'about 322 match · 50 loaded');
    await expectAccessible(page, 'Sessions');
    await keepPictures(page, 'dashboard-sessions');
    expect(await rowsOf(page).count()).toBeLessThanOrEqual(50);

    // All of them, a page at a time; only those on screen are in the document.
    for (let pages = 2; pages <= 7; pages++) {
      await page.getByTestId('load-more').click();
      await status(page, pages < 7 ? `${pages * 50} loaded` : 'all 322 shown');
    }
    expect(await rowsOf(page).count()).toBeLessThan(60);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.locator(`[data-session-id=${MANY}0319]`).waitFor();
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator('[data-session-id=listsbusy0]').waitFor();
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
    await status(page, 'about 322 match');
    expect(await page.getByTestId('filter-policyId').inputValue()).toBe('');

    // By flag and by cost.
    await page.getByTestId('filter-flag').selectOption('under-reported');
    await status(page, 'about 32 match · all 32 shown');
    expect(await page.getByTestId('filter-policyId').isDisabled()).toBe(true);
    await open(`/sessions?uid=${MANY}&costFrom=0.3`);
    await status(page, 'about 20 match · all 20 shown');
    expect(await rowsOf(page).first().getAttribute('data-session-id')).toBe(`${MANY}0319`);
    const cost = rowsOf(page).first().getByTestId('cell-cost');
    expect(await cost.getAttribute('data-micro-usd')).toBe('319000');
    await open(`/sessions?uid=${MANY}&costFrom=0.3&from=2026-01-01`);
    await page.getByTestId('left-out').waitFor();

    // A file, with the hostile names in it.
    await open('/sessions?state=active');
    await rowsOf(page).nth(5).waitFor();
    const lines = await fileOf(page);
    await expectAccessible(page, 'the dialog of the file');
    const byId = new Map(lines.map((line) => [line.session_id, line]));
    HOSTILE_TEXTS.forEach((text, index) => {
      const name = text.slice(0, 128);
      expect(byId.get(`hostile${index}`)?.user_id).toBe(/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);
    });
    await page.getByTestId('dialog-close').click();

    // A file of a list that was read from the books: the same columns, with the sessions' own figures.
    await open(`/sessions?uid=${MANY}&flag=under-reported`);
    await status(page, 'all 32 shown');
    const booked = await fileOf(page);
    expect(booked).toHaveLength(32);
    expect(booked[1]).toMatchObject({
      session_id: `${MANY}0010`,
      leased_seconds: '120',
      prompt_audio_tokens: '1200',
      cost_usd: '0.01',
      flags: 'under-reported',
    });
    await page.getByTestId('dialog-close').click();

    // By id.
    await page.getByTestId('find-session').fill('nosuchsession');
    await page.getByTestId('find-session-go').click();
    await page.getByTestId('find-session-problem').filter({ hasText: 'no session' }).waitFor();
    await page.getByTestId('find-session').fill(`${MANY}0003`);
    await page.getByTestId('find-session-go').click();
    await page.waitForURL(`**/sessions/${MANY}0003`);

    await open(`/#/sessions?state=ended&session=${MANY}0003`);
    await page.waitForURL(`**/sessions/${MANY}0003`);
    await open('/sessions?uid=nobody-of-this-name');
    await page.getByTestId('empty').waitFor();
    await expectAccessible(page, 'no session matches');
    expect(await hostileTextRan(page)).toBe(false);
    expect(violations()).toEqual([]);
    await close();
  });
});
