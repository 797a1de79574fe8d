/**
 * What can be waited for from outside, and whether it is there: pure.
 * @module
 */
import type { JournalEntry, LiveSessionView } from './live-emulator.ts';

/** Which sessions. Every field that is given must fit; the counts are least ones. */
export interface SessionFilter {
  readonly id?: string;
  readonly state?: LiveSessionView['state'];
  readonly connected?: boolean;
  /** Without `models/`. */
  readonly model?: string;
  readonly tokenHash?: string;
  readonly resumedFrom?: string;
  readonly closeCode?: number;
  readonly turns?: number;
  readonly interruptions?: number;
  readonly audioSeconds?: number;
  readonly videoFrames?: number;
}

/** Which entries of the journal. Every field that is given must fit. */
export interface EntryFilter {
  readonly sessionId?: string;
  readonly kind?: JournalEntry['kind'];
  /** Only entries with a greater `seq`. */
  readonly since?: number;
  /**
   * A field that the message has, such as `serverContent.turnComplete`, or the entry, such as `code`. Through a list: in
   * any of its items.
   */
  readonly has?: string;
}

/** What is waited for: sessions, an entry, or both at once. Without either: a session. */
export interface LiveQuery {
  readonly sessions?: SessionFilter;
  /** How many such sessions there must be at least. Default 1. */
  readonly count?: number;
  readonly entry?: EntryFilter;
}

/** What was found: the sessions that fit, and the entries. A part that was not asked for is empty. */
export interface LiveFinding {
  readonly sessions: readonly LiveSessionView[];
  readonly entries: readonly JournalEntry[];
}

/** What passes while one watches, a line of JSON each. */
export type LiveEvent =
  /** An entry of the journal. */
  | { readonly entry: JournalEntry }
  /** A session as it is now: each at first, then those that changed, at most every 100 ms. */
  | { readonly session: LiveSessionView }
  /** Everything was forgotten: see `reset()`. */
  | { readonly reset: true }
  /** Who reads was too slow: entries after the last one were left out, and the line ends. Ask again with `since`. */
  | { readonly behind: true };

/** Which events: entries that fit, of those in the past the newest `tail` at most. */
export interface EventFilter extends EntryFilter {
  readonly tail?: number;
}

const AT_LEAST = ['turns', 'interruptions', 'audioSeconds', 'videoFrames'] as const;
const EQUAL = ['id', 'state', 'connected', 'model', 'tokenHash', 'resumedFrom', 'closeCode'] as const;

/** What a query asks for, once all of it is there. */
export function findingOf(
  { sessions: wanted, count, entry }: LiveQuery,
  { sessions, entries }: LiveFinding,
): LiveFinding | undefined {
  const isAboutSessions = wanted !== undefined || count !== undefined || entry === undefined;
  const fitting = isAboutSessions ? sessions.filter((each) => fitsSession(each, wanted ?? {})) : [];
  const noted = entry ? entries.filter((each) => fitsEntry(each, entry)) : [];
  if (isAboutSessions && fitting.length < (count ?? 1)) return undefined;
  if (entry && noted.length === 0) return undefined;
  return { sessions: fitting, entries: noted };
}

/** True for a session that a filter lets through. */
function fitsSession(session: LiveSessionView, filter: SessionFilter): boolean {
  return (
    EQUAL.every((key) => filter[key] === undefined || filter[key] === session[key]) &&
    AT_LEAST.every((key) => session[key] >= (filter[key] ?? 0))
  );
}

/** True for an entry that a filter lets through. */
export function fitsEntry(entry: JournalEntry, { sessionId, kind, since = 0, has }: EntryFilter): boolean {
  if (sessionId !== undefined && sessionId !== entry.sessionId) return false;
  if (kind !== undefined && kind !== entry.kind) return false;
  if (entry.seq <= since) return false;
  if (has === undefined) return true;
  const path = has.split('.');
  return hasPath(entry, path) || ('message' in entry && hasPath(entry.message, path));
}

function hasPath(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((each) => hasPath(each, [key, ...rest]));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
  return hasPath((value as Readonly<Record<string, unknown>>)[key], rest);
}
