/**
 * What the sweeper does at each run, in this order: close, tell, erase. One that fails stops no other.
 * @module
 */
import { settleSessions } from './books-settled.ts';
import type { BooksDependencies } from './books-store.ts';
import { continueErasures } from './erasure.ts';
import type { EraseDependencies } from './erasure-job.ts';
import { sweepLiveSessions } from './sweep.ts';

/** Documents that one run removes at most. Ours. */
const ERASED_IN_A_RUN = 5_000;

/** Keeps the books. Throws an `AggregateError` at the end where a part failed: its next run does that part again. */
export async function keepBooks(
  dependencies: BooksDependencies & EraseDependencies,
  now: number,
): Promise<void> {
  const { hooks } = dependencies;
  const { onSettled } = hooks;
  const parts: readonly (() => Promise<unknown>)[] = [
    () => sweepLiveSessions(dependencies, now),
    async () => onSettled && settleSessions(dependencies, onSettled.bind(hooks)),
    () => continueErasures(dependencies, ERASED_IN_A_RUN),
  ];
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} parts of the sweep failed.`);
}
