/**
 * Makes each change in turn and looks whether its test goes red; and whether it is green without.
 * @module
 */
import { addressesOf, startShared } from '../support/suite-setup.ts';
import { type CitedResult, projectOf, runCited } from './cited-run.ts';
import type { Mutant } from './mutant-table.ts';
import { copyTree } from './tree-copy.ts';

/** What became of one mutant. */
export interface Verdict {
  readonly id: string;
  readonly file: string;
  /** The title of a test that went red; `null` where none did. */
  readonly killedBy: string | null;
  /** Why nothing was shown. */
  readonly problem?: string;
  readonly ms: number;
}

/** What a hunt does as it goes along. */
export interface HuntOptions {
  readonly onVerdict?: (verdict: Verdict) => void;
  /** Ends the hunt after the run that is under way, which is ended as well. */
  readonly signal?: AbortSignal;
}

/**
 * Hunts them all in one copy of the tree, with one stack for the tests that need one. A mutant is killed when a test
 * that must see it fails, and the same test passes in the copy as it was: a file that cannot be loaded kills nothing.
 */
export async function hunt(
  mutants: readonly Mutant[],
  { onVerdict = () => undefined, signal }: HuntOptions = {},
): Promise<readonly Verdict[]> {
  const copy = await copyTree();
  const needsStack = mutants.some(({ testFile }) => projectOf(testFile) === 'suite');
  const shared = needsStack ? await startShared({ hosting: false, functions: false }) : undefined;
  try {
    const env = shared ? { LIVEGATE_STACK: JSON.stringify(addressesOf(shared)) } : {};
    const runOptions = { path: copy.path, env, ...(signal ? { signal } : {}) };
    const green = new Map<string, readonly string[]>();
    const verdicts: Verdict[] = [];
    for (const mutant of mutants) {
      if (signal?.aborted) break;
      const startedAt = performance.now();
      const { id, change, testFile: file, title } = mutant;
      if (!green.has(file)) {
        const titles = new Set(mutants.filter(({ testFile }) => testFile === file).map((each) => each.title));
        const { passed } = await runCited({ ...runOptions, file, titles: [...titles] });
        green.set(file, passed);
      }
      const isGreen = green.get(file)?.some((each) => each.includes(title)) ?? false;
      const outcome = isGreen
        ? outcomeOf(
            title,
            await copy.withChange(change, () => runCited({ ...runOptions, file, titles: [title] })),
          )
        : { killedBy: null, problem: 'its test is not green without the change' };
      const verdict = { id, file: change.file, ...outcome, ms: performance.now() - startedAt };
      verdicts.push(verdict);
      onVerdict(verdict);
    }
    return verdicts;
  } finally {
    await shared?.control.close();
    await shared?.stack.stop();
    await copy.remove();
  }
}

function outcomeOf(
  title: string,
  { passed, failed, said }: CitedResult,
): Pick<Verdict, 'killedBy' | 'problem'> {
  const killedBy = failed.find((each) => each.includes(title));
  if (killedBy !== undefined) return { killedBy };
  return { killedBy: null, problem: passed.length > 0 ? 'its test stays green' : `it did not run:\n${said}` };
}
