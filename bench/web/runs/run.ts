/**
 * A run: what is measured together, because one page shows it.
 * @module
 */
import type { BenchServer } from '../bench-server.ts';
import type { FigureBook } from '../figure-book.ts';
import type { Stage } from '../stage.ts';

/** Where runs get what they need and put what they find. */
export interface RunOptions {
  readonly server: BenchServer;
  readonly book: FigureBook;
  readonly rounds: number;
  /** What the web module was built into. */
  readonly webFolder: string;
  /** Says how far it is. */
  readonly tell: (line: string) => void;
  /** Throws once the bench was interrupted. */
  readonly signal: AbortSignal;
}

/** Measures all modules, `rounds` times each, in alternating order. */
export type Run = (options: RunOptions) => Promise<void>;

/**
 * Does one measurement, and once more where it fails: a machine stumbles, and the other figures of a long run are not to
 * go with it. One that fails twice is noted as lost, which no check passes over. Its pages are closed either way.
 */
export async function attempt(
  what: string,
  stage: Stage,
  { book, tell, signal }: Pick<RunOptions, 'book' | 'tell' | 'signal'>,
  work: () => Promise<void>,
): Promise<void> {
  for (const isLast of [false, true]) {
    signal.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      signal.throwIfAborted();
      tell(
        `${what}: ${error instanceof Error ? error.message : String(error)}${isLast ? '' : ' Once more.'}`,
      );
    } finally {
      await stage.clear();
    }
  }
  book.lost.push(what);
}
