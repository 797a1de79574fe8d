/**
 * How a list that changes all the time is followed without a bill to match: it is listened to while it changes little,
 * and read anew now and then while it changes much. Pure.
 * @module
 */

/** What following a list may cost. */
export interface ReadBudget {
  /** Documents that the list holds at most: what opening it, or reading it anew, costs. */
  readonly rows: number;
  /** Documents that a listener may bring in a minute before it is closed. */
  readonly perMinute: number;
  /** Between two readings of a list that is not listened to. */
  readonly refreshMs: number;
  /** After a listener was closed, so long until the next is opened. */
  readonly restMs: number;
}

/** The list of live sessions of `Now`. Ours. */
export const NOW_LIST = {
  rows: 25,
  perMinute: 100,
  refreshMs: 30_000,
  restMs: 300_000,
} as const satisfies ReadBudget;

/** The first page of the list of sessions: whoever looks there looks for something, and not all day. Ours. */
export const SESSIONS_LIST = {
  rows: 50,
  perMinute: 2_000,
  refreshMs: 30_000,
  restMs: 300_000,
} as const satisfies ReadBudget;

/** Between two countings of what is live, in ms. Ours. */
export const TOTALS_MS = 60_000;

/** Models, and policies, that are counted one by one; the rest are counted as others. Ours. */
export const NAMES_LIMIT = 6;

/** Between two roll-ups of the daily figures, in ms. Source: `rollUpLiveStats` in functions. */
const ROLL_UP_MS = 300_000;

/** Index entries that one read of an aggregation covers. Source: Firestore's pricing page, "Aggregation queries", read 2026-11-21. */
const ENTRIES_A_READ = 1_000;

/** Changes of the switches in an hour: people make them. */
const SWITCHES_AN_HOUR = 20;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** How a list is followed at the moment. `reads` are those of the last minute. */
export type Following =
  | { readonly mode: 'listening'; readonly reads: readonly { readonly at: number; readonly count: number }[] }
  | { readonly mode: 'resting'; readonly until: number };

/** Before anything was read. */
export const BEGINNING: Following = { mode: 'listening', reads: [] };

/** After a listener brought `count` documents. `resting`: close it. */
export function afterReads(
  following: Following,
  { count, nowMs, budget }: { readonly count: number; readonly nowMs: number; readonly budget: ReadBudget },
): Following {
  if (following.mode === 'resting') return following;
  const recent = following.reads.filter(({ at }) => at > nowMs - MINUTE_MS);
  const reads = count > 0 ? [...recent, { at: nowMs, count }] : recent;
  const sum = reads.reduce((total, each) => total + each.count, 0);
  return sum > budget.perMinute
    ? { mode: 'resting', until: nowMs + budget.restMs }
    : { mode: 'listening', reads };
}

/** Once the rest is over a listener is opened again. */
export function afterRest(following: Following, nowMs: number): Following {
  return following.mode === 'resting' && following.until <= nowMs ? BEGINNING : following;
}

/**
 * Most documents that following a list reads in an hour. A minute of listening costs `perMinute` at most, and the one in
 * which the listener is closed as many as the list holds on top. A rest costs less than listening as long, so resting
 * never adds to it; see {@link restIsCheaper}.
 */
export function worstListReads({ rows, perMinute }: ReadBudget): number {
  return (HOUR_MS / MINUTE_MS + 1) * perMinute + rows;
}

/** Whether a rest, with the listener's last minute and what it read beyond it, costs no more than listening as long. */
export function restIsCheaper({ rows, perMinute, refreshMs, restMs }: ReadBudget): boolean {
  const rest = perMinute + rows + Math.ceil(restMs / refreshMs) * rows;
  return rest <= (restMs / MINUTE_MS) * perMinute;
}

/** Reads of one counting of what is live: all, and each model and policy by itself, and the minutes that the caps leased. */
export function totalsReads(live: number): number {
  const each = Math.max(1, Math.ceil(live / ENTRIES_A_READ));
  return each * (1 + 2 * NAMES_LIMIT) + 1;
}

/**
 * Most reads of `Now` while it opens over so many live sessions: the list, a counting, the day's figures, the switches and
 * who turned them last.
 */
export function openingReads(live: number): number {
  return NOW_LIST.rows + totalsReads(live) + 3;
}

/** Most reads of `Now` in an hour that it is open over so many live sessions, whatever happens to them. */
export function worstReadsAnHour(live: number): number {
  const totals = (HOUR_MS / TOTALS_MS + 1) * totalsReads(live);
  const figures = HOUR_MS / ROLL_UP_MS + 1;
  // A switch changes its document and the audit.
  return worstListReads(NOW_LIST) + totals + figures + 2 * (SWITCHES_AN_HOUR + 1);
}
