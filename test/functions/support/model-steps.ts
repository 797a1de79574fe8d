/**
 * What the model's runs are made of: commands in any order, and what befalls them.
 * @module
 */
import type { LivePolicyDocument } from '@livegate/protocol';
import fc from 'fast-check';
import type { DeathPlan } from './model-crash.ts';

/** What the Live API does with an order. `lost` and `unmade` look the same from here: no answer. */
export const ANSWERS = ['minted', 'refused', 'lost', 'unmade'] as const;
/** One of {@link ANSWERS}. */
export type Answer = (typeof ANSWERS)[number];

/** Where an instance can die in a mint; with what the Live API must answer to get there. */
export const MINT_CRASHES = {
  'before reserve': { plan: { at: 'commit', nth: 1 }, answer: 'minted' },
  'after reserve, before upstream': { plan: 'unsent', answer: 'minted' },
  'after upstream, before the answer': { plan: 'unanswered', answer: 'minted' },
  'before a give-back': { plan: { at: 'commit', nth: 2 }, answer: 'refused' },
  'after a give-back': { plan: { at: 'committed', nth: 2 }, answer: 'refused' },
  'before noting the unknown': { plan: { at: 'commit', nth: 2 }, answer: 'lost' },
} as const satisfies Readonly<
  Record<string, { readonly plan: DeathPlan | 'unsent' | 'unanswered'; readonly answer: Answer }>
>;
/** A key of {@link MINT_CRASHES}. */
export type MintCrash = keyof typeof MINT_CRASHES;

/** Where it can die elsewhere: before a commit, or when it is done and nobody has heard. */
export const OTHER_CRASHES = {
  'before a report': { at: 'commit', nth: 1 },
  'after a report': { at: 'committed', nth: 1 },
  'before a revoke': { at: 'commit', nth: 1 },
  'after a revoke': { at: 'committed', nth: 1 },
  'before a raise': { at: 'commit', nth: 1 },
  'after a raise': { at: 'committed', nth: 1 },
  'before a sweep closes': { at: 'commit', nth: 1 },
  'in the middle of a sweep': { at: 'committed', nth: 1 },
} as const satisfies Readonly<Record<string, DeathPlan>>;

/** What befalls a mint. Times in ms. */
export interface Fate {
  readonly answer: Answer;
  readonly crash: MintCrash | null;
  /** How long the reservation takes, and how long the Live API's answer. */
  readonly commitMs: number;
  readonly answerMs: number;
}

const USERS = fc.constantFrom(0, 0, 0, 1);
const INSTANCE = fc.constantFrom(0, 0, 0, 1);
/** Counted from the newest. */
const RECENT = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2, 5);

const answer = fc.constantFrom<Answer>(
  ...Array<Answer>(14).fill('minted'),
  'refused',
  'refused',
  'lost',
  'unmade',
);
const fate: fc.Arbitrary<Fate> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      answer,
      crash: fc.constant(null),
      commitMs: fc.constantFrom(0, 0, 0, 40, 3_000),
      answerMs: fc.constantFrom(0, 0, 300, 9_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...(Object.keys(MINT_CRASHES) as MintCrash[]))
      .map((crash) => ({ answer: MINT_CRASHES[crash].answer, crash, commitMs: 0, answerMs: 0 })),
  },
);
const dies = fc.constantFrom<'no' | 'before' | 'after'>('no', 'no', 'no', 'no', 'before', 'after');

const record = <const K extends string, T>(what: K, rest: { [P in keyof T]: fc.Arbitrary<T[P]> }) =>
  fc.record(rest).map((fields) => ({ do: what, ...(fields as T) }));

