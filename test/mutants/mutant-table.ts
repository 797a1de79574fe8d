/**
 * Every change of the source that a test must see.
 * @module
 */
import { MODEL_MUTANTS } from '../functions/support/model-mutants.ts';
import { THREATS } from '../requirements.ts';
import { isAnswered, type SourceChange } from '../threats/threat.ts';

/** A change, and the test that must go red. */
export interface Mutant {
  readonly id: string;
  readonly change: SourceChange;
  /** The file of the tests that must see it. */
  readonly testFile: string;
  /** What their titles hold. */
  readonly title: string;
}

/** The changes of the threat table. */
export const THREAT_MUTANTS: readonly Mutant[] = THREATS.filter(isAnswered).map(({ id, mutant, test }) => ({
  id,
  change: mutant,
  testFile: test.file,
  title: `[${id}]`,
}));

/** All of them: those, and what the model must see. */
export const MUTANTS: readonly Mutant[] = [
  ...THREAT_MUTANTS,
  ...MODEL_MUTANTS.map(({ id, test, title, ...change }) => ({ id, change, testFile: test, title })),
];
