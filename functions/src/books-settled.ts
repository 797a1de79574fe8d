/**
 * Tells a team's own code which books were closed.
 * @module
 */
import {
  type BooksDependencies,
  type BooksStore,
  booksStore,
  TELL_LIMIT_MS,
  type UnsettledSession,
} from './books-store.ts';
import { type LiveHooks, within } from './hooks.ts';
import { SETTLE_PAGE } from './queries.ts';

/** Most sessions that one run tells of. */
export const SETTLE_LIMIT = 5_000;
/** Hooks that run at the same time. */
const TOLD_AT_ONCE = 10;
/** A run ends after this many failures: whatever is told is out of order, and each may have taken its whole time. */
const MOST_FAILURES = 100;

/** What a run did. */
export interface SettleOutcome {
  readonly told: number;
  readonly failed: number;
}

/**
 * Calls `hook` for the sessions whose books are closed, at most `limit` of them, with the session's id as idempotency
 * key, and forgets each that it was told of. At least once: a run that stops between the two tells it again. A hook
 * that throws, or takes longer than {@link TELL_LIMIT_MS}, is called again at the next run; the others go on. A run
 * begins anywhere among the ids, so that some that always fail keep no others from being told.
 */
export async function settleSessions(
  dependencies: BooksDependencies,
  hook: NonNullable<LiveHooks['onSettled']>,
  limit = SETTLE_LIMIT,
): Promise<SettleOutcome> {
  const { paths, commit, random = Math.random } = dependencies;
  const store = booksStore(paths, commit);
  const outcome = { told: 0, failed: 0 };
  const isDone = (): boolean => outcome.told + outcome.failed >= limit || outcome.failed >= MOST_FAILURES;
  for await (const page of pagesFrom(store, randomPlace(random))) {
    for (let from = 0; from < page.length && !isDone(); from += TOLD_AT_ONCE) {
      const left = limit - outcome.told - outcome.failed;
      const some = page.slice(from, from + Math.min(TOLD_AT_ONCE, left));
      for (const isTold of await Promise.all(some.map((each) => tell(dependencies, { store, hook, each }))))
        outcome[isTold ? 'told' : 'failed'] += 1;
    }
    if (isDone()) break;
  }
  return outcome;
}

/** Every session that was not told, once: those after `begin`, then those up to it. */
async function* pagesFrom(store: BooksStore, begin: string): AsyncGenerator<readonly UnsettledSession[]> {
  for (const start of [begin, '']) {
    let after = start;
    for (;;) {
      const found = await store.unsettled(after, SETTLE_PAGE);
      const page = start === begin ? found : found.filter(({ id }) => id <= begin);
      if (page.length > 0) yield page;
      after = found.at(-1)?.id ?? after;
      if (page.length < SETTLE_PAGE) break;
    }
  }
}

async function tell(
  { log, tellLimitMs = TELL_LIMIT_MS }: BooksDependencies,
  {
    store,
    hook,
    each,
  }: {
    readonly store: BooksStore;
    readonly hook: NonNullable<LiveHooks['onSettled']>;
    readonly each: UnsettledSession;
  },
): Promise<boolean> {
  const { id: sessionId, session, ops } = each;
  try {
    await within(tellLimitMs, async () => hook({ sessionId, session, cost: ops?.cost ?? null }, sessionId));
    await store.settled(sessionId);
    return true;
  } catch (error) {
    log.settleFailed({ sessionId }, error);
    return false;
  }
}

const ID_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Two characters that a random id may begin with. */
function randomPlace(random: () => number): string {
  const one = (): string => ID_CHARACTERS.charAt(Math.floor(random() * ID_CHARACTERS.length));
  return one() + one();
}
