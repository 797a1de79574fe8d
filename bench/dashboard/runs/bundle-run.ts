/**
 * How much JavaScript a browser fetches until the first view stands.
 * @module
 */
import { gzipSync } from 'node:zlib';
import type { Stage } from './stage.ts';

/** What a view loads after it stands, it has loaded by then, in ms. */
const SETTLED_MS = 2_000;

/** Bytes of the JavaScript that was fetched until `Now` stood, as gzip at its usual level makes them. */
export async function firstLoadBytes(stage: Stage): Promise<number> {
  const bodies: Promise<Buffer>[] = [];
  const page = await stage.open('/', {
    before: async (opening) => {
      opening.on('response', (response) => {
        if (new URL(response.url()).pathname.endsWith('.js')) bodies.push(response.body());
      });
    },
  });
  await page.getByTestId('tile-live').waitFor();
  await page.waitForTimeout(SETTLED_MS);
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).byteLength);
  await page.context().close();
  return sizes.reduce((sum, size) => sum + size, 0);
}
