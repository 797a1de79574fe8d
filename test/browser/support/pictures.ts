/**
 * Pictures of pages in states that a test has just asserted.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** With LIVEGATE_PICTURES=1 the README's own pictures are taken anew; else they go to the run's artefacts. */
const FOLDER = fileURLToPath(
  new URL(process.env.LIVEGATE_PICTURES ? '../../../docs/' : '../../../.livegate/pictures/', import.meta.url),
);

/** Takes `name.png`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}
