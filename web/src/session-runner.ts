/**
 * A session as its page holds it: opens the first connection, passes on what is said both ways, and ends it. What
 * keeps it going (`session-keeper.ts`) is fetched once it is open, and told everything that came before it.
 * @module
 */
import type { ClientMessage, MintAnswer, QuotaLeft, ServerMessage, StopNotice } from '@livegate/protocol';
import { lengthMs } from './audio-wire.ts';
import { AIError } from './errors.ts';
import type { EventHub } from './event-hub.ts';
import { firstSetup } from './first-setup.ts';
import { heardAs, markHeard } from './heard-sound.ts';
import { fetchPart } from './keeper-loader.ts';
import { KeeperSeat } from './keeper-seat.ts';
import { mayHaveKept } from './kept-under.ts';
import { type ConnectionEvents, openConnection } from './live-connection.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import { MessageFeed } from './message-feed.ts';
import { yieldsOf } from './message-yields.ts';
import { readableError } from './readable-error.ts';
import type { LiveCloseCause, LiveSessionEvents } from './session-events.ts';
import type { Opening, SessionLine } from './session-line.ts';
import type { SessionLink } from './session-link.ts';
import type { SessionPlan } from './session-plan.ts';
import { SessionStatus } from './session-status.ts';
import { askToken, type MintBody, type MintedToken } from './token-request.ts';
import type { HeardQuality } from './usage-book.ts';
import { WayOut } from './way-out.ts';

/** One session. {@link SessionRunner.start} makes it, so that there is none without a first connection. */
export class SessionRunner implements SessionLine {
  readonly plan: SessionPlan;
  readonly status = new SessionStatus();
  readonly feed: MessageFeed;
  readonly outbox = new WayOut({
    onPassed: (what) => {
      const ms = what instanceof Uint8Array ? lengthMs(what) : 0;
      this.#seat.tell((keeper) => keeper.passed(what), ms);
    },
  });
  link: SessionLink | undefined;
  #abort = new AbortController();
  readonly #seat: KeeperSeat;

