/**
 * Adds up the shards of a day and sees whether an alert is due.
 * @module
 */
import type {
  AlertThresholds,
  LiveConfigDocument,
  LiveStatsDocument,
  LiveStatsShard,
} from '@livegate/protocol';
import { alertFigures, type Crossing, newCrossings } from './alert-policy.ts';
import { type BooksDependencies, TELL_LIMIT_MS } from './books-store.ts';
import { within } from './hooks.ts';
import { SAMPLE_SHARD, statsShardsQuery } from './queries.ts';
import { dayOf } from './quota-window.ts';
import { sumShards } from './stats-policy.ts';
import { transactionsOn } from './transactions.ts';

const DAY_MS = 86_400_000;
/** Days before today that are added up too: books close up to the length of a session after its day. */
const EARLIER_DAYS = 2;
/** A day's thresholds are looked at for this long after its end, in ms: its last talks close after midnight. Ours. */
export const ALERT_GRACE_MS = 3_600_000;

/**
 * Writes `liveStats/{day}`, the sum of that day's shards, for today and the two days before, by UTC; how many days
 * were written. A day nobody talked in gets no document. A session's books count in the day in which it began: one
 * that goes on for more than two days stays in the shards of its day only.
 *
 * A threshold that the day's figures reach is noted in the transaction that writes them, then told in one log line and
 * to `onAlert`: once for each threshold and day, and not at all where the instance dies in between.
 */
export async function rollUpLiveStats(dependencies: BooksDependencies, now: number): Promise<number> {
  const thresholds = await thresholdsOf(dependencies);
  const failures: unknown[] = [];
  let written = 0;
  for (let ago = 0; ago <= EARLIER_DAYS; ago++) {
    const day = dayOf(now - ago * DAY_MS);
    const isWatched = day === dayOf(now) || day === dayOf(now - ALERT_GRACE_MS);
    try {
      const crossings = await rollUpDay(dependencies, {
        day,
        now,
        thresholds: isWatched ? thresholds : null,
      });
      if (!crossings) continue;
      written += 1;
      for (const crossing of crossings) await alert(dependencies, crossing, day);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `The figures of ${failures.length} days failed.`);
  return written;
}

/**
 * Writes one day; the thresholds it newly reached, or `null` where it has no shards. A day with a shard of sessions
 * that were made up says so.
 */
export async function rollUpDay(
  { paths, transaction, random }: Pick<BooksDependencies, 'paths' | 'transaction' | 'random'>,
  {
    day,
    now,
    thresholds,
  }: { readonly day: string; readonly now: number; readonly thresholds: AlertThresholds | null },
): Promise<readonly Crossing[] | null> {
  const run = transactionsOn(paths.db, {
    ...(transaction ? { transaction } : {}),
    ...(random ? { random } : {}),
  });
  return run(async (tx) => {
    const { docs } = await tx.get(statsShardsQuery(paths, day));
    if (docs.length === 0) return null;
    const ref = paths.statsDay(day);
    const before = (await tx.get(ref)).data() as LiveStatsDocument | undefined;
    const sum = sumShards(docs.map((snapshot) => snapshot.data() as Partial<LiveStatsShard>));
    const alerted = before?.alerted ?? {};
    const crossings = newCrossings(alertFigures(sum), thresholds, alerted);
    const document: LiveStatsDocument = {
      ...sum,
      day,
      rolledUpAt: now,
      alerted: { ...alerted, ...Object.fromEntries(crossings.map(({ kind }) => [kind, now])) },
      ...(docs.some(({ id }) => id === SAMPLE_SHARD) ? { sample: true as const } : {}),
    };
    tx.set(ref, document);
    return crossings;
  });
}

async function alert(
  { hooks, log, tellLimitMs = TELL_LIMIT_MS }: BooksDependencies,
  crossing: Crossing,
  day: string,
): Promise<void> {
  const notice = { ...crossing, day };
  log.alertCrossed(notice);
  try {
    await within(tellLimitMs, async () => hooks.onAlert?.(notice));
  } catch (error) {
    log.unexpected(error, 'telling of an alert');
  }
}

/** The thresholds of the project. Switches that cannot be read have none; the figures do not wait for them. */
async function thresholdsOf({ settings, log }: BooksDependencies): Promise<AlertThresholds | null> {
  let config: LiveConfigDocument | null;
  try {
    config = await settings.config();
  } catch (error) {
    log.unexpected(error, 'reading the thresholds');
    return null;
  }
  return config?.alerts ?? null;
}
