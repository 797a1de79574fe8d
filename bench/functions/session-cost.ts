/**
 * From counts to money: what a million sessions of one shape cost, term by term. Pure.
 * @module
 */
import { addTallies, NOTHING, type Tally, timesTally } from './counted-firestore.ts';
import { kindsOf, type PlayedCall, type PlayedSession } from './played-session.ts';
import { type BooksCounts, RUNS_AN_HOUR, SETTINGS } from './session-books.ts';
import {
  BILLED_STEP_MS,
  FIRESTORE_PRICES,
  type FirestoreLocation,
  INSTANCE,
  RUN_PRICES,
} from './unit-prices.ts';

/** Sessions that a bill is about. */
export const SESSIONS = 1_000_000;
/** Hours over which they are spread: a month of 30 days. What runs by the clock is counted for all of them. */
export const HOURS = 720;
/** Instances that read the settings anew each minute: one that mints and one that takes reports. Assumed. */
export const WARM_INSTANCES = 2;
/** Documents of settings that an instance reads each minute: the policy, by provider and `default`, and the switches. */
export const SETTINGS_READS = 3;
/** How long Gemini takes to make a token, in ms. Assumed: nothing here talks to it. */
export const UPSTREAM_MS = 300;
/** What a page listens to: so many of the newest sessions. `SESSION_LIST_LIMIT` of the dashboard. */
export const LISTED = 50;

/** Which feature a term goes with. */
export type Feature =
  | 'base'
  | 'renewals'
  | 'caps'
  | 'reports'
  | 'reports in between'
  | 'events'
  | 'liveOps/ops'
  | 'daily figures'
  | "users' months"
  | 'settings';

/** One term of a bill: documents for a session, or its share of them. */
export interface Term {
  readonly name: string;
  readonly feature: Feature;
  /** Of one session. */
  readonly tally: Tally;
  /** Of these deletes, those by TTL. */
  readonly ttl: boolean;
}

/** The bill of one shape. */
export interface SessionBill {
  readonly minutes: number;
  readonly mints: number;
  readonly reports: number;
  readonly terms: readonly Term[];
}

/** USD for a million times a tally. */
export function usdOf(tally: Tally, location: FirestoreLocation = 'regional'): number {
  const prices = FIRESTORE_PRICES[location];
  const times = SESSIONS / 100_000;
  return (
    times *
    (tally.reads * prices.reads.usd + tally.writes * prices.writes.usd + tally.deletes * prices.deletes.usd)
  );
}

/** The documents of all terms, of one session. */
export function totalOf(terms: readonly Term[]): Tally {
  return addTallies(...terms.map(({ tally }) => tally));
}

/** The terms of a talk that was played, with the books that are closed behind it. */
export function billOf(played: PlayedSession, books: BooksCounts): SessionBill {
  const { calls, minutes } = played;
  const of = (...kinds: readonly PlayedCall['kind'][]): ReadonlyMap<string, Tally> =>
    kindsOf(calls.filter(({ kind }) => kinds.includes(kind)));
  const part = (tallies: ReadonlyMap<string, Tally>, ...kinds: readonly string[]): Tally =>
    addTallies(...kinds.map((kind) => tallies.get(kind) ?? NOTHING));
  const [start, renew, all] = [of('start'), of('renew'), kindsOf(calls)];
  const between = of('first report', 'later report');
  const ends = of('final report');
  const eventDocuments = part(all, EVENTS).writes;
  const term = (name: string, feature: Feature, tally: Tally, ttl = false): Term => ({
    name,
    feature,
    tally,
    ttl,
  });
  const deleted = (deletes: number): Tally => ({ ...NOTHING, deletes });
  const perMillion = (tally: Tally): Tally => timesTally(tally, 1 / SESSIONS);
  const runs = HOURS * RUNS_AN_HOUR;
  const terms = [
    term('start: quota and session', 'base', part(start, QUOTA, SESSION)),
    term('renewals: quota and session', 'renewals', part(renew, QUOTA, SESSION)),
    term('caps: one shard at each mint', 'caps', part(all, CAPS)),
    term('reports at swaps and at the end', 'reports', part(ends, SESSION, QUOTA)),
    term('reports in between', 'reports in between', part(between, SESSION, QUOTA)),
    term('events of the reports at swaps and at the end', 'events', part(ends, EVENTS)),
    term('events of the reports in between', 'events', part(between, EVENTS)),
    term('sweep: the session', 'base', part(books.perSession, SESSION)),
    term('sweep: liveOps/ops', 'liveOps/ops', part(books.perSession, OPS)),
    term('sweep: stats shards', 'daily figures', part(books.perSession, STATS)),
    term("sweep: the user's month", "users' months", part(books.perSession, USAGE)),
    term('sweep runs', 'base', perMillion(timesTally(books.emptySweep, runs))),
    term('roll-up runs', 'daily figures', perMillion(timesTally(books.rollUp, runs))),
    term(
      'settings, each minute',
      'settings',
      perMillion({ ...NOTHING, reads: HOURS * 60 * WARM_INSTANCES * SETTINGS_READS }),
    ),
    term('TTL: the session', 'base', deleted(1), true),
    term('TTL: liveOps/ops', 'liveOps/ops', deleted(part(books.perSession, OPS).writes), true),
    term("TTL: the user's month", "users' months", deleted(part(books.perSession, USAGE).writes), true),
    term('TTL: events', 'events', deleted(eventDocuments), true),
  ].filter(({ tally }) => tally.reads + tally.writes + tally.deletes > 0);
  const known = new Set([QUOTA, SESSION, CAPS, EVENTS, ...SETTINGS]);
  const closed = new Set([SESSION, OPS, STATS, USAGE]);
  const unknown = [
    ...[...all.keys()].filter((kind) => !known.has(kind)),
    ...[...books.perSession.keys()].filter((kind) => !closed.has(kind)),
  ];
  if (unknown.length > 0) throw new Error(`No term has ${unknown.join(', ')}.`);
  const ofKind = (kinds: readonly PlayedCall['kind'][]): number =>
    calls.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    minutes,
    mints: ofKind(['start', 'renew']),
    reports: ofKind(['first report', 'later report', 'final report']),
    terms,
  };
}