  private constructor(plan: SessionPlan) {
    this.plan = plan;
    const { keeping, clock } = plan;
    const { events } = this.status;
    this.#seat = new KeeperSeat({
      keeping,
      clock,
      hire: (module) => module.keepSession(this),
      onWithout: () => this.#goOnAlone(),
    });
    this.feed = new MessageFeed({
      clock,
      onMissed: (missed) => void events.emit('missed', missed),
      closed: () => this.status.closedError('session-closed'),
    });
  }

  /** Mints, connects, and answers once the server has said `setupComplete`. Leaves nothing behind on failure. */
  static async start(plan: SessionPlan): Promise<SessionRunner> {
    const runner = new SessionRunner(plan);
    try {
      if (!(await runner.#goOnAfterReload())) await runner.begin(plan.resumption?.handle);
      runner.#seat.call();
      return runner;
    } catch (error) {
      throw error instanceof AIError ? runner.status.named(error) : error;
    }
  }

  get events(): EventHub<LiveSessionEvents> {
    return this.status.events;
  }

  get isClosed(): boolean {
    return this.status.isClosed;
  }

  get sessionId(): string | undefined {
    return this.status.sessionId;
  }

  /** Seconds left to the user after the last token; `null` is no bound. */
  get quotaLeft(): QuotaLeft | undefined {
    return this.status.quotaLeft;
  }

  /** Ends an opening that is under way. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The app marks where speech begins and ends: the set-up has switched the service's detector off. */
  get hasManualActivity(): boolean {
    return this.link?.setup.realtimeInputConfig?.automaticActivityDetection?.disabled === true;
  }

  /** An order to stop that came another way than with a token or a report's answer. The first one counts. */
  stop(notice: StopNotice): void {
    if (this.isClosed) return;
    if (this.#seat.isGivenUp) this.finish({ reason: 'stopped', notice });
    else this.#seat.tell((keeper) => keeper.stop(notice));
  }

  /** Adds to what is reported of the running connection's sound. */
  measure(quality: HeardQuality): void {
    this.#seat.tell((keeper) => keeper.measured(quality));
  }

  /** Sends a message, or holds it during a move. Rejects as {@link Outbox.send} does. */
  async send(message: ClientMessage): Promise<void> {
    if (this.isClosed) throw this.status.closedError('request-error');
    const sent = this.outbox.send(message);
    this.#seat.tell((keeper) => keeper.said(message));
    await sent;
  }

  /** Ends the session. Resolves when the socket's close is confirmed, after 2 s at the latest. */
  async close(): Promise<void> {
    const { link } = this;
    this.finish({ reason: 'app' });
    await link?.connection?.close();
  }

  /** See `session-mover.ts`. Rejects `fetch-error` where what that needs could not be fetched. */
  async resume(config: SessionResumptionConfig | undefined): Promise<void> {
    if (this.plan.resumption === undefined)
      throw this.status.named(
        new AIError('unsupported', 'To resume a session yourself, connect it with a config: connect({}).'),
      );
    const keeper = this.#seat.keeper ?? this.#seat.take(await fetchPart(() => this.plan.keeping.load()));
    await keeper.resume(config);
  }

  /** What can be told about the session without telling anything secret or said. */
  diagnostics(): object {
    return { ...this.status.summary, ...this.#seat.keeper?.diagnostics() };
  }

  /** Asks for a session's first token and opens its first connection. */
  async begin(handle: string | undefined): Promise<void> {
    const began = this.plan.clock.now();
    const { signal } = this;
    const token = await this.#mint(this.plan.start);
    this.granted(token.answer);
    this.#seat.tell((keeper) => keeper.granted(token));
    const link = await this.open(token, { handle, signal });
    if (link.connection) this.outbox.open(link.connection);
    const ms = this.plan.clock.now() - began;
    this.goOn(link, () => this.#seat.tell((keeper) => keeper.began(link, { handle, ms })));
  }

  async open<Token extends MintedToken>(
    token: Token,
    { handle, signal }: Opening,
  ): Promise<SessionLink<Token>> {
    const { openSocket, clock, timeoutMs, wished } = this.plan;
    const { answer, address } = token;
    const setup = firstSetup(answer, wished, handle);
    const link: SessionLink<Token> = { token, setup, connection: undefined, early: [], closedBy: undefined };
    link.connection = await openConnection({
      openSocket,
      clock,
      address,
      setup,
      sessionId: answer.sessionId,
      timeoutMs,
      signal,
      events: this.#eventsOf(link),
    });
    return link;
  }

  goOn(link: SessionLink, settle: () => void): void {
    this.link = link;
    this.status.become('open');
    settle();
    for (const { message, bytes } of link.early ?? []) this.#onMessage(link, message, bytes);
    link.early = undefined;
    // It may have closed again before anybody could look.
    if (link.closedBy) queueMicrotask(() => this.#onClosed(link));
  }

  granted({ sessionId, quotaLeft, warnings }: MintAnswer): void {
    if (this.isClosed) return;
    this.status.granted(sessionId, quotaLeft);
    for (const message of warnings ?? []) this.status.warn(message);
  }

  finish(cause: LiveCloseCause): void {
    if (this.isClosed) return;
    this.#abort.abort();
    // The keeper forgets what a reload would find before anybody hears of the end.
    this.#seat.tell((keeper) => keeper.over(cause));
    this.status.become('closed', cause);
    this.outbox.end(this.status.closedError('request-error'));
    this.feed.end(cause.reason !== 'app');
    void this.link?.connection?.close();
  }

  restart(): void {
    this.#abort = new AbortController();
    // What it still says counts no more.
    this.link = undefined;
    this.status.become('connecting');
    this.feed.reopen();
  }

  async #mint(body: MintBody): Promise<MintedToken> {
    try {
      return await askToken(this.plan, body);
    } catch (cause) {
      const error = await readableError(cause);
      const { reason, sessionId } = error.customErrorData ?? {};
      // The token exists and its answer is gone: only another one helps.
      if (reason === 'already-issued' && sessionId !== undefined && body.op === 'start')
        return this.#mint({ op: 'remint', sessionId });
      throw error;
    }
  }

  async #goOnAfterReload(): Promise<boolean> {
    const { keepsakes, resumption, keeping } = this.plan;
    if (resumption || !(keepsakes || mayHaveKept())) return false;
    // Without the keeper there is nothing to go on with.
    const module = await keeping.load().catch(() => undefined);
    return module !== undefined && this.#seat.take(module).goOn();
  }

  #eventsOf(link: SessionLink): ConnectionEvents {
    return {
      message: (message, bytes) => {
        if (link.early) link.early.push({ message, bytes });
        else this.#onMessage(link, message, bytes);
      },
      skipped: (why) => {
        this.status.count('skippedFrames');
        this.status.warn(`A frame of the server was skipped: ${why}.`);
      },
      warned: (message) => this.status.warn(message),
      closed: (by) => {
        link.closedBy = by;
        this.status.lastClose = by;
        this.#onClosed(link);
      },
    };
  }

  #onMessage(link: SessionLink, message: ServerMessage, bytes: number): void {
    if (this.isClosed || link !== this.link) return;
    const { resumption, readsTranscript } = this.plan;
    const heard = heardAs(message);
    for (const each of yieldsOf(message, {
      control: resumption !== undefined,
      transcript: readsTranscript,
    })) {
      if (heard !== undefined) markHeard(each, heard);
      this.feed.push(each, bytes);
    }
    this.#seat.tell((keeper) => keeper.heard(link, message));
  }

  #onClosed(link: SessionLink): void {
    if (link === this.link && this.status.state === 'open') this.outbox.hold();
    this.#seat.tell((keeper) => keeper.closed(link));
    this.#endAlone();
  }

  #goOnAlone(): void {
    if (!this.isClosed)
      this.status.warn(
        'A part of @livegate/web could not be fetched: this session ends with its connection.',
      );
    this.#endAlone();
  }

  /** Without a keeper a session ends as its connection does. */
  #endAlone(): void {
    const by = this.link?.closedBy;
    if (!by || !this.#seat.isGivenUp) return;
    this.finish({ reason: by.code === 1_000 ? 'server' : 'lost', code: by.code, detail: by.reason });
  }
}
