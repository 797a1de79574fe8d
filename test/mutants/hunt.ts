/**
 * Makes each change in turn and looks whether its test goes red; and whether it is green without.
 * @module
 */
import { addressesOf, startShared } from '../support/suite-setup.ts';
import { projectOf, runCited } from './cited-run.ts';
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
    for (const { id, change, testFile: file, title } of mutants) {
      if (signal?.aborted) break;
      const startedAt = performance.now();
      if (!green.has(file)) {
        const titles = mutants.filter(({ testFile }) => testFile === file).map((each) => each.title);
        const { passed, failed, said } = await runCited({ ...runOptions, file, titles });
        green.set(file, failed.length === 0 ? passed : []);
        if (failed.length > 0 || passed.length === 0)
          console.error(`${file}, unchanged:\n${failed}\n${said}`);
      }
      const isGreen = green.get(file)?.some((each) => each.includes(title)) ?? false;
      const result = isGreen
        ? await copy.withChange(change, () => runCited({ ...runOptions, file, titles: [title] }))
        : undefined;
      const killedBy = result?.failed.find((each) => each.includes(title)) ?? null;
      const problem = !isGreen
        ? 'not green without the change'
        : result && result.failed.length + result.passed.length === 0
          ? `did not run: ${result.said}`
          : killedBy === null
            ? 'survived'
            : undefined;
      const verdict: Verdict = {
        id,
        file: change.file,
        killedBy,
        ...(problem ? { problem } : {}),
        ms: performance.now() - startedAt,
      };
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
