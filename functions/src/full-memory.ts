/**
 * Shares of bounds that were found full, for a short while: where all of a bound's are, the next ones who ask cost no
 * read. In the memory of one instance; the documents stay the authority.
 * @module
 */
import { Refusal } from './refusal.ts';

/** How long a full share is believed to be full, in ms. Ours: a talk that ends frees room within it. */
const FULL_FOR_MS = 10_000;
const MOST_REMEMBERED = 1_000;

/** Remembers full shares by the paths of their documents. */
export interface FullMemory {
  isFull(path: string): boolean;
  /** Notes why a share could not pay. */
  note(path: string, refusal: Refusal): void;
  /** Throws the refusal of one of these shares where all of them are full. */
  checkAll(paths: readonly string[]): void;
}

/** A {@link FullMemory} of this instance. `now` answers epoch ms. */
export function createFullMemory({ now }: { readonly now: () => number }): FullMemory {
  const full = new Map<
    string,
    { readonly until: number; readonly retryAt: number; readonly refusal: Refusal }
  >();
  const held = (path: string) => {
    const found = full.get(path);
    if (found && found.until > now()) return found;
    full.delete(path);
    return undefined;
  };
  return {
    isFull: (path) => held(path) !== undefined,
    note(path, refusal) {
      if (full.size >= MOST_REMEMBERED) full.clear();
      const { retryAfterMs = FULL_FOR_MS } = refusal.details;
      const until = now() + Math.min(retryAfterMs, FULL_FOR_MS);
      full.set(path, { until, retryAt: now() + retryAfterMs, refusal });
    },
    checkAll(paths) {
      const known = paths.map(held);
      const [first] = known;
      if (!first || known.some((each) => each === undefined)) return;
      const { refusal, retryAt } = first;
      const retryAfterMs = retryAt - now();
      throw new Refusal(refusal.details.reason, refusal.message, { retryAfterMs }, { cause: refusal });
    },
  };
}
