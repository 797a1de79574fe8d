import { type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { LiveClient } from '../../emulator/test-support/live-client.ts';
import { useChromium } from '../support/chromium.ts';

const chromium = useChromium({ microphone: false });
const HOSTILE = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script></pre>';

const running: LiveEmulator[] = [];
afterAll(async () => {
  for (const emulator of running) await emulator.close();
});

/** A page on an emulator of its own, and everything it complained of. */
async function open(address: (emulator: LiveEmulator) => string = ({ pageUrl }) => pageUrl) {
  const emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0 });
  running.push(emulator);
  const context = await (await chromium()).newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(address(emulator));
  return { emulator, page, complaints, close: () => context.close() };
}

const row = (page: Page, text: string | RegExp) => page.locator('.message').filter({ hasText: text });
const session = (page: Page, id: string) => page.getByRole('button', { name: new RegExp(`^${id} `) });

describe('the live page', () => {
  it('shows sessions and messages as they pass, as text whatever they hold, and acts on them', async () => {
    const { emulator, page, complaints, close } = await open();
    await page.getByText('No client has connected yet.').waitFor();
    expect(page.url()).toBe(`${emulator.url}/livegate/`);

    const client = await LiveClient.ready(emulator, { systemInstruction: { parts: [{ text: HOSTILE }] } });
    await session(page, 'session-1').filter({ hasText: 'listening' }).waitFor();
    await emulator.answerWith([{ text: HOSTILE }]);
    await client.send({ clientContent: { turns: [{ parts: [{ text: HOSTILE }] }], turnComplete: true } });
    await client.turn();
    await session(page, 'session-1').filter({ hasText: '1 turn ·' }).waitFor();
    await row(page, 'serverContent + usageMetadata').waitFor();

    await session(page, 'session-1').click();
    await page.getByText('Setup in force').click();
    await row(page, 'clientContent').locator('summary').click();
    const json = row(page, 'clientContent').locator('pre');
    await json.filter({ hasText: 'clientContent' }).waitFor();
    expect(JSON.parse((await json.textContent()) ?? '').clientContent.turns[0].parts[0].text).toBe(HOSTILE);
    expect(await page.locator('#setup-json').textContent()).toContain('<img src=x');
    expect(await page.locator('main img, main script').count()).toBe(0);

    await page.getByRole('searchbox').fill('turnComplete');
    await row(page, 'clientContent').waitFor();
    expect(await row(page, 'opened').count()).toBe(0);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Pause' }).click();
    emulator.inject('session-1', { serverContent: { interrupted: true } });
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await row(page, '"interrupted":true').waitFor();

    await page.getByRole('button', { name: 'Inject …' }).click();
    await page.getByLabel('JSON').fill('{');
    await page.getByRole('button', { name: 'Inject', exact: true }).click();
    await page.getByText('This is not a JSON object').waitFor();
    await page
      .getByLabel('JSON')
      .fill(JSON.stringify({ serverContent: { modelTurn: { parts: [{ text: HOSTILE }] } } }));
    await page.getByRole('button', { name: 'Inject', exact: true }).click();
    await client.until(({ serverContent }) => serverContent?.modelTurn?.parts?.[0]?.text === HOSTILE);
    await row(page, '{"modelTurn":{"parts":[{"text":"<img').waitFor();

    await page.getByRole('button', { name: 'Go away' }).click();
    await client.until(({ goAway }) => goAway);
    await page.getByRole('button', { name: 'Advance' }).click();
    expect((await client.closing()).code).toBe(1011);
    await page.getByText('+1 min').waitFor();
    await session(page, 'session-1').filter({ hasText: 'closed 1011' }).waitFor();
    expect(await page.getByRole('button', { name: 'Drop …' }).isDisabled()).toBe(true);

    const second = await LiveClient.ready(emulator);
    await session(page, 'session-2').click();
    await page.getByRole('button', { name: 'Drop …' }).click();
    await page.getByLabel('Close code').fill('4001');
    await page.getByRole('button', { name: 'Drop', exact: true }).click();
    expect((await second.closing()).code).toBe(4001);

    await page.getByRole('button', { name: 'Reset …' }).click();
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.getByText('No client has connected yet.').waitFor();
    await page.getByText('as the machine’s').waitFor();

    expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
    expect(complaints).toEqual([]);
    await close();
  });

  it('asks for a token where it has none or a wrong one, keeps it for the tab, and says when it is cut off', async () => {
    const { emulator, page, close } = await open(({ url }) => `${url}/livegate/#token=${'x'.repeat(43)}`);
    await page.getByText('That is not the token of this emulator.').waitFor();
    await page.getByLabel('Token').fill(emulator.controlToken);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('No client has connected yet.').waitFor();
    await page.reload();
    await page.getByText('No client has connected yet.').waitFor();
    expect(await page.evaluate(() => [location.href, document.cookie, localStorage.length])).toEqual([
      `${emulator.url}/livegate/`,
      '',
      0,
    ]);
    await emulator.close();
    await page.getByText('Disconnected, trying again …').waitFor();
    await close();
  });
});
