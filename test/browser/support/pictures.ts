/**
 * Pictures of pages in states that a test has just asserted.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** Pictures that READMEs show and a test takes; those of the dashboard are taken by scripts/pictures.ts. */
const SHOWN: ReadonlySet<string> = new Set(['demo', 'demo-dark', 'demo-phone']);

/** Takes `name.png` for the run's artefacts; with LIVEGATE_PICTURES=1 a README's own into docs/. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.LIVEGATE_PICTURES && SHOWN.has(name) ? 'docs/' : '.livegate/pictures/';
  const path = fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
  await mkdir(path, { recursive: true });
  await page.screenshot({ path: `${path}${name}.png` });
}
