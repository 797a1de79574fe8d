/**
 * A user's burst on one instance: its calls queue here instead of at the lock of one document, where each would wait
 * for all others and most would fail. The transaction stays the authority; this only spares it.
 * @module
 */
import { Refusal } from './refusal.ts';

/** How many calls of one user may be on their way at once. */
export interface BurstLimits {
  /** Starts. More cannot all be granted: so many sessions the policy allows. */
  readonly starts: number;
  /** Calls of any kind. */
  readonly calls: number;
}

/** Lets a user's calls through one after the other. */
export interface BurstGuard {
  /** Runs `work` when the calls before it are done. Throws {@link Refusal} `concurrency` or `live-tokens` beyond the limits. */
  run<T>(
    uid: string,
    call: { readonly isStart: boolean; readonly limits: BurstLimits },
    work: () => Promise<T>,
  ): Promise<T>;
}

/** A call that was sent away waits this long, in ms: those before it are done by then. Ours. */
const BURST_WAIT_MS = 2_000;

/** A {@link BurstGuard} of this instance. It holds nothing of users who have no call on its way. */
export function createBurstGuard(): BurstGuard {
  const queues = new Map<string, { starts: number; calls: number; last: Promise<unknown> }>();
  return {
    async run(uid, { isStart, limits }, work) {
      const queue = queues.get(uid) ?? { starts: 0, calls: 0, last: Promise.resolve() };
      if (isStart && queue.starts >= limits.starts) {
        throw new Refusal('concurrency', `At most ${limits.starts} sessions at a time.`, {
          retryAfterMs: BURST_WAIT_MS,
        });
      }
      if (queue.calls >= limits.calls) {
        throw new Refusal('live-tokens', `At most ${limits.calls} live tokens.`, {
          retryAfterMs: BURST_WAIT_MS,
        });
      }
      queues.set(uid, queue);
      queue.calls += 1;
      if (isStart) queue.starts += 1;
      const turn = queue.last.then(work);
      queue.last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        queue.calls -= 1;
        if (isStart) queue.starts -= 1;
        if (queue.calls === 0) queues.delete(uid);
      }
    },
  };
}
