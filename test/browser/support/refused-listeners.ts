/**
 * Firestore as it answers somebody who may not read: for the state of a view that no account of a test comes into.
 * @module
 */
import type { Page } from 'playwright-core';

const LISTEN = /\/Listen\/channel/;

/**
 * Answers every listener of a page with `permission-denied`, in the words of WebChannel, until the answered promise's
 * function is called. Load the page after it.
 */
export async function refuseListeners(page: Page): Promise<() => Promise<void>> {
  const targetIds = new Set<number>();
  await page.route(LISTEN, async (route) => {
    const request = route.request();
    const sent = decodeURIComponent(request.postData() ?? '');
    for (const [, id] of sent.matchAll(/"targetId":(\d+)/g)) targetIds.add(Number(id));
    const isOpening = request.method() === 'POST' && !request.url().includes('&SID=');
    const isFirstAnswer = request.method() === 'GET' && request.url().includes('&AID=0&');
    // There is nothing more to say: the channel waits.
    if (!isOpening && !isFirstAnswer) return;
    const cause = { code: 7, message: 'Missing or insufficient permissions.' };
    const text = JSON.stringify(
      isOpening
        ? [[0, ['c', 'refused', '', 8, 14, 30_000]]]
        : [[1, [{ targetChange: { targetChangeType: 'REMOVE', targetIds: [...targetIds], cause } }]]],
    );
    await route.fulfill({
      contentType: 'text/plain',
      headers: {
        'access-control-allow-origin': new URL(page.url()).origin,
        'access-control-allow-credentials': 'true',
      },
      body: `${text.length}\n${text}`,
    });
  });
  return () => page.unroute(LISTEN);
}
