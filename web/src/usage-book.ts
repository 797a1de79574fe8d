/**
 * The books of one connection: what it used, and the reports about it.
 * @module
 */
import {
  addTurn,
  asDetail,
  CALLABLES_VERSION,
  type ClosedDetail,
  type ConnectionQuality,
  NO_USAGE,
  REPORT_LIMITS,
  type ReportAnswer,
  type ReportEvent,
  type TimelineDetails,
  type TimelineType,
  type TranscriptTurn,
  type TurnDetail,
  type UsageMetadata,
  type UsageReport,
  type UsageTotals,
} from '@livegate/protocol';
import type { Turn } from './history.ts';
import type { UsageReporter } from './token-source.ts';

/** A report that was not taken is tried again this often at most. Ours. */
const FINAL_TRIES = 3;
/** Wait before the next try, in ms. Ours. */
const RETRY_MS = 2_000;
/** So many lines of a report are for what happens to the connection: turns and tools leave them free. Ours. */
const ROOM_FOR_ENDS = 20;
/** The median is of the first so many answers of a connection. Ours. */
const MOST_WAITS = 1_000;

/** What is counted of a connection's sound: gaps heard with their sum in ms, and times the user cut in. */
export type HeardQuality = Pick<ConnectionQuality, 'gaps' | 'gapMs' | 'interruptions'>;

/** What a book is opened with. */
export interface UsageBookOptions {
  readonly sessionId: string;
  readonly connectionId: string;
  readonly everySeconds: number;
  readonly transcripts: boolean;
  readonly reporter: UsageReporter;
  /** Session clock, ms. */
  readonly now: () => number;
  /** The server's time of day, epoch ms, as far as it is known. */
  readonly serverNow: () => number;
  readonly after: (ms: number, wake: () => void) => () => void;
  readonly onAnswer: (answer: ReportAnswer) => void;
}

/**
 * Sums every `usageMetadata` (each turn is billed for the whole context: the last figure is not the bill) and
 * reports: at the end of a turn once `everySeconds` have passed, and when the connection is over. Figures are
 * cumulative, so that a report which got lost costs nothing.
 */
export class UsageBook {
  readonly #options: UsageBookOptions;
  readonly #openedAt: number;
  #reportedAt: number;
  #totals: UsageTotals = NO_USAGE;
  #seq = 0;
  #events: ReportEvent[] = [];
  #turns: TranscriptTurn[] = [];
  #made = 0;
  #quality: ConnectionQuality = {};
  readonly #waits: number[] = [];
  #closed = false;

  constructor(options: UsageBookOptions) {
    this.#options = options;
    this.#openedAt = options.now();
    this.#reportedAt = this.#openedAt;
  }

  /** Sums since the connection opened. */
  get totals(): UsageTotals {
    return this.#totals;
  }

  /** Adds one turn's usage. */
  add(usage: UsageMetadata): void {
    this.#totals = addTurn(this.#totals, usage);
  }

  /** Notes a line of the timeline, of now or of a moment of the session's clock: figures, never content. */
  note<T extends TimelineType>(type: T, of: TimelineDetails[T], at?: number): void {
    const room = type === 'turn' || type === 'tool-call' ? ROOM_FOR_ENDS : 0;
    if (this.#events.length >= REPORT_LIMITS.events - room) return;
    const { now, serverNow } = this.#options;
    const ago = at === undefined ? 0 : now() - at;
    const detail = asDetail(of);
    this.#events.push({
      id: this.#nextId(),
      at: Math.round(serverNow() - ago),
      type,
      ...(detail ? { detail } : {}),
    });
  }

  /** Notes a turn that was over at `at`, and how long it was waited for. */
  turn(detail: TurnDetail, at: number): void {
    const { answerMs } = detail;
    if (answerMs !== undefined && this.#waits.length < MOST_WAITS) {
      this.#waits.push(answerMs);
      this.measure({ answers: this.#waits.length, answerMs: median(this.#waits) });
    }
    this.note('turn', detail, at);
  }

  /** Notes a finished turn, where the policy keeps transcripts. */
  keep({ role, text }: Turn): void {
    if (!this.#options.transcripts || this.#turns.length >= REPORT_LIMITS.transcriptTurns) return;
    const at = Math.round(this.#options.serverNow());
    this.#turns.push({ id: this.#nextId(), at, role, text: text.slice(0, REPORT_LIMITS.textCharacters) });
  }

  /** Adds to what was measured of the connection. */
  measure(quality: ConnectionQuality): void {
    this.#quality = { ...this.#quality, ...quality };
  }

  /** Adds to what is counted of the connection's sound. */
  hear({ gaps = 0, gapMs = 0, interruptions = 0 }: HeardQuality): void {
    const so = this.#quality;
    this.measure({
      gaps: (so.gaps ?? 0) + gaps,
      gapMs: Math.round((so.gapMs ?? 0) + gapMs),
      interruptions: (so.interruptions ?? 0) + interruptions,
    });
  }

  /** The report of a page that goes away; `undefined` where the last one was made. It may get lost. */
  farewell(final: boolean): UsageReport | undefined {
    if (this.#closed) return undefined;
    this.note(final ? 'page-left' : 'page-hidden', {});
    return this.#write(final);
  }

  /** A turn ended: reports when it is time. */
  turnEnded(): void {
    const { now, everySeconds } = this.#options;
    if (this.#closed || now() - this.#reportedAt < everySeconds * 1_000) return;
    void this.#report(false, 1);
  }

  /** A connection is open: what follows is reported again, should there have been a last report. */
  open(connectMs: number, leaseIndex: number): void {
    this.#closed = false;
    const ms = Math.round(connectMs);
    this.measure({ connectMs: ms });
    this.note('connected', { leaseIndex, connectMs: ms });
  }

  /** The connection is over, of `why` unless that was noted: reports for the last time. Once. */
  close(why?: ClosedDetail): void {
    if (this.#closed) return;
    if (why) this.note('closed', why);
    this.#closed = true;
    void this.#report(true, FINAL_TRIES);
  }

  async #report(final: boolean, tries: number): Promise<void> {
    const { now, reporter, onAnswer, after } = this.#options;
    this.#reportedAt = now();
    const report = this.#write(final);
    const { events = [], transcript = [] } = report;
    try {
      const answer = await reporter(report);
      // Ids merge once, so that what came while the report was under way is all that is left to tell.
      this.#events = this.#events.filter((event) => !events.includes(event));
      this.#turns = this.#turns.filter((turn) => !transcript.includes(turn));
      onAnswer(answer);
    } catch {
      // Reports free nothing and are cumulative: a lost one is made up for by the next, the last one by itself.
      if (tries > 1 && this.#closed === final) after(RETRY_MS, () => void this.#report(final, tries - 1));
    }
  }

  /** Puts down what is known. */
  #write(final: boolean): UsageReport {
    const { sessionId, connectionId, now } = this.#options;
    const events = [...this.#events];
    const transcript = [...this.#turns];
    return {
      v: CALLABLES_VERSION,
      sessionId,
      connectionId,
      seq: ++this.#seq,
      final,
      seconds: Math.min(REPORT_LIMITS.seconds, Math.max(0, (now() - this.#openedAt) / 1_000)),
      totals: this.#totals,
      quality: this.#quality,
      ...(events.length > 0 ? { events } : {}),
      ...(transcript.length > 0 ? { transcript } : {}),
    };
  }

  #nextId(): string {
    return `${this.#options.connectionId.slice(0, 48)}-${String(this.#made++).padStart(4, '0')}`;
  }
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = 0, high = low] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return Math.round((low + high) / 2);
}