const start = record('start', { user: USERS, instance: INSTANCE, fate });
const renew = record('renew', { session: RECENT, instance: INSTANCE, fate, due: fc.boolean() });
const remint = record('remint', { session: RECENT, instance: INSTANCE, fate });
const stranger = record('stranger', {
  session: RECENT,
  instance: INSTANCE,
  op: fc.constantFrom('renew', 'remint'),
});
const repeat = record('repeat', { request: RECENT, other: fc.boolean(), fate });
const report = record('report', { session: RECENT, instance: INSTANCE, dies });
const end = record('end', { session: RECENT, instance: INSTANCE, dies });
const revoke = record('revoke', { session: RECENT, instance: INSTANCE, dies });
const raise = record('raise', {
  user: USERS,
  instance: INSTANCE,
  minutes: fc.constantFrom(0, 1, 2, 5),
  dies,
});
const sweep = record('sweep', { instance: INSTANCE, dies });
const restart = record('restart', { instance: INSTANCE });
const wait = record('wait', { ms: fc.constantFrom(1, 400, 5_000, 12_000, 25_000) });
const waitLease = record('wait for a lease', {
  session: RECENT,
  to: fc.constantFrom('renewal', 'renewal', 'expiry'),
  plusMs: fc.constantFrom(-1, 0, 1, 2_500),
});
const midnight = record('wait for midnight', { plusMs: fc.constantFrom(-40_000, -1_500, -1, 0) });
const month = record('wait for the month', { plusMs: fc.constantFrom(-40_000, -1_500, -1, 0) });

const step = fc.oneof(
  { weight: 24, arbitrary: start },
  { weight: 14, arbitrary: renew },
  { weight: 14, arbitrary: remint },
  { weight: 3, arbitrary: stranger },
  { weight: 7, arbitrary: repeat },
  { weight: 5, arbitrary: report },
  { weight: 5, arbitrary: end },
  { weight: 3, arbitrary: revoke },
  { weight: 4, arbitrary: raise },
  { weight: 5, arbitrary: sweep },
  { weight: 2, arbitrary: restart },
  { weight: 8, arbitrary: wait },
  { weight: 8, arbitrary: waitLease },
  { weight: 2, arbitrary: midnight },
  { weight: 2, arbitrary: month },
);

/** One command. */
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Names of all commands. */
export const COMMANDS = [
  'start',
  'renew',
  'remint',
  'stranger',
  'repeat, same instance',
  'repeat, another instance',
  'report',
  'end',
  'revoke',
  'raise',
  'sweep',
  'restart',
  'wait',
  'wait for a lease',
  'wait for midnight',
  'wait for the month',
] as const;

/** Policies that meet their limits in a few commands. */
export const POLICIES: readonly Partial<LivePolicyDocument>[] = [
  {
    minutesPerDay: 6,
    minutesPerMonth: 60,
    concurrentSessions: 2,
    maxLiveTokens: 4,
    leaseSeconds: [60, 120, 240],
    sessionsPerMinute: 6,
  },
  {
    minutesPerDay: 60,
    minutesPerMonth: 8,
    concurrentSessions: 3,
    maxLiveTokens: 3,
    leaseSeconds: [120, 300, 600],
    sessionsPerMinute: 1,
  },
  {
    minutesPerDay: 5,
    minutesPerMonth: 8,
    concurrentSessions: 2,
    maxLiveTokens: 5,
    leaseSeconds: [60],
    singleLeaseSeconds: 150,
    renewal: 'single',
    sessionsPerMinute: 2,
  },
  {
    minutesPerDay: 3,
    minutesPerMonth: 20,
    concurrentSessions: 1,
    maxLiveTokens: null,
    leaseSeconds: [30, 90, 45],
    sessionsPerMinute: 2,
  },
];

/** One run. */
export interface Run {
  readonly policy: Partial<LivePolicyDocument>;
  readonly startsAt: number;
  readonly steps: readonly Step[];
}

/** Runs of 20 to 60 commands, some close to midnight, some to the end of a month. */
export const anyRun: fc.Arbitrary<Run> = fc.record({
  policy: fc.constantFrom(...POLICIES),
  startsAt: fc.constantFrom(
    ...['2026-11-21T12:00:00Z', '2026-11-21T23:58:30Z', '2026-11-30T23:57:00Z', '2028-02-28T23:59:00Z'].map(
      (time) => Date.parse(time),
    ),
  ),
  steps: fc.array(step, { minLength: 20, maxLength: 60 }),
});
