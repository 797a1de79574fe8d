/**
 * What each page of the bench can do, whichever module it is built with.
 * @module
 */

/** A page's controls. Hosts are `host:port`. */
export interface BenchPage {
  /** What an app does while its page loads, before anybody presses a button. */
  prepare(host: string): Promise<void>;
  /**
   * The press: connects and starts to talk. `mintMs` is how long a token takes, where the module needs one; `isDoor`
   * the module's own shortest way, where it has one beside firebase/ai's two lines.
   */
  press(options?: { readonly mintMs?: number; readonly isDoor?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

declare global {
  interface Window {
    benchPage: BenchPage;
  }
}

/** The model that every page names. */
export const BENCH_MODEL = 'gemini-3.8-live';
