/**
 * What may go wrong, and what shows that it does not: the threats that Livegate answers, as data. Each row names a
 * test that cites its id, and a change of one line of the source that turns that test red; `npm run mutants` makes
 * those changes one after the other.
 * @module
 */

/** A change of one line. `find` occurs once in `file`, a path from the repository's root. */
export interface SourceChange {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A test: its file, and a part of its title. */
export interface CitedTest {
  readonly file: string;
  readonly title: string;
}

/** What every row has. */
interface ThreatBase {
  /** `threat:` and a path of words. */
  readonly id: `threat:${string}`;
  /** What somebody may do, or what may happen. */
  readonly threat: string;
  /** What Livegate does about it. */
  readonly answer: string;
  /** Where the threat or its answer comes from. */
  readonly source: string;
}

/** A threat that is answered: the test that shows it, and the change that turns that test red. */
export interface AnsweredThreat extends ThreatBase {
  readonly test: CitedTest;
  readonly mutant: SourceChange;
  readonly deferred?: undefined;
}

/** A threat to a part that is not there yet. */
export interface DeferredThreat extends ThreatBase {
  readonly test: null;
  readonly mutant: null;
  /** Why there is nothing to test yet. */
  readonly deferred: string;
}

/** One row of the table. */
export type Threat = AnsweredThreat | DeferredThreat;

/** True for a row that has a test. */
export function isAnswered(threat: Threat): threat is AnsweredThreat {
  return threat.deferred === undefined;
}

const TOKENS_GUIDE = 'Live API guide, "Ephemeral tokens", read 2026-11-21';

/** The table. */
export const THREATS = [
  {
    id: 'threat:token-replay:uses',
    threat: 'a stolen token opens sockets of its own',
    answer: 'every token is asked for with one use',
    source: TOKENS_GUIDE,
    test: { file: 'functions/src/setup-builder.test.ts', title: 'locks everything but resumption' },
    mutant: { file: 'functions/src/upstream.ts', find: 'uses: 1,', replace: 'uses: 0,' },
  },
  {
    id: 'threat:token-replay:window',
    threat: 'a token that was stolen is kept for later',
    answer: 'a socket opens within a minute of the mint, or not at all',
    source: TOKENS_GUIDE,
    test: { file: 'test/functions/leases.test.ts', title: 'dies at exactly the reserved moment' },
    mutant: {
      file: 'functions/src/lease-policy.ts',
      find: 'startBy: Math.min(mintedAt + START_WINDOW_MS, expiresAt)',
      replace: 'startBy: expiresAt',
    },
  },
  {
    id: 'threat:token-replay:expiry',
    threat: 'a token outlives what was charged for it',
    answer: 'the expiry that is asked for is the one that was reserved, and nothing later',
    source: TOKENS_GUIDE,
    test: { file: 'test/functions/leases.test.ts', title: 'dies at exactly the reserved moment' },
    mutant: {
      file: 'functions/src/upstream.ts',
      find: 'expireTime: new Date(expiresAt).toISOString(),',
      replace: 'expireTime: new Date(expiresAt + 60_000).toISOString(),',
    },
  },
] as const satisfies readonly Threat[];
