/**
 * Now and Sessions of the dashboard.
 */
import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/chromium.ts';
import { expectAccessible, fitsWidth, keepPictures, openDashboard } from './support/dashboard-page.ts';

describe('the dashboard', () => {
  const chromium = useChromium();

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
});
