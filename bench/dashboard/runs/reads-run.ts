/**
 * What looking costs in reads: each view as it opens, and `Now` left open while a thousand people talk.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Firestore } from '@google-cloud/firestore';
import { readsIn } from '../../../scripts/read-meter.ts';
import { benchSession, benchSessionId, writeSessions } from '../session-maker.ts';
import type { Stage } from './stage.ts';

/** After the last answer that a view waited for, so long until it is taken for open, in ms. */
const SETTLED_MS = 2_500;

/** A view and what opening it read. */
export interface ViewReads {
  readonly path: string;
  readonly reads: number;
}

/** Opens each of these addresses, one after the other, each in a browser that remembers nothing. */
export async function readsOfViews(stage: Stage, paths: readonly string[]): Promise<readonly ViewReads[]> {
  const found: ViewReads[] = [];
  for (const path of paths) {
    stage.meter.take();
    const page = await stage.open(path);
    await page.locator('main h1').first().waitFor();
    await pause(SETTLED_MS);
    found.push({ path, reads: readsIn(stage.meter.take()) });
    await page.context().close();
  }
  return found;
}

/** People who talk while `Now` is open. */
export const LIVE_SESSIONS = 1_000;
/** How long a talk lasts, how often a page reports and how often it renews, in s. Assumed; the renewals are those of leases of 2 and 5 minutes. */
const TALK_SECONDS = 300;
const REPORT_SECONDS = 120;
const RENEW_SECONDS = 240;

/** What `Now` read. */
export interface NowReads {
  readonly opening: number;
  /** Of an hour, from the minutes that were looked at. */
  readonly perHour: number;
  readonly writesASecond: number;
}

/**
 * Leaves `Now` open for so many minutes over {@link LIVE_SESSIONS} live sessions that go on as talks do: they report,
 * renew, end, and others begin.
 */
export async function readsOfNow(
  stage: Stage,
  { minutes, from }: { readonly minutes: number; readonly from: number },
): Promise<NowReads> {
  const now = Date.now();
  await writeSessions(
    stage.db,
    Array.from({ length: LIVE_SESSIONS }, (_, index) => ({
      number: from + index,
      state: 'active',
      createdAt: now - (LIVE_SESSIONS - index) * ((TALK_SECONDS * 1_000) / LIVE_SESSIONS),
      deadAt: now + TALK_SECONDS * 1_000,
    })),
  );
  stage.meter.take();
  const page = await stage.open('/');
  await page.getByTestId('tile-live').waitFor();
  await pause(SETTLED_MS);
  const opening = readsIn(stage.meter.take());
  const talks = talkOn(stage.db, { from });
  await pause(minutes * 60_000);
  const reads = readsIn(stage.meter.take());
  const writesASecond = talks.rate();
  await talks.stop();
  await page.context().close();
  return { opening, perHour: opening + (reads / minutes) * 60, writesASecond };
}

/** A thousand talks, as their documents change: the oldest ends, a new one begins, any of them reports or renews. */
function talkOn(db: Firestore, { from }: { readonly from: number }) {
  const starts = LIVE_SESSIONS / TALK_SECONDS;
  const changes = LIVE_SESSIONS / REPORT_SECONDS + LIVE_SESSIONS / RENEW_SECONDS;
  const pending = new Set<Promise<unknown>>();
  const begun = Date.now();
  let written = 0;
  let first = from;
  let next = from + LIVE_SESSIONS;
  const created = new Map<number, number>();
  const write = (number: number, state: 'active' | 'ended'): void => {
    const now = Date.now();
    const createdAt = created.get(number) ?? now - 60_000;
    const deadAt = state === 'ended' ? now : now + TALK_SECONDS * 1_000;
    const done = db
      .doc(`liveSessions/${benchSessionId(number)}`)
      .set(benchSession({ number, state, createdAt, deadAt }));
    written += 1;
    pending.add(done);
    void done.finally(() => pending.delete(done)).catch(() => undefined);
  };
  const timers = [
    setInterval(() => {
      created.set(next, Date.now());
      write(next, 'active');
      next += 1;
      write(first, 'ended');
      first += 1;
    }, 1_000 / starts),
    setInterval(() => {
      write(first + Math.floor(Math.random() * (next - first)), 'active');
    }, 1_000 / changes),
  ];
  return {
    rate: () => (written / (Date.now() - begun)) * 1_000,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.allSettled(pending);
    },
  };
}
