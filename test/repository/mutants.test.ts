import { describe, expect, it } from 'vitest';
import { amountOf, SHORT_FORMS } from '../../scripts/short-forms.ts';
import { projectOf } from '../mutants/cited-run.ts';
import { hunt } from '../mutants/hunt.ts';
import { MUTANTS } from '../mutants/mutant-table.ts';

/** Those whose test needs no emulator. */
const quick = MUTANTS.filter(({ testFile }) => projectOf(testFile) === 'unit');
const NAME = 'mutants of the source, without an emulator';
const AMOUNT = Math.min(quick.length, amountOf(NAME));
const DAY_MS = 86_400_000;

describe('a change of one line of the source', () => {
  // Others each day, so that all have their turn; npm run mutants makes all of them, with those that need emulators.
  const first = (Math.floor(Date.now() / DAY_MS) * AMOUNT) % quick.length;
  const chosen = [...quick, ...quick].slice(first, first + AMOUNT);

  it(
    `turns the test red that must see it: ${chosen.map(({ id }) => id).join(', ')}`,
    async () => {
      const verdicts = await hunt(chosen);
      expect(verdicts.filter(({ killedBy }) => killedBy === null)).toEqual([]);
      expect(verdicts).toHaveLength(AMOUNT);
    },
    60_000 + AMOUNT * 20_000,
  );

  it('is one of as many as the summary of a run says', () => {
    expect(SHORT_FORMS[NAME].long).toBe(quick.length);
  });

  it('that no test can see, or whose test is red already, is told as not killed', async () => {
    const [mutant] = quick;
    if (!mutant) throw new Error('There is no mutant.');
    const idle = { ...mutant, id: 'idle', change: { ...mutant.change, replace: `${mutant.change.find} ` } };
    const missing = { ...mutant, id: 'missing', title: 'a test that is nowhere' };
    const verdicts = await hunt([idle, missing]);
    expect(verdicts.map(({ id, killedBy, problem }) => [id, killedBy, problem])).toEqual([
      ['idle', null, 'its test stays green'],
      ['missing', null, expect.stringContaining('its test is not green without the change')],
    ]);
  }, 90_000);
});