const QUOTA = 'liveQuotas';
const SESSION = 'liveSessions';
const CAPS = 'liveConfig/caps';
const EVENTS = 'liveSessions/events';
const OPS = 'liveSessions/liveOps';
const STATS = 'liveStats/shards';
const USAGE = 'liveUsage';

/** What leaving something out would save of a shape, in USD for a million sessions. */
export interface Saving {
  readonly what: string;
  readonly usd: number;
}

/** The savings of a shape, the largest first. They overlap: a report in between has events of its own. */
export function savingsOf({ terms }: SessionBill): readonly Saving[] {
  const saved = (isGone: (term: Term) => boolean): number => usdOf(totalOf(terms.filter(isGone)));
  const without = (...features: readonly Feature[]) => saved(({ feature }) => features.includes(feature));
  const savings: readonly Saving[] = [
    { what: 'no documents for events (the first lines stand in the session)', usd: without('events') },
    { what: 'no caps of the project', usd: without('caps') },
    {
      what: 'no reports in between, events of theirs included',
      usd: saved(
        ({ feature, name }) =>
          feature === 'reports in between' || name === 'events of the reports in between',
      ),
    },
    { what: 'no liveOps/ops (flags and cost of each session)', usd: without('liveOps/ops') },
    { what: 'no daily figures (stats shards and roll-up)', usd: without('daily figures') },
    { what: "no users' months (liveUsage, each session another user's)", usd: without("users' months") },
    { what: 'no TTL: documents stay for good', usd: saved(({ ttl }) => ttl) },
    { what: 'settings not remembered anew: read once and never again', usd: without('settings') },
    { what: 'no idempotency (request ids stand in the quota document)', usd: 0 },
    { what: "no audit (operators' acts only)", usd: 0 },
  ];
  return [...savings].sort((a, b) => b.usd - a.usd);
}

/** Reads that one page, open all the time on the newest {@link LISTED} sessions, costs a session; upper bound. */
export function dashboardTally({ calls }: PlayedSession, { rollUp }: BooksCounts): Tally {
  const secondsListed = (LISTED / SESSIONS) * HOURS * 3_600;
  const seen = calls.filter(
    ({ counted, atSeconds }) => atSeconds <= secondsListed && (counted.byKind.get(SESSION)?.writes ?? 0) > 0,
  );
  const figures = (HOURS * RUNS_AN_HOUR * rollUp.writes) / SESSIONS;
  return { ...NOTHING, reads: seen.length + figures };
}

/** One line of the bill for the functions. */
export interface FunctionsTerm {
  readonly name: string;
  readonly calls: number;
  /** In the handler, in ms: measured, and the assumed wait for Gemini where there is one. */
  readonly ms: number;
  readonly usd: number;
}

/** What the functions of a million sessions cost, where no two calls share an instance: an upper bound. */
export function functionsTerms(
  { mints, reports }: SessionBill,
  {
    mintMs,
    reportMs,
    books: { sweepMs, rollUpMs },
  }: { readonly mintMs: number; readonly reportMs: number; readonly books: BooksCounts },
): readonly FunctionsTerm[] {
  const runs = HOURS * RUNS_AN_HOUR;
  const term = (name: string, calls: number, ms: number): FunctionsTerm => {
    const billed = (Math.ceil(ms / BILLED_STEP_MS) * BILLED_STEP_MS) / 1_000;
    const perSecond = INSTANCE.vcpu * RUN_PRICES.vcpuSecond.usd + INSTANCE.gib * RUN_PRICES.gibSecond.usd;
    return { name, calls, ms, usd: calls * (RUN_PRICES.request.usd + billed * perSecond) };
  };
  return [
    term('mintLiveToken', mints * SESSIONS, mintMs + UPSTREAM_MS),
    term('reportLiveUsage', reports * SESSIONS, reportMs),
    term('sweepLiveSessions', runs, sweepMs),
    term('rollUpLiveStats', runs, rollUpMs),
  ];
}
