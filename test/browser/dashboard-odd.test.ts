/**
 * The dashboard where something is not as it should be: documents of another form, addresses that lead nowhere, a viewer's
 * clock that is hours off, an act that does not answer.
 */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_ADMIN } from '../../scripts/seed-documents.ts';
import { useChromium } from '../support/chromium.ts';
import { useAdminFirestore } from '../support/clients.ts';
import { expectAccessible, openDashboard, signIn } from './support/dashboard-page.ts';
import { sessionOf } from './support/seeded-sessions.ts';

const MARK = `odd-${randomUUID().slice(0, 8)}`;
const MONTH = '2023-05';
const HOUR = 3_600_000;

describe('the dashboard, where something is odd,', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  const now = Date.now();
  const whole = sessionOf({ uid: MARK, state: 'active', createdAt: now });
  const going = { ...whole, deadAt: now + HOUR };
  const { policyId: _policyId, templateId: _templateId, ...older } = whole;
  const documents: Readonly<Record<string, object>> = {
    [`liveSessions/${MARK}whole`]: going,
    [`liveSessions/${MARK}older`]: older,
    [`liveSessions/${MARK}never`]: { ...whole, deadAt: 1e300 },
    [`liveSessions/${MARK}lease`]: { ...whole, leases: { ...whole.leases, other: null } },
    [`liveSessions/${MARK}figures`]: { ...whole, leased: null, connections: { some: 'text' } },
    [`liveAudit/${MARK}whole`]: audit(now),
    [`liveAudit/${MARK}never`]: audit(1e300),
    [`liveAudit/${MARK}none`]: { at: now, actor: MARK, act: { no: 'text' } },
    [`liveUsage/${MONTH}_${MARK}`]: usage({}),
    [`liveUsage/${MONTH}_${MARK}odd`]: usage({ closedAt: 1e300, microUsd: 'much' }),
    [`livePolicies/${MARK}`]: { version: 'one', minutesPerDay: [], models: { a: null }, transcripts: 7 },
    [`liveTemplates/${MARK}`]: { version: {}, title: ['x'], setup: 'text', variables: [null] },
    [`livePrices/${MARK}`]: { input: 'free', output: { TEXT: {} }, asOf: 7 },
  };
  function audit(at: number): object {
    return { v: 1, at, actor: MARK, act: 'set-unheard-of', target: 'x', subject: null, reason: 'an oddity' };
  }
  function usage(odd: object): object {
    return {
      v: 1,
      uid: MARK,
      month: MONTH,
      sessions: 2,
      leasedSeconds: 60,
      microUsd: 5,
      closedAt: now,
      ...odd,
    };
  }
  beforeAll(async () => {
    for (const [path, fields] of Object.entries(documents))
      await firestore()
        .doc(path)
        .set({ ...fields, purgeAt: Timestamp.fromMillis(now + HOUR) });
  });
  afterAll(async () => {
    for (const path of Object.keys(documents)) await firestore().doc(path).delete();
  });

  it('shows what can be read, and keeps its menu and the other views', async () => {
    const { page, open, violations, close } = await openDashboard(await chromium(), {
      as: 'admin',
      path: `/sessions?uid=${MARK}`,
    });
    await page.locator(`[data-session-id=${MARK}whole]`).waitFor();
    expect(await page.getByTestId('session-row').count()).toBe(1);
    await open('/');
    await page.locator(`[data-session-id=${MARK}whole]`).waitFor();
    for (const odd of ['older', 'never', 'lease', 'figures']) {
      await open(`/sessions/${MARK}${odd}`);
      await page.getByTestId('session-unreadable').waitFor();
    }
    await open(`/audit?actor=${MARK}`);
    await page.getByTestId('audit-entry').nth(1).waitFor();
    await open(`/users?month=${MONTH}`);
    await page.getByTestId('usage-row').first().waitFor();
    await open('/settings');
    for (const kind of ['policies', 'templates', 'prices'])
      await page.getByTestId(`${kind}-${MARK}`).waitFor();
    for (const kind of ['policies', 'templates', 'prices']) {
      await open(`/settings/${kind}/${MARK}`);
      await page.getByTestId('setting-version').waitFor();
      expect(await page.getByTestId('view-error').count(), kind).toBe(0);
    }
    await open('/settings/policies/a%2Fb');
    await page.getByTestId('setting-error').first().waitFor();
    await open('/sessions/a%2Fb');
    await page.getByTestId('session-missing').waitFor();
    expect(violations()).toEqual([]);

    // An address that is no text throws in the router itself: the menu stays, and leads on.
    await page.evaluate(() => {
      history.pushState(null, '', '/users/%E0%A4%A');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await page.getByTestId('view-error').waitFor();
    await expectAccessible(page, 'a view that throws');
    await page.locator('nav.menu a[href="/sessions"]').click();
    await page.getByTestId('session-row').first().waitFor();
    expect(await page.getByTestId('view-error').count()).toBe(0);

    // A view whose file is gone, as after a deployment.
    await page.route(/assets\/costs-page/, (route) => route.abort());
    await page.locator('nav.menu a[href="/costs"]').click();
    await page.getByTestId('view-unloaded').waitFor();
    await expectAccessible(page, 'a view that cannot be loaded');

    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in').waitFor();
    await expectAccessible(page, 'the sign-in');
    await signIn(page, { email: SEEDED_ADMIN.email, password: 'not it' });
    await page.getByTestId('sign-in-problem').filter({ hasText: 'do not belong together' }).waitFor();
    await expectAccessible(page, 'a sign-in that failed');
    await close();
  });

  it('goes by the server’s clock, and waits for an act that is under way', async () => {
    const { page, context, open, violations, close } = await openDashboard(await chromium(), { as: 'admin' });
    // Five hours ahead: by it everything would be over.
    await context.addInitScript((ahead) => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + ahead;
    }, 5 * HOUR);
    await open(`/sessions/${MARK}whole`);
    await page.locator('[data-testid=liveness][data-liveness=live]').waitFor();
    await open('/');
    await page.locator('[data-testid=tile-live][data-count]:not([data-count=""])').waitFor();
    expect(Number(await page.getByTestId('tile-live').getAttribute('data-count'))).toBeGreaterThan(0);

    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let calls = 0;
    await context.route('**/revokeLiveSession', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      calls += 1;
      await held;
      await route.abort();
    });
    await open(`/sessions/${MARK}whole`);
    await page.getByTestId('end-now').click();
    await page.getByTestId('act-reason').fill('a reason that is not lost');
    await page.getByTestId('act-confirm').dblclick();
    await page.getByText('Doing it…').waitFor();
    // The browser itself closes it at the second one; it is there again at once.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByTestId('end-dialog').waitFor();
    expect(await page.getByTestId('dialog-close').isDisabled()).toBe(true);
    release();
    await page.getByTestId('act-problem').waitFor();
    expect(await page.getByTestId('act-reason').inputValue()).toBe('a reason that is not lost');
    expect(calls).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByTestId('end-dialog').waitFor({ state: 'detached' });
    expect(violations()).toEqual([]);
    await close();
  });
});
