/**
 * Scrolls through thousands of rows and looks for tasks that hold the page up.
 * @module
 */
import type { Page } from 'playwright-core';
import type { Stage } from './stage.ts';

/** Five thousand sessions are a hundred pages; slower than this something is wrong, in ms. */
const LOADING_MS = 300_000;

/** What scrolling found. */
export interface ScrollFigures {
  /** Rows that the list held. */
  readonly rows: number;
  /** The longest task, in ms; 0 where none took 50 ms: the browser tells of no shorter one. */
  readonly longestTaskMs: number;
  readonly longTasks: number;
  /** Rows that stood in the document at the end. */
  readonly rowsInDocument: number;
}

/** Presses for the next page until so many rows are loaded; how many are. Rejects where there are not as many. */
async function loadRows(page: Page, rows: number): Promise<number> {
  const found = await page.waitForFunction(
    (wanted) => {
      const table = document.querySelector<HTMLElement>('[data-testid=session-table]');
      const loaded = Number(table?.dataset.loaded);
      if (loaded >= wanted) return loaded;
      if (document.querySelector('[data-testid=list-end]')) return -loaded;
      document.querySelector<HTMLElement>('[data-testid=load-more]')?.click();
      return 0;
    },
    rows,
    { polling: 50, timeout: LOADING_MS },
  );
  const loaded = Number(await found.jsonValue());
  if (loaded < 0) throw new Error(`Only ${-loaded} of ${rows} sessions could be loaded.`);
  return loaded;
}

/** Loads `rows` sessions into the list, then scrolls down and up again by wheel, so many pixels at a time. */
export async function scrollThrough(stage: Stage, rows: number): Promise<ScrollFigures> {
  const page = await stage.open('/sessions');
  await page.getByTestId('session-row').first().waitFor();
  const loaded = await loadRows(page, rows);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(500);
  const figures = await page.evaluate(async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const end = document.documentElement.scrollHeight;
    for (const direction of [1, -1])
      for (let at = 0; at < end; at += 900) {
        window.scrollTo(0, direction > 0 ? at : end - at);
        await frame();
      }
    await new Promise((resolve) => setTimeout(resolve, 300));
    observer.disconnect();
    return {
      longestTaskMs: Math.max(0, ...tasks),
      longTasks: tasks.length,
      rowsInDocument: document.querySelectorAll('[data-testid=session-row]').length,
    };
  });
  await page.context().close();
  return { rows: loaded, ...figures };
}
