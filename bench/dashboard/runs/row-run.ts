/**
 * From a write to Firestore to the row on the screen, while others write as well.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Firestore } from '@google-cloud/firestore';
import type { Page } from 'playwright-core';
import { benchSession, benchSessionId } from '../session-maker.ts';
import type { Stage } from './stage.ts';

/** Writes a second that go on meanwhile: reports and renewals of sessions that are listed, and new sessions. */
const WRITES_A_SECOND = 20;
/** Between two measured writes, in ms: a row stands before the next is asked for. */
const BETWEEN_MS = 250;

declare global {
  interface Window {
    /** Session id → when its row had been painted, in epoch ms. */
    benchRows: Record<string, number>;
  }
}

/** What one round found. */
export interface RowFigures {
  /** From each write to its row, in ms. */
  readonly times: readonly number[];
  /** From each write to a bare listener of the same list, in ms: what of it the emulator takes. */
  readonly bareTimes: readonly number[];
  readonly writesASecond: number;
}

/** Times of so many rows, in ms, from the call of the write to the frame that shows the row. */
export async function rowTimes(
  stage: Stage,
  { rows, from }: { readonly rows: number; readonly from: number },
): Promise<RowFigures> {
  const page = await stage.open('/sessions');
  await page.getByTestId('session-row').first().waitFor();
  await watchRows(page);
  const bare = listenTo(stage.db);
  const noise = writeOn(stage.db, { from: from + rows });
  const times: number[] = [];
  const bareTimes: number[] = [];
  try {
    for (let row = 0; row < rows; row++) {
      const number = from + row;
      const id = benchSessionId(number);
      const begun = Date.now();
      const wish = { number, state: 'active', createdAt: begun + 60_000, deadAt: begun + 180_000 } as const;
      await stage.db.doc(`liveSessions/${id}`).set(benchSession(wish));
      const seen = await page.waitForFunction((key) => window.benchRows[key], id, {
        timeout: 10_000,
        polling: 20,
      });
      times.push(Number(await seen.jsonValue()) - begun);
      bareTimes.push((await bare.heard(id)) - begun);
      await pause(BETWEEN_MS);
    }
  } finally {
    await noise.stop();
    bare.stop();
    await page.context().close();
  }
  return { times, bareTimes, writesASecond: noise.rate() };
}

/** Listens to the list that the page shows, and notes when each session came. */
function listenTo(db: Firestore) {
  const heard = new Map<string, PromiseWithResolvers<number>>();
  const at = (id: string): PromiseWithResolvers<number> => {
    const known = heard.get(id) ?? Promise.withResolvers<number>();
    heard.set(id, known);
    return known;
  };
  const stop = db
    .collection('liveSessions')
    .orderBy('createdAt', 'desc')
    .limit(50)
    .onSnapshot((snapshot) => {
      for (const { doc } of snapshot.docChanges()) at(doc.id).resolve(Date.now());
    });
  return { heard: (id: string) => at(id).promise, stop };
}

/** Notes when each row has been painted: the frame after the one in which it came. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.benchRows = {};
    const note = (): void => {
      const ids = [...document.querySelectorAll('[data-testid=session-row]')].map(
        (row) => (row as HTMLElement).dataset.sessionId ?? '',
      );
      const fresh = ids.filter((id) => !(id in window.benchRows));
      for (const id of fresh) window.benchRows[id] = 0;
      if (fresh.length > 0)
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            for (const id of fresh) window.benchRows[id] = performance.timeOrigin + performance.now();
          }),
        );
    };
    note();
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
}

/** Writes at a steady rate: nine changes of listed sessions to one new session. */
function writeOn(db: Firestore, { from }: { readonly from: number }) {
  const begun = Date.now();
  let written = 0;
  let next = from;
  const pending = new Set<Promise<unknown>>();
  const timer = setInterval(() => {
    const isNew = written % 10 === 0;
    const number = isNew ? next++ : Math.max(from, next - 1 - (written % 20));
    const now = Date.now();
    const wish = { number, state: 'active', createdAt: now, deadAt: now + 120_000 + written } as const;
    written += 1;
    const write = db.doc(`liveSessions/${benchSessionId(number)}`).set(benchSession(wish));
    pending.add(write);
    void write.finally(() => pending.delete(write)).catch(() => undefined);
  }, 1_000 / WRITES_A_SECOND);
  return {
    rate: () => (written / (Date.now() - begun)) * 1_000,
    async stop() {
      clearInterval(timer);
      await Promise.allSettled(pending);
    },
  };
}
