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
 * begins at a random id, so that some that always fail keep no others from being told.
 */
export async function settleSessions(
  dependencies: BooksDependencies,
  hook: NonNullable<LiveHooks['onSettled']>,
  limit = SETTLE_LIMIT,
): Promise<SettleOutcome> {
  const { paths, commit, random = Math.random } = dependencies;
  const store = booksStore(paths, commit);
  const begin = randomPlace(random);
  const outcome = { told: 0, failed: 0 };
  for (const range of [{ after: begin }, { after: '', to: begin }]) {
    let { after } = range;
    for (;;) {
      const left = Math.min(SETTLE_PAGE, limit - outcome.told - outcome.failed);
      if (left <= 0 || outcome.failed >= MOST_FAILURES) return outcome;
      const page = await store.unsettled({ ...range, after, limit: left });
      for (let from = 0; from < page.length; from += TOLD_AT_ONCE) {
        if (outcome.failed >= MOST_FAILURES) return outcome;
        const told = await Promise.all(
          page.slice(from, from + TOLD_AT_ONCE).map((each) => tell(dependencies, { store, hook, each })),
        );
        for (const isTold of told) outcome[isTold ? 'told' : 'failed'] += 1;
      }
      if (page.length < left) break;
      after = page.at(-1)?.id ?? after;
    }
  }
  return outcome;
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
