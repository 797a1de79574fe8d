/**
 * A Firestore that lets a page listen to nothing.
 * @module
 */
import type { Page } from 'playwright-core';

const CHANNEL = /\/Listen\/channel/;

/**
 * Has every listener of a page denied by the rules: what it sends arrives without its sign-in, which a WebChannel
 * carries in the body that opens it. Ends with the function that it answers.
 */
export async function refuseListening(page: Page): Promise<() => Promise<void>> {
  await page.route(CHANNEL, async (route) => {
    const body = route.request().postData();
    await route.continue(
      body === null
        ? {}
        : { postData: body.replace(/authorization(%3A|:).*?(?=%0D|&|$)/i, 'X-Nobody%3Anobody') },
    );
  });
  return () => page.unroute(CHANNEL);
}

/** Lets a page's listeners wait for an answer that does not come. */
export async function silenceListening(page: Page): Promise<() => Promise<void>> {
  await page.route(CHANNEL, () => {});
  return () => page.unroute(CHANNEL);
}
