/**
 * Policies, templates, prices and the project's switches in the dashboard: edited by two admins at once, looked at by a
 * viewer, and honoured by the functions.
 */
import { randomUUID } from 'node:crypto';
import { developerModels, type LivePolicyDocument, OPEN_POLICY } from '@livegate/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInWithPassword } from '../../scripts/auth-emulator.ts';
import { useChromium } from '../support/chromium.ts';
import { callFunction, signInAsNewUser, signInAsSeededAdmin, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import {
  expectAccessible,
  fitsWidth,
  HOSTILE_TEXTS,
  hostileTextRan,
  keepPictures,
  newAccount,
  type OpenDashboard,
  openDashboard,
} from './support/dashboard-page.ts';
import { refuseListening, silenceListening } from './support/refused-listening.ts';

const own = `settings-${randomUUID().slice(0, 8)}`;
const policyPath = `/settings/policies/${own}`;
const HOSTILE = HOSTILE_TEXTS.slice(0, 3).join(' ');
const WAIT = { timeout: 20_000 } as const;

const { v: _v, version: _version, ...OPEN } = OPEN_POLICY;

/** Lines of a comparison that came or went, as a screen reader has them. */
const changesIn = (page: Page, testId: string): Promise<readonly string[]> =>
  page
    .getByTestId(testId)
    .locator('li')
    .evaluateAll((lines) =>
      lines
        .map((line) => line.textContent ?? '')
        .filter((text) => text.startsWith('Added: ') || text.startsWith('Removed: '))
        .map((text) => text.replace(/\s+/g, ' ')),
    );

/** Reviews and saves what is on screen. */
async function save(page: Page, reason: string): Promise<void> {
  await page.getByTestId('save').click();
  await page.getByTestId('save-dialog').getByTestId('act-reason').fill(reason);
  await page.getByTestId('act-confirm').click();
  await page.getByTestId('save-dialog').waitFor({ state: 'detached', ...WAIT });
}

/** The line of a setting, after as much of the list as it takes. */
async function rowOf(page: Page, kind: string, id: string): Promise<Locator> {
  const row = page.getByTestId(`${kind}-${id}`);
  const more = page.getByTestId(kind).getByRole('button', { name: 'Show more' });
  for (;;) {
    await row.or(more).first().waitFor(WAIT);
    if ((await row.count()) > 0) return row;
    await more.click();
  }
}

describe('the settings in the dashboard', () => {
  const chromium = useChromium();
  const firestore = useAdminFirestore();
  let admin: OpenDashboard;
  let other: OpenDashboard;
  let viewer: OpenDashboard;
  let idToken: string;

  const set = async (name: string, order: object) => {
    const answer = await callFunction(name, { data: { v: 1, reason: HOSTILE, ...order }, idToken });
    expect(answer.error).toBeUndefined();
  };
  const policy = async (): Promise<LivePolicyDocument> =>
    (await firestore().doc(`livePolicies/${own}`).get()).data() as LivePolicyDocument;

  beforeAll(async () => {
    ({ idToken } = await signInAsSeededAdmin());
    await set('setLivePolicy', { id: own, baseVersion: 0, policy: { ...OPEN, models: developerModels() } });
    const template = (title: string, text: string) => ({
      title,
      setup: { systemInstruction: { parts: [{ text: `${text} {{name}}` }] } },
      variables: { name: { maxLength: 20, default: 'you' } },
    });
    await set('setLiveTemplate', { id: own, baseVersion: 0, template: template('First', 'Greet') });
    await set('setLiveTemplate', { id: own, baseVersion: 1, template: template(HOSTILE, HOSTILE) });
    const price = { input: { TEXT: 1 }, output: { AUDIO: 2 }, asOf: '2026-01-01', source: HOSTILE };
    await set('setLivePrice', { model: own, baseVersion: 0, price });
    const browser = await chromium();
    [admin, other, viewer] = await Promise.all([
      openDashboard(browser, { as: 'admin', path: policyPath }),
      openDashboard(browser, { as: 'other-admin', path: policyPath }),
      openDashboard(browser, { as: 'viewer', path: '/settings' }),
    ]);
  });
  afterAll(async () => {
    const db = firestore();
    for (const path of [
      `livePolicies/${own}`,
      `livePolicies/${own}-two`,
      `livePrices/${own}`,
      `liveTemplates/${own}`,
    ])
      await db.recursiveDelete(db.doc(path));
    for (const each of [admin, other, viewer]) {
      expect(each.violations()).toEqual([]);
      await each.close();
    }
  });

  it('saves exactly what the comparison showed, where the other admin sees it and the functions honour it', async () => {
    const { page } = admin;
    await page.getByTestId('setting-version').filter({ hasText: 'version 1' }).waitFor(WAIT);
    await other.page.getByTestId('setting-version').filter({ hasText: 'version 1' }).waitFor(WAIT);
    await keepPictures(page, 'dashboard-policy');
    await expectAccessible(page, 'a policy');
    expect(await fitsWidth(page)).toBe(true);

    await page.getByTestId('input-minutesPerDay').fill('12');
    await page.getByTestId('none-minutesPerMonth').check();
    await page
      .getByTestId('input-models')
      .getByRole('checkbox', { name: /^gemini-3\.8-live-extended/ })
      .uncheck();
    await page.getByTestId('save').click();
    await page.getByTestId('save-diff').waitFor(WAIT);
    expect(await changesIn(page, 'save-diff')).toEqual([
      'Removed: "minutesPerDay": 30',
      'Removed: "minutesPerMonth": 300',
      'Added: "minutesPerDay": 12',
      'Added: "minutesPerMonth": null',
      'Removed: "gemini-3.8-live-extended-thinking"',
    ]);
    await expectAccessible(page, 'a comparison before a save');
    await keepPictures(page, 'dashboard-policy-save');
    await page.getByTestId('act-cancel').click();
    await save(page, HOSTILE);
    await page.getByTestId('save-state').filter({ hasText: 'Saved as version 2.' }).waitFor(WAIT);

    await other.page.getByTestId('setting-version').filter({ hasText: 'version 2' }).waitFor(WAIT);
    expect(await other.page.getByTestId('input-minutesPerDay').inputValue()).toBe('12');
    expect(await policy()).toEqual({
      ...OPEN_POLICY,
      models: developerModels().filter((id) => id !== 'gemini-3.8-live-extended-thinking'),
      version: 2,
      minutesPerDay: 12,
      minutesPerMonth: null,
    });

    const user = await signInAsNewUser({ livegatePolicy: own });
    const mint = (model: string) =>
      callFunction('mintLiveToken', {
        data: { v: 1, op: 'start', requestId: randomUUID(), model },
        idToken: user.idToken,
      });
    expect((await mint('gemini-3.8-live-extended-thinking')).error?.details?.reason).toBe('model');
    expect((await mint('gemini-3.8-live')).error).toBeUndefined();
  });

  it('keeps the draft of who comes second, and puts it on top of what came first', async () => {
    const mine = other.page;
    const theirs = admin.page;
    await mine.getByTestId('input-concurrentSessions').fill('3');
    await theirs.getByTestId('input-sessionsPerMinute').fill('9');
    await save(theirs, 'first');
    await mine.getByTestId('conflict').waitFor(WAIT);
    await mine.getByTestId('conflict-diff').waitFor(WAIT);
    expect(await changesIn(mine, 'conflict-diff')).toEqual([
      'Removed: "sessionsPerMinute": 6',
      'Added: "sessionsPerMinute": 9',
    ]);
    expect(await mine.getByTestId('input-concurrentSessions').inputValue()).toBe('3');
    expect(await mine.getByTestId('save').isDisabled()).toBe(true);
    await expectAccessible(mine, 'a conflict');
    await mine.getByTestId('conflict-mine').click();
    await save(mine, 'second');
    expect(await policy()).toMatchObject({ version: 4, sessionsPerMinute: 9, concurrentSessions: 3 });
    await theirs.getByTestId('setting-version').filter({ hasText: 'version 4' }).waitFor(WAIT);
    expect(await theirs.getByTestId('input-concurrentSessions').inputValue()).toBe('3');

    // One that learns of it from the functions: nothing was told here yet.
    const current = await policy();
    const late = await callFunction('setLivePolicy', {
      data: { v: 1, reason: '', id: own, baseVersion: 3, policy: { ...OPEN, minutesPerDay: 1 } },
      idToken,
    });
    expect(late.error?.details).toMatchObject({ reason: 'conflict', field: 'baseVersion' });
    expect(await policy()).toEqual(current);
  });

  it('shows what is wrong at the field that the functions name, and saves nothing', async () => {
    const { page } = admin;
    const said = async (name: string, value: unknown) =>
      (
        await callFunction('setLivePolicy', {
          data: { v: 1, reason: '', id: own, baseVersion: 4, policy: { ...OPEN, [name]: value } },
          idToken,
        })
      ).error?.details?.field;
    for (const [name, text, value] of [
      ['minutesPerDay', '12x', '12x'],
      ['leaseSeconds', '300, 120', [300, 120]],
    ] as const) {
      const input = page.getByTestId(`input-${name}`);
      const before = await input.inputValue();
      await input.fill(text);
      await page.getByTestId(`problem-${name}`).waitFor(WAIT);
      expect(await input.getAttribute('aria-invalid')).toBe('true');
      expect(await page.getByTestId('save').isDisabled()).toBe(true);
      expect(await said(name, value)).toBe(name);
      await page.getByTestId('go-to-problem').click();
      await page.waitForFunction((id) => document.activeElement?.id === id, `field-${name}`);
      if (name === 'leaseSeconds') await expectAccessible(page, 'a wrong field');
      await input.fill(before);
    }
    expect(await page.getByTestId('save-state').textContent()).toBe('No changes.');

    // What the form has no field for is told with its path, and stays in the text.
    await page.getByTestId('tab-json').click();
    const json = page.getByTestId('json');
    const before = await json.inputValue();
    await json.fill(before.replace('{', '{ "unheardOf": 1,'));
    expect(await page.getByTestId('save-state').textContent()).toContain('unheardOf');
    expect(await said('unheardOf', 1)).toBe('unheardOf');
    await json.fill(`${before}}`);
    await page.getByTestId('json-problem').waitFor(WAIT);
    await page.getByTestId('tab-json').press('ArrowLeft');
    await page.getByTestId('broken').waitFor(WAIT);
    await page.getByTestId('tab-json').click();
    expect(await json.inputValue()).toBe(`${before}}`);
    await expectAccessible(page, 'text that is no draft');
    await json.fill(before);
    await page.getByTestId('tab-form').click();

    // Leaving asks first, by a link and by the browser's own way back.
    await page
      .getByTestId('input-openFields')
      .getByRole('checkbox', { name: /^labels/ })
      .check();
    await page.getByTestId('warning-openFields').waitFor(WAIT);
    await page.getByRole('link', { name: 'Costs' }).click();
    await page.getByTestId('leave-stay').click();
    expect(new URL(page.url()).pathname).toBe(policyPath);
    await page.getByRole('link', { name: 'Settings', exact: true }).first().click();
    await expectAccessible(page, 'a question before leaving');
    await page.getByTestId('leave-go').click();
    await rowOf(page, 'policies', own);
    expect((await policy()).openFields).toEqual([]);
  });

  it('lists settings with who changed them, and sets bounds and roles', async () => {
    const { page } = admin;
    const row = await rowOf(page, 'policies', own);
    await row.getByText('12 min').waitFor(WAIT);
    await row.getByText('second').waitFor(WAIT);
    await (await rowOf(page, 'templates', own)).getByText(HOSTILE).first().waitFor(WAIT);
    await (await rowOf(page, 'prices', own)).getByText('2026-01-01').waitFor(WAIT);
    expect(await hostileTextRan(page)).toBe(false);
    await expectAccessible(page, 'Settings');
    expect(await fitsWidth(page)).toBe(true);
    await keepPictures(page, 'dashboard-settings');

    await page.getByTestId('none-alerts.usd').uncheck();
    await page.getByTestId('input-alerts.usd').fill('many');
    await page.getByTestId('problem-alerts.usd').waitFor(WAIT);
    await page.getByTestId('input-alerts.usd').fill('1000000');
    // What somebody else sets meanwhile joins what is entered here.
    await set('setLiveLimits', { alerts: { refusals: 2_000_000 } });
    await page.getByTestId('input-alerts.refusals').waitFor(WAIT);
    expect(await page.getByTestId('input-alerts.refusals').inputValue()).toBe('2000000');
    await page.getByTestId('limits-save').click();
    await page.getByTestId('limits-diff').waitFor(WAIT);
    expect(await changesIn(page, 'limits-diff')).toEqual(['Removed: "usd": null', 'Added: "usd": 1000000']);
    await page.getByTestId('act-confirm').click();
    await page.getByTestId('limits-dialog').waitFor({ state: 'detached', ...WAIT });
    expect((await firestore().doc('liveConfig/global').get()).data()).toMatchObject({
      killSwitch: false,
      alerts: { usd: 1_000_000, refusals: 2_000_000 },
    });
    await set('setLiveLimits', { alerts: null });

    await page.getByTestId('kill-switch-act').click();
    await expectAccessible(page, 'the kill switch asked for');
    await page.getByTestId('act-cancel').click();

    const { uid, email } = await newAccount(null);
    await page.getByTestId('role-who').fill(`no-${email}`);
    await page.getByTestId('role-give').click();
    await page.getByTestId('role-problem').waitFor(WAIT);
    await page.getByTestId('role-who').fill(email);
    await page.getByTestId('role-give').click();
    await page.getByTestId('act-confirm').click();
    const operator = page.getByTestId(`operator-${uid}`);
    await operator.getByText('viewer', { exact: true }).waitFor(WAIT);
    await viewer.page.getByTestId(`operator-${uid}`).waitFor(WAIT);
    await operator.getByRole('button', { name: /^Take the role/ }).click();
    await page.getByTestId('act-confirm').click();
    await operator.waitFor({ state: 'detached', ...WAIT });
  });

  it('makes a draft of a version of a template, and shows hostile text as text', async () => {
    const { page, open } = admin;
    await open(`/settings/templates/${own}`);
    await page.getByTestId('setting-version').filter({ hasText: 'version 2' }).waitFor(WAIT);
    await page.getByTestId('version-2').locator('summary').getByText(HOSTILE).waitFor(WAIT);
    expect(await page.getByTestId('field-setup-systemInstruction').inputValue()).toContain(HOSTILE);
    expect(await page.locator('.marks mark').textContent()).toBe('{{name}}');
    await page.getByTestId('version-1').locator('summary').click();
    await page.getByTestId('version-1').getByTestId('version-diff').waitFor(WAIT);
    await page.getByTestId('version-2').locator('summary').click();
    await page.getByTestId('version-2').getByTestId('version-change').waitFor(WAIT);
    expect(await hostileTextRan(page)).toBe(false);
    await expectAccessible(page, 'a template and its versions');
    expect(await fitsWidth(page)).toBe(true);
    await page.evaluate(() => scrollTo(0, 0));
    await keepPictures(page, 'dashboard-template');
    await page.getByTestId('version-restore').first().waitFor();
    await page.getByTestId('version-1').getByTestId('version-restore').click();
    expect(await page.getByTestId('input-title').inputValue()).toBe('First');
    await save(page, 'back');
    const stored = await firestore().doc(`liveTemplates/${own}`).get();
    expect(stored.data()).toMatchObject({ version: 3, title: 'First' });
    await page.getByTestId('version-3').waitFor(WAIT);

    // A variable that is used wants a declaration.
    const text = page.getByTestId('field-setup-systemInstruction');
    await text.fill(`${await text.inputValue()} from {{place}}`);
    await page.getByTestId('problem-variables').waitFor(WAIT);
    await page.getByTestId('declare-place').click();
    await page.getByTestId('input-variables.place.maxLength').fill('0x');
    await page.getByTestId('problem-variables.place.maxLength').waitFor(WAIT);
    await page.getByTestId('discard').click();
    expect(await page.getByTestId('save-state').textContent()).toBe('No changes.');
  });

  it('writes a new policy out of the open one, and deletes it with a word on who falls back', async () => {
    const { page, open } = admin;
    await open(`/settings/policies/${own}-two`);
    await page.getByTestId('setting-empty').getByRole('link').click();
    expect(await page.getByTestId('input-id').inputValue()).toBe(`${own}-two`);
    await expectAccessible(page, 'a new policy');
    await page.getByTestId('input-id').fill(own);
    await page.getByTestId('save').click();
    await page.getByTestId('act-confirm').click();
    await page.getByTestId('act-problem').waitFor(WAIT);
    await page.getByTestId('act-cancel').click();
    await page.getByTestId('taken').waitFor(WAIT);
    expect((await policy()).version).toBe(4);
    await page.getByTestId('input-id').fill(`${own}-two`);
    await save(page, 'new');
    await page.getByTestId('setting-version').filter({ hasText: 'version 1' }).waitFor(WAIT);
    await page.getByTestId('delete').click();
    await page
      .getByTestId('delete-dialog')
      .getByText(/a tier that names no policy is an error/)
      .waitFor(WAIT);
    await expectAccessible(page, 'a deletion asked for');
    await page.getByTestId('act-confirm').click();
    await page.getByTestId('settings').waitFor(WAIT);
    expect((await firestore().doc(`livePolicies/${own}-two`).get()).exists).toBe(false);

    // The audit keeps it.
    await open(`/settings/policies/${own}-two`);
    await page.getByTestId('setting-empty').waitFor(WAIT);
    await page.getByTestId('version-1').locator('summary').click();
    await page.getByTestId('version-1').getByTestId('version-restore').click();
    await save(page, 'again');
    expect((await firestore().doc(`livePolicies/${own}-two`).get()).data()).toMatchObject({ version: 1 });
    await page.getByTestId('setting-version').filter({ hasText: 'version 1' }).waitFor(WAIT);
  });

  it('shows a viewer everything and lets them change nothing, in the page or past it', async () => {
    const { page, open, account, context } = viewer;
    await page.getByTestId('viewer-notice').waitFor(WAIT);
    await rowOf(page, 'policies', own);
    expect(await page.getByRole('link', { name: /^New / }).count()).toBe(0);
    for (const id of ['kill-switch-act', 'limits-save', 'role-give'])
      expect(await page.getByTestId(id).count(), id).toBe(0);
    await open(policyPath);
    await page.getByTestId('viewer-notice').waitFor(WAIT);
    expect(await page.getByTestId('input-minutesPerDay').inputValue()).toBe('12');
    expect(await page.getByTestId('input-minutesPerDay').isDisabled()).toBe(true);
    for (const id of ['save', 'delete', 'version-restore'])
      expect(await page.getByTestId(id).count(), id).toBe(0);
    await expectAccessible(page, 'a policy that a viewer sees');
    const asViewer = await signInWithPassword(useStack(), account);
    for (const [name, order] of [
      ['setLivePolicy', { id: own, baseVersion: 4, policy: OPEN }],
      ['setLiveTemplate', { id: own, baseVersion: 3, template: { title: 'T', setup: {} } }],
      ['setLivePrice', { model: own, baseVersion: 1, price: {} }],
      ['setLiveLimits', { alerts: null }],
      ['setKillSwitch', { on: true }],
      ['setLiveRole', { uid: asViewer.uid, role: 'admin' }],
    ] as const) {
      const { error } = await callFunction(name, {
        data: { v: 1, reason: '', ...order },
        idToken: asViewer.idToken,
      });
      expect(error, name).toMatchObject({ status: 'PERMISSION_DENIED', details: { reason: 'not-operator' } });
    }
    expect((await policy()).version).toBe(4);

    await context.setOffline(true);
    await page.getByTestId('setting-offline').waitFor(WAIT);
    await expectAccessible(page, 'a policy while offline');
    await context.setOffline(false);
    await page.getByTestId('setting-offline').waitFor({ state: 'detached', ...WAIT });

    const allow = await refuseListening(page);
    await open(policyPath);
    await page.getByTestId('setting-error').waitFor(WAIT);
    await expectAccessible(page, 'a policy that may not be read');
    await open('/settings');
    for (const id of ['policies', 'templates', 'prices', 'kill-switch', 'limits', 'operators'])
      await page.getByTestId(`${id}-error`).waitFor(WAIT);
    await expectAccessible(page, 'settings that may not be read');
    await allow();
    const answer = await silenceListening(page);
    await open('/settings');
    await page.getByTestId('policies-loading').waitFor(WAIT);
    await expectAccessible(page, 'settings that are loading');
    await answer();
  });
});
