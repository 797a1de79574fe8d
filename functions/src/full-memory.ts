/**
 * Shared bounds that were found full, for a short while: the next ones who ask cost no read then. In the memory of one
 * instance; the documents stay the authority.
 * @module
 */
import { Refusal } from './refusal.ts';

/** How long a full bound is believed to be full, in ms. Ours: a talk that ends frees room within it. */
const FULL_FOR_MS = 10_000;
const MOST_REMEMBERED = 1_000;

/** Remembers refusals of shared bounds. */
export interface FullMemory {
  /** Throws the refusal of `key` again while it is fresh. */
  check(key: string): void;
  /** Runs `work`; a {@link Refusal} with one of `reasons` is remembered under that reason's key. */
  watch<T>(keyOf: (reason: string) => string | undefined, work: () => Promise<T>): Promise<T>;
}

/** A {@link FullMemory} of this instance. */
export function createFullMemory({ now }: { readonly now: () => number }): FullMemory {
  const full = new Map<
    string,
    { readonly until: number; readonly retryAt: number; readonly refusal: Refusal }
  >();
  return {
    check(key) {
      const held = full.get(key);
      if (!held) return;
      if (held.until <= now()) {
        full.delete(key);
        return;
      }
      const { reason } = held.refusal.details;
      const retryAfterMs = held.retryAt - now();
      throw new Refusal(reason, held.refusal.message, { retryAfterMs }, { cause: held.refusal });
    },
    async watch(keyOf, work) {
      try {
        return await work();
      } catch (error) {
        const key = error instanceof Refusal ? keyOf(error.details.reason) : undefined;
        if (key !== undefined && error instanceof Refusal) {
          if (full.size >= MOST_REMEMBERED) full.clear();
          const { retryAfterMs = FULL_FOR_MS } = error.details;
          const until = now() + Math.min(retryAfterMs, FULL_FOR_MS);
          full.set(key, { until, retryAt: now() + retryAfterMs, refusal: error });
        }
        throw error;
      }
    },
  };
}
