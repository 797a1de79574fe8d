/**
 * Removes what is kept of a user, or puts a pseudonym in the uid's place: sessions with their leases, events,
 * transcripts and flags; what their months add up to; the audit's entries about and by the user; the roles; the quota. Sums that name nobody stay:
 * daily figures, the project's bounds, the pool of an origin. Times in epoch ms.
 *
 * A token that was handed out cannot be taken back, so it goes on to count: the quota stays, reduced to the bounds
 * and blocked, until its last token is dead and the UTC day of its charge is over; the sessions of such tokens lose
 * what was said at once and go when their books are closed, so that the day's figures have them. A block by an
 * operator and the month's charge end with the quota.
 *
 * The work is a job, `liveErasures/{uid}`. Every step may be repeated, so a crash between any two writes and a second
 * call end where one call does.
 * @module
 */
import { CALLABLES_VERSION, type EraseAnswer, type LiveErasureDocument } from '@livegate/protocol';
import { clearAudit, clearSessions, clearUsage, type Progress, previewErasure } from './erasure-clearing.ts';
import {
  countLive,
  type EraseDependencies,
  type EraseOrder,
  endErasure,
  keepBlocked,
  openErasure,
  postponeErasure,
} from './erasure-job.ts';
import { nextStepAt } from './erasure-policy.ts';
import { dueErasuresQuery, ERASURES_LIMIT } from './queries.ts';

/**
 * Begins an erasure, or goes on with one, and changes at most `limit` documents besides the job, the quota, the roles
 * and one entry of the audit. The answer counts this call's; with `preview` it counts what would go. `done` is true
 * once nothing is left, which {@link continueErasures} brings about. Throws {@link Refusal} `last-admin`,
 * `contention`.
 */
export async function eraseUser(
  dependencies: EraseDependencies,
  order: EraseOrder,
  limit: number,
): Promise<EraseAnswer> {
  if (order.preview) {
    const counts = await previewErasure(dependencies.paths, order.uid);
    const live = await countLive(dependencies, order.uid);
    return { v: CALLABLES_VERSION, done: false, ...counts, live };
  }
  const job = await openErasure(dependencies, order);
  const progress = progressOf(limit);
  const done = job === null || (await goOn(dependencies, job, progress));
  const { sessions, events, auditEntries } = progress;
  const live = done ? 0 : await countLive(dependencies, order.uid);
  return { v: CALLABLES_VERSION, done, sessions, events, auditEntries, live };
}

/**
 * Goes on with the erasures that have something to do, the longest due first, and changes at most `limit` documents.
 * An erasure that fails does not hold up the others; an `AggregateError` has what failed, once all had their turn.
 */
export async function continueErasures(
  dependencies: EraseDependencies,
  limit: number,
): Promise<{ readonly continued: number; readonly ended: number }> {
  const { paths, now } = dependencies;
  const { docs } = await dueErasuresQuery(paths, now(), ERASURES_LIMIT).get();
  const progress = progressOf(limit);
  const failures: unknown[] = [];
  let continued = 0;
  let ended = 0;
  for (const each of docs) {
    if (progress.left < 1) break;
    continued += 1;
    try {
      if (await goOn(dependencies, await takenUp(dependencies, each.data() as LiveErasureDocument), progress))
        ended += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} erasures could not go on.`);
  return { continued, ended };
}

/** A job whose user is blocked. */
async function takenUp(
  dependencies: EraseDependencies,
  job: LiveErasureDocument,
): Promise<LiveErasureDocument> {
  if (!job.begun) return (await openErasure(dependencies, job)) ?? job;
  await keepBlocked(dependencies, job);
  return job;
}

/** One turn of an erasure; true where it has ended. */
async function goOn(
  dependencies: EraseDependencies,
  job: LiveErasureDocument,
  progress: Progress,
): Promise<boolean> {
  const { now } = dependencies;
  const { done, waiting } = await clearSessions(dependencies, job, progress);
  const isClear =
    done &&
    (await clearUsage(dependencies, job, progress)) &&
    (await clearAudit(dependencies, job, progress));
  if (!isClear) {
    await postponeErasure(dependencies, job, now());
    return false;
  }
  if (waiting.length === 0) {
    const { ended, until } = await endErasure(dependencies, job);
    if (!ended) await postponeErasure(dependencies, job, until);
    return ended;
  }
  await postponeErasure(dependencies, job, nextStepAt(waiting, now()));
  return false;
}

function progressOf(limit: number): Progress {
  return { left: Math.max(1, limit), sessions: 0, events: 0, auditEntries: 0 };
}
