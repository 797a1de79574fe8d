/**
 * What a row of the threat table is.
 * @module
 */

/** A change of one line. `find` occurs once in `file`, a path from the repository's root. */
export interface SourceChange {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A test: its file, and the words of its title before what it cites. */
export interface CitedTest {
  readonly file: string;
  readonly title: string;
}

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

/** Documents that several rows go by. */
export const SOURCES = {
  tokens: 'Live API guide, "Ephemeral tokens", and @google/genai 3.1.0, read 2026-11-21',
  resumption:
    'Live API guide, "Session management", read 2026-11-21; how far a handle reaches is unconfirmed',
  early: 'ai-shifu/ai-shifu#2744: caps released at the client’s goodbye while its token lived on',
  firestore: 'Cloud Firestore, "Transaction serializability and isolation" and "Quotas", read 2026-11-21',
  slow: 'apache/maka#2135 and DecartAI/sdk#187: a lease reckoned from the end of a slow call',
  anonymous: 'Firebase Authentication, "Limits": 100 new accounts an hour and address, read 2026-11-21',
  meters: 'Stripe, "Meter events": identifiers once, figures checked, read 2026-11-21',
  appCheck: 'Firebase App Check, "Cloud Functions" and "Replay protection", read 2026-11-21',
  emulators: 'firebase-tools 15.34.2: its functions emulator takes unsigned ID and App Check tokens',
  claims: 'Firebase Authentication, "Custom claims", read 2026-11-21',
  wallet: 'Cloud Firestore, "Pricing", read 2026-11-21: a refused call is paid for as well',
  design: 'ours',
} as const;
