/**
 * Closes books. Bookkeeping only: no mint and no limit waits for it.
 * @module
 */
import type { LivePriceDocument } from '@livegate/protocol';
import { closedBooks } from './books-policy.ts';
import {
  type BooksDependencies,
  type BooksStore,
  booksStore,
  type DueSession,
  type FoundSession,
} from './books-store.ts';
import { SESSION_SHARDS, SWEEP_LIMIT } from './queries.ts';

/** Pages of {@link SWEEP_LIMIT} that one run takes from a shard at most: the next run takes the rest. */
const MOST_PAGES = 10;

/**
 * Closes the books of sessions whose last token was dead at `now`, `limit` of a shard at a time; how many were closed.
 * A session's end, its cost, its flags and what it adds to the figures of its day and to its user's month are
 * written in one batch, on condition that it is as it was read: doing it twice, or stopping anywhere and doing it again, counts it once.
 *
 * What cannot be closed is left for the next run, and holds up no other: a session that changed meanwhile, one whose
 * document cannot be read, a shard whose commit fails. Throws an `AggregateError` at the end where a shard failed.
 */
export async function sweepLiveSessions(
  dependencies: BooksDependencies,
  now: number,
  limit = SWEEP_LIMIT,
): Promise<number> {
  const { paths, commit, log } = dependencies;
  const store = booksStore(paths, commit);
  const failures: unknown[] = [];
  let closed = 0;
  for (let shard = 0; shard < SESSION_SHARDS; shard++) {
    try {
      let after: FoundSession | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const found = await store.due(shard, now, { limit, after });
        closed += await closePage(dependencies, store, { found, now });
        after = found.at(-1);
        if (found.length < limit) break;
      }
    } catch (error) {
      log.unexpected(error, `closing the books of shard ${shard}`);
      failures.push(error);
    }
  }
  if (closed > 0) log.booksClosed({ closed });
  if (failures.length > 0)
    throw new AggregateError(failures, `The books of ${failures.length} shards failed.`);
  return closed;
}

async function closePage(
  dependencies: BooksDependencies,
  store: BooksStore,
  { found, now }: { readonly found: readonly FoundSession[]; readonly now: number },
): Promise<number> {
  const { hooks, log } = dependencies;
  const tells = hooks.onSettled !== undefined;
  const prices = await pricesOf(dependencies, new Set(found.map(({ session }) => session.model)));
  const due: DueSession[] = [];
  for (const each of found) {
    const price = prices.get(each.session.model);
    if (price === undefined) continue;
    try {
      due.push({ ...each, closing: closedBooks(each.id, each.session, { price, now, tells }) });
    } catch (error) {
      log.unexpected(error, `closing the books of ${each.id}`);
    }
  }
  return store.close(due);
}

/** The price of each model, `null` for none. One that cannot be looked up is left out: that is not "none". */
async function pricesOf(
  { settings, log }: BooksDependencies,
  models: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LivePriceDocument | null>> {
  const prices = new Map<string, LivePriceDocument | null>();
  for (const model of models) {
    try {
      prices.set(model, await settings.price(model));
    } catch (error) {
      log.unexpected(error, `looking up the price of ${model}`);
    }
  }
  return prices;
}
