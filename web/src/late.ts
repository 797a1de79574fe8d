/**
 * Parts of the module that no conversation needs in order to begin: they are fetched once it runs.
 * @module
 */

/** Between two attempts, in ms: doubled each time, up to the second. Ours. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** What {@link fetched} takes. */
export interface LateOptions {
  readonly after: (ms: number, wake: () => void) => () => void;
  /** Attempts before it rejects; without end if unset. */
  readonly tries?: number;
  /** Nobody needs it any more: no further attempt. */
  readonly isOver?: () => boolean;
}

/**
 * Resolves to what `load`, a dynamic import, brings; a failed one is tried again. Rejects with the last failure after
 * as many `tries`, or once it `isOver`.
 */
export async function fetched<T>(load: () => Promise<T>, options: LateOptions): Promise<T> {
  const { after, tries = Number.POSITIVE_INFINITY, isOver } = options;
  for (let tried = 1, wait = FIRST_WAIT_MS; ; tried++, wait *= 2) {
    try {
      return await load();
    } catch (cause) {
      if (tried >= tries || isOver?.()) throw cause;
    }
    await new Promise<void>((wake) => void after(Math.min(wait, LONGEST_WAIT_MS), wake));
  }
}
