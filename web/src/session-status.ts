/**
 * How a session stands: its state and how it came to it, told as it changes and summed up in a report.
 * @module
 */
import type { QuotaLeft } from '@livegate/protocol';
import { AIError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import type { ClosedBy } from './live-connection.ts';
import type { LiveCloseCause, LiveSessionEvents, LiveSessionState } from './session-events.ts';

/** What a session counts. */
export type SessionCount = 'swaps' | 'drops' | 'afresh' | 'skippedFrames';

/** The standing of one session. The only one who tells the session's listeners of states, quota and warnings. */
export class SessionStatus {
  readonly events = new EventHub<LiveSessionEvents>();
  readonly #counts: Record<SessionCount, number> = { swaps: 0, drops: 0, afresh: 0, skippedFrames: 0 };
  #sessionId: string | undefined;
  #state: LiveSessionState = 'connecting';
  #cause: LiveCloseCause | undefined;
  #quotaLeft: QuotaLeft | undefined;
  /** How the last connection closed. */
  lastClose: ClosedBy | undefined;

  get state(): LiveSessionState {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Of the last token; stays after the end, for bug reports. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  get quotaLeft(): QuotaLeft | undefined {
    return this.#quotaLeft;
  }

  /** A token came. */
  granted(sessionId: string, quotaLeft: QuotaLeft): void {
    this.#sessionId = sessionId;
    this.#quotaLeft = quotaLeft;
    this.events.emit('quota', quotaLeft);
  }

  /** Goes over to another state; `cause` says why the session is over. Out of `closed` only `connecting` leads. */
  become(state: LiveSessionState, cause?: LiveCloseCause): void {
    if (this.#state === state || (this.isClosed && state !== 'connecting')) return;
    this.#state = state;
    if (state === 'closed') this.#cause = cause ?? this.#cause;
    const told = state === 'closed' ? this.#cause : undefined;
    this.events.emit('state', { state, ...(told ? { cause: told } : {}) });
  }

  count(what: SessionCount): void {
    this.#counts[what]++;
  }

  /** Tells developers; on the console where nobody listens. */
  warn(message: string): void {
    if (!this.events.emit('warning', { message })) console.warn(`Livegate: ${message}`);
  }

  /** The error of using a session that is over. */
  closedError(code: 'session-closed' | 'request-error'): AIError {
    const cause = this.#cause ? ` (${this.#cause.reason})` : '';
    const error = new AIError(code, `This session is over${cause}; connect() makes a new one.`);
    return this.named(error);
  }

  /** The same error with the session's id, where it has none and there is one. */
  named(error: AIError): AIError {
    const sessionId = this.#sessionId;
    if (sessionId === undefined || error.customErrorData?.sessionId !== undefined) return error;
    const message = error.message.replace(/^AI: /, '').replace(/ \(AI\/[a-z-]+\)$/, '');
    const options = error.cause === undefined ? undefined : { cause: error.cause };
    return new AIError(error.code, message, { ...error.customErrorData, sessionId }, options);
  }

  /** States and counts, for a report. */
  get summary(): object {
    return {
      sessionId: this.#sessionId,
      state: this.#state,
      cause: this.#cause,
      quotaLeft: this.#quotaLeft,
      ...this.#counts,
      lastClose: this.lastClose,
    };
  }
}
