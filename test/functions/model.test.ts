import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf } from '../../scripts/short-forms.ts';
import { useStack } from '../support/stack.ts';
import { emulatedBooks, memoryBooks } from './support/model-crash.ts';
import { MODEL_REASONS } from './support/model-reasons.ts';
import { play } from './support/model-run.ts';
import { ANSWERS, anyRun, COMMANDS, MINT_CRASHES, OTHER_CRASHES } from './support/model-steps.ts';
import { Tally } from './support/model-tally.ts';

const RUNS = amountOf('any order of calls keeps the bounds, in memory');
const EMULATED_RUNS = amountOf('any order of calls keeps the bounds, on the emulator');

const EXPECTED = {
  commands: COMMANDS,
  mints: ['start', 'renew', 'remint'],
  upstream: ANSWERS,
  refusals: MODEL_REASONS,
  crashes: [...Object.keys(MINT_CRASHES), ...Object.keys(OTHER_CRASHES)],
};

describe('any order of calls, failures and crashes', () => {
  it(
    'keeps the bounds on validity, live tokens and sessions, in memory',
    async () => {
      const tally = new Tally(EXPECTED);
      await fc.assert(
        fc.asyncProperty(anyRun, (run) => play(run, memoryBooks(), tally)),
        { numRuns: RUNS },
      );
      console.log(tally.print('In memory'));
      // Runs that never meet a limit, a refusal or a crash would prove nothing.
      expect(tally.rare()).toEqual([]);
      expect(tally.limitShare).toBeGreaterThanOrEqual(0.3);
    },
    20_000 + RUNS * 300,
  );

  it(
    'keeps them on the Firestore emulator',
    async () => {
      const books = emulatedBooks(useStack().hosts.firestore);
      const tally = new Tally(EXPECTED);
      try {
        await fc.assert(
          fc.asyncProperty(anyRun, (run) => play(run, books, tally)),
          { numRuns: EMULATED_RUNS },
        );
      } finally {
        await books.close();
      }
      console.log(tally.print('On the emulator'));
      expect(tally.limitShare).toBeGreaterThanOrEqual(0.3);
    },
    30_000 + EMULATED_RUNS * 5_000,
  );
});
