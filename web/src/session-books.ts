/**
 * The books of a whole session: one for each connection id, and their sum.
 * @module
 */
import { addTotals, isObject, NO_USAGE, type StopNotice, type UsageTotals } from '@livegate/protocol';
import type { Clock } from './clock.ts';
import type { MintedToken } from './token-request.ts';
import type { UsageReporter } from './token-source.ts';
import { UsageBook } from './usage-book.ts';

/** Opens books and adds them up. */
export class SessionBooks {
  readonly #clock: Clock;
  readonly #reporter: UsageReporter;
  readonly #onStop: (notice: StopNotice) => void;
  readonly #books = new Map<string, UsageBook>();

  /** `onStop` is told what an answer to a report says about the session's end. */
  constructor(options: {
    readonly clock: Clock;
    readonly reporter: UsageReporter;
    readonly onStop: (notice: StopNotice) => void;
  }) {
    this.#clock = options.clock;
    this.#reporter = options.reporter;
    this.#onStop = options.onStop;
  }

  /**
   * The book of a connection under a token. A token that opens a second connection has but one id, and reports are
   * cumulative per id: its book is gone on with.
   */
  open({ answer, receivedAt }: MintedToken): UsageBook {
    const clock = this.#clock;
    const known = this.#books.get(answer.connectionId);
    if (known) return known;
    const book = new UsageBook({
      sessionId: answer.sessionId,
      connectionId: answer.connectionId,
      everySeconds: answer.report.everySeconds,
      transcripts: answer.report.transcripts,
      reporter: this.#reporter,
      now: () => clock.now(),
      serverNow: () => answer.serverTime + clock.now() - receivedAt,
      after: (ms, wake) => clock.after(ms, wake),
      onAnswer: (report) => {
        if (isObject(report) && report.stop) this.#onStop(report.stop);
      },
    });
    this.#books.set(answer.connectionId, book);
    return book;
  }

  /** What all books hold. */
  get usage(): UsageTotals {
    return [...this.#books.values()].reduce((sum, { totals }) => addTotals(sum, totals), NO_USAGE);
  }
}
