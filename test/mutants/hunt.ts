/**
 * Makes each change in turn and looks whether its test goes red; and whether it is green without.
 * @module
 */
import { addressesOf, startShared } from '../support/suite-setup.ts';
import { type CitedResult, projectOf, runCited } from './cited-run.ts';
import type { Mutant } from './mutant-table.ts';
import { copyTree, type TreeCopy } from './tree-copy.ts';

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
 * that must see it fails, and the same test passes without the change, both before and after: a file that cannot be
 * loaded kills nothing, nor does a test that passes once on a stack.
 */
export async function hunt(
  mutants: readonly Mutant[],
  { onVerdict = () => undefined, signal }: HuntOptions = {},
): Promise<readonly Verdict[]> {
  const copy = await copyTree();
  const needsStack = mutants.some(({ testFile }) => projectOf(testFile) === 'suite');
  const shared = needsStack ? await startShared({ hosting: false, functions: false }) : undefined;
  try {
    const verdicts: Verdict[] = [];
    const env = shared ? { LIVEGATE_STACK: JSON.stringify(addressesOf(shared)) } : {};
    const place = { copy, env, ...(signal ? { signal } : {}) };
    for (const [file, group] of Map.groupBy(mutants, ({ testFile }) => testFile)) {
      if (signal?.aborted) break;
      for (const verdict of await huntOf(file, group, place)) {
        verdicts.push(verdict);
        onVerdict(verdict);
      }
    }
    return verdicts;
  } finally {
    await shared?.stop();
    await copy.remove();
  }
}

/** The verdicts on the mutants that one file of tests must see. */
async function huntOf(
  file: string,
  mutants: readonly Mutant[],
  {
    copy,
    ...options
  }: {
    readonly copy: TreeCopy;
    readonly env: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
): Promise<readonly Verdict[]> {
  const run = (...titles: readonly string[]): Promise<CitedResult> =>
    runCited({ ...options, path: copy.path, file, titles: [...new Set(titles)] });
  const all = mutants.map(({ title }) => title);
  const before = await run(...all);
  const verdicts: (Verdict & { readonly title: string })[] = [];
  for (const { id, change, title } of mutants) {
    if (options.signal?.aborted) return [];
    const startedAt = performance.now();
    const isGreen = before.passed.some((each) => each.includes(title));
    const outcome = isGreen
      ? outcomeOf(title, await copy.withChange(change, () => run(title)))
      : { killedBy: null, problem: `its test is not green without the change\n${before.said}` };
    verdicts.push({ id, title, file: change.file, ...outcome, ms: performance.now() - startedAt });
  }
  const after = projectOf(file) === 'suite' ? await run(...all) : before;
  return verdicts.map(({ title, ...verdict }) =>
    verdict.killedBy === null || after.passed.some((each) => each.includes(title))
      ? verdict
      : { ...verdict, killedBy: null, problem: 'its test is red on the same stack without the change, too' },
  );
}

function outcomeOf(
  title: string,
  { passed, failed, said }: CitedResult,
): Pick<Verdict, 'killedBy' | 'problem'> {
  const killedBy = failed.find((each) => each.includes(title));
  if (killedBy !== undefined) return { killedBy };
  return { killedBy: null, problem: passed.length > 0 ? 'its test stays green' : `it did not run:\n${said}` };
}
