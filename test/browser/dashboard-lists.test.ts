/**
 * Now and Sessions of the dashboard.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.ts';
import { useAdminFirestore } from '../support/clients.ts';
import {
  expectAccessible,
  fitsWidth,
  HOSTILE_TEXTS,
  hostileTextRan,
  keepPictures,
  openDashboard,
} from './support/dashboard-page.ts';
import { type SeededSessions, seedSessions } from './support/seeded-sessions.ts';

describe('the dashboard', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  const now = Date.now();
  let live: SeededSessions;
  beforeAll(async () => {
    live = await seedSessions(
      firestore(),
      HOSTILE_TEXTS.map((text, index) => ({
        uid: text.replaceAll('/', '').slice(0, 128),
        state: 'active',
        createdAt: now - index * 1_000,
        model: text.slice(0, 128),
        templateId: text.slice(0, 128),
        policyId: text.slice(0, 128),
      })),
    );
  });
  afterAll(() => live.remove());

  it('tells a stranger that they are none, and shows nothing', async () => {
    const { page, violations, close } = await openDashboard(await chromium(), {
      as: 'stranger',
      path: '/sessions',
    });
    expect(await page.locator('nav.menu').count()).toBe(0);
    expect(await page.getByTestId('session-row').count()).toBe(0);
    await expectAccessible(page, 'no access');
    expect(await fitsWidth(page)).toBe(true);
    await keepPictures(page, 'dashboard-denied');
    expect(violations()).toEqual([]);
    await close();
  });

  it('shows what goes on', async () => {
    const { page, violations, close } = await openDashboard(await chromium(), { as: 'admin' });
    await page.locator('[data-testid=tile-live][data-count]:not([data-count=""])').waitFor();
    await page.getByTestId('session-row').nth(5).waitFor();
    await page.waitForTimeout(500);
    expect(await hostileTextRan(page)).toBe(false);
    await keepPictures(page, 'dashboard-now');
    await expectAccessible(page, 'Now');
    expect(await fitsWidth(page)).toBe(true);
    expect(violations()).toEqual([]);
    await close();
  });
});
