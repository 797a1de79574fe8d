/**
 * A run: what is measured together, because one page shows it.
 * @module
 */
import type { BenchServer } from '../bench-server.ts';
import type { FigureBook } from '../figure-book.ts';

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
