/**
 * Runs a session over one connection after the other. What is to be done when stands in `lease-policy.ts` and
 * `resume-policy.ts`; here it is done.
 * @module
 */
import type { ClientMessage, QuotaLeft, RefusalReason, ServerMessage, StopNotice } from '@livegate/protocol';
import { closeCause, failureCause, lapseCause } from './close-cause.ts';
import { Dialer, firstSetup } from './dialer.ts';
import { AIError } from './errors.ts';
import type { EventHub } from './event-hub.ts';
import type { Keepsake } from './keepsake.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { ConnectionEvents, LiveConnection } from './live-connection.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import { type Grant, MintDesk } from './mint-desk.ts';
import { refusalReason } from './mint-error.ts';
import { onPageHide } from './page-life.ts';
import { canUseHeld } from './resume-policy.ts';
import { SessionBooks } from './session-books.ts';
import type { LiveCloseCause, LiveSessionEvents } from './session-events.ts';
import type { SessionLink } from './session-link.ts';
import type { SessionPlan } from './session-plan.ts';
import { SessionStatus } from './session-status.ts';
import { type LeftBy, Talk } from './talk.ts';
import type { HeardQuality } from './usage-book.ts';

interface Token {
  readonly first: Grant | undefined;
  readonly held: boolean;
}

interface Moved {
  readonly link: SessionLink;
  readonly connection: LiveConnection;
  /** The state behind the handle is there. */
  readonly resumed: boolean;
}

/** One session. {@link SessionRunner.start} makes it, so that there is none without a first connection. */
export class SessionRunner {
  readonly talk: Talk;
  readonly #status = new SessionStatus();
  readonly #plan: SessionPlan;
  readonly #desk: MintDesk;
  readonly #dialer: Dialer;
  readonly #leases: LeaseKeeper;
  readonly #books: SessionBooks;
  #abort = new AbortController();
  #link: SessionLink | undefined;
  #forgetPage: () => void = () => {};

  private constructor(plan: SessionPlan) {
    const { clock, source, emulators, random, openSocket, wished, timeoutMs, reporter } = plan;
    const desk = new MintDesk({ source, clock, emulators });
    this.#plan = plan;
    this.#desk = desk;
    this.#dialer = new Dialer({ desk, clock, random, openSocket, wished, timeoutMs });
    this.#books = new SessionBooks({ clock, reporter, onStop: (notice) => this.#stop(notice) });
    this.#leases = new LeaseKeeper({
      desk,
      clock,
      random,
      orders: {
        move: (by, token) => void this.#move(by, token),
        stop: (notice) => this.#finish({ reason: 'stopped', notice }),
        lapse: (refusal) => this.#finish(lapseCause(refusal)),
        granted: (grant) => this.#onGrant(grant),
        look: () => this.talk.look(),
      },
    });
    this.talk = new Talk({
      clock,
      events: this.#status.events,
      yields: { control: plan.resumption !== undefined, transcript: plan.readsTranscript },
      onTurn: (turn) => this.#link?.book.keep(turn),
      onSilence: () => this.#leases.consider(),
      closedError: () => this.#status.closedError('session-closed'),
    });
  }

  /** Mints, connects, and answers once the server has said `setupComplete`. Leaves nothing behind on failure. */
  static async start(plan: SessionPlan): Promise<SessionRunner> {
    const runner = new SessionRunner(plan);
    try {
      const kept = await plan.keepsakes?.take();
      if (!kept || !(await runner.#goOn(kept))) await runner.#startAfresh(plan.resumption?.handle);
      return runner;
    } catch (error) {
      throw error instanceof AIError ? runner.#status.named(error) : error;
    }
  }

  get events(): EventHub<LiveSessionEvents> {
    return this.#status.events;
  }

  get isClosed(): boolean {
    return this.#status.isClosed;
  }

  get sessionId(): string | undefined {
    return this.#status.sessionId;
  }

  /** Seconds left to the user after the last token; `null` is no bound. */
  get quotaLeft(): QuotaLeft | undefined {
    return this.#status.quotaLeft;
  }

  /** An order to stop that came another way than with a token or a report's answer. The first one counts. */
  stop(notice: StopNotice): void {
    this.#stop(notice);
  }

  /** The app marks where speech begins and ends: the set-up has switched the service's detector off. */
  get hasManualActivity(): boolean {
    const link = this.#link;
    if (!link) return false;
    const { realtimeInputConfig } = firstSetup(link.grant.answer, this.#plan.wished, undefined);
    return realtimeInputConfig?.automaticActivityDetection?.disabled === true;
  }

  /** Adds to what is reported of the running connection's sound. */
  measure(quality: HeardQuality): void {
    this.#link?.book.hear(quality);
  }

  /** Sends a message, or holds it during a move. Rejects `request-error` once the session is over. */
  send(message: ClientMessage): Promise<void> {
    if (this.isClosed) return Promise.reject(this.#status.closedError('request-error'));
    const sent = this.talk.send(message);
    this.#leases.consider();
    return sent;
  }

  /** Ends the session. Resolves when the socket's close is confirmed, after 2 s at the latest. */
  async close(): Promise<void> {
    const link = this.#link;
    this.#finish({ reason: 'app' });
    await link?.connection?.close();
  }

  /**
   * What firebase/ai's `resumeSession` does: ends the running connection and every `receive()`, and opens another
   * one in the state behind `config.handle`, or in a new state without. Rejects `unsupported` where the session was
   * connected without a resumption config; a failure leaves the session closed.
   */
  async resume(config: SessionResumptionConfig | undefined): Promise<void> {
    if (this.#plan.resumption === undefined)
      throw new AIError(
        'unsupported',
        'To resume a session yourself, connect it with a config: connect({}).',
      );
    const link = this.#link;
    await this.close();
    this.#abort = new AbortController();
    this.#leases.forget();
    this.#status.become('connecting');
    this.talk.feed.reopen();
    try {
      await this.#reopen(link, config?.handle);
    } catch (error) {
      this.talk.feed.end(false);
      this.#status.become('closed');
      throw error;
    }
  }

  /** What can be told about the session without telling anything secret or said. */
  diagnostics(): object {
    const link = this.#link;
    return {
      ...this.#status.summary,
      connectionId: link?.grant.answer.connectionId,
      leaseIndex: link?.grant.answer.leaseIndex,
      model: link?.grant.answer.setup.model,
      host: link && new URL(link.grant.answer.socket.url).host,
      leaseLeftMs: link && Math.round(link.grant.lease.expiresAt - this.#plan.clock.now()),
      resumable: this.talk.handle !== undefined,
      usage: this.#books.usage,
      bufferedAmount: this.talk.outbox.bufferedAmount,
      consumers: this.talk.feed.consumers,
    };
  }

  /** Goes on with the session that a reload left, by a re-mint; false where it is over. */
  async #goOn(kept: Keepsake): Promise<boolean> {
    const { clock } = this.#plan;
    const began = clock.now();
    const end = began + kept.leaseExpiresAt - Date.now();
    let opened: SessionLink | undefined;
    try {
      const { connection, resumed } = await this.#dialer.dial({
        sessionId: kept.sessionId,
        first: undefined,
        held: false,
        handle: kept.handle,
        hasHistory: false,
        lease: {
          renewAt: Number.POSITIVE_INFINITY,
          forceAt: end,
          expiresAt: end,
          startBy: end,
          leaseEndsAt: end,
        },
        signal: this.#abort.signal,
        listen: (grant) => {
          opened = this.#newLink(grant);
          return this.#eventsOf(opened);
        },
        onGrant: (grant) => this.#onGrant(grant),
      });
      if (!opened) return false;
      opened.connection = connection;
      this.talk.begin(connection, resumed ? kept.handle : undefined);
      opened.book.note('resumed', { stateRestored: resumed, reload: true });
      this.#settleIn(opened, began);
      return true;
    } catch (error) {
      this.#plan.keepsakes?.clear();
      if (error instanceof AIError && isOver(refusalReason(error))) return false;
      throw error;
    }
  }

  #keep(link: SessionLink): void {
    const { handle } = this.talk;
    if (handle === undefined) return;
    const { sessionId } = link.grant.answer;
    const leaseExpiresAt = Date.now() + link.grant.lease.expiresAt - this.#plan.clock.now();
    this.#plan.keepsakes?.keep({ sessionId, handle, leaseExpiresAt });
  }

  async #startAfresh(handle: string | undefined): Promise<void> {
    const began = this.#plan.clock.now();
    const grant = await this.#desk.ask(this.#plan.start);
    this.#onGrant(grant);
    const link = this.#newLink(grant);
    const events = this.#eventsOf(link);
    link.connection = await this.#dialer.open(grant, { handle, signal: this.#abort.signal, events });
    this.talk.begin(link.connection, handle);
    this.#settleIn(link, began);
  }

  async #reopen(link: SessionLink | undefined, handle: string | undefined): Promise<void> {
    if (!link) {
      await this.#startAfresh(handle);
      return;
    }
    const began = this.#plan.clock.now();
    const held = canUseHeld(link.grant.lease, began, handle !== undefined, link.reused);
    try {
      const token = { first: held ? link.grant : undefined, held };
      // Without a handle the app wants a new state: nothing is to be told of the old one.
      const dialed = await this.#dial(link, token, { handle, hasHistory: false });
      this.talk.begin(dialed.connection, dialed.resumed ? handle : undefined);
      this.#settleIn(dialed.link, began);
    } catch (error) {
      const reason = error instanceof AIError ? refusalReason(error) : undefined;
      // The session's books are closed: the conversation goes on in a new one.
      if (!isOver(reason)) throw error;
      await this.#startAfresh(handle);
    }
  }

  async #dial(
    link: SessionLink,
    token: Token,
    state: { readonly handle: string | undefined; readonly hasHistory: boolean },
  ): Promise<Moved> {
    let opened: SessionLink | undefined;
    const { connection, grant, resumed } = await this.#dialer.dial({
      sessionId: link.grant.answer.sessionId,
      ...token,
      ...state,
      lease: link.grant.lease,
      signal: this.#abort.signal,
      listen: (each) => {
        opened = this.#newLink(each);
        return this.#eventsOf(opened);
      },
      onGrant: (each) => this.#onGrant(each),
    });
    const next = opened ?? this.#newLink(grant);
    next.connection = connection;
    next.reused = grant === link.grant;
    return { link: next, connection, resumed };
  }

  /** Goes on with a connection: its lease counts from here. */
  #settleIn(link: SessionLink, began: number): void {
    this.#link = link;
    this.#forgetPage();
    this.#forgetPage = onPageHide((mayReturn) => {
      const report = link.book.farewell(!mayReturn);
      if (report) this.#plan.farewell?.send(report);
    });
    link.book.open(this.#plan.clock.now() - began, link.grant.answer.leaseIndex);
    this.#status.become('open');
    for (const { message, bytes } of link.early ?? []) this.#onMessage(link, message, bytes);
    link.early = undefined;
    this.#keep(link);
    this.#leases.begin(link.grant, link.reused);
    // It may have closed again before anybody could look.
    if (link.closedBy) queueMicrotask(() => this.#onClosed(link));
  }

  /** Leaves one connection for the next. Everything sent meanwhile is held. */
  async #move(by: LeftBy, token: Token): Promise<void> {
    const link = this.#link;
    if (!link) return;
    const began = this.#plan.clock.now();
    this.#leases.pause();
    this.#status.become(by === 'drop' ? 'resuming' : 'swapping');
    this.talk.outbox.hold();
    await link.connection?.close();
    if (this.isClosed) return;
    this.talk.leave(by, link.book);
    try {
      const { handle, hasHistory } = this.talk;
      const { link: next, connection, resumed } = await this.#dial(link, token, { handle, hasHistory });
      if (this.isClosed) {
        await connection.close();
        return;
      }
      // Only now: a last report of the last connection says that the session is over.
      if (next.book !== link.book) link.book.close(by);
      const { setup } = next.grant.answer;
      const stateRestored = this.talk.takeOver(connection, { by, resumed, setup });
      next.book.note(by === 'drop' ? 'resumed' : 'swapped', { stateRestored });
      this.#status.count(by === 'drop' ? 'drops' : 'swaps');
      if (!stateRestored) this.#status.count('afresh');
      this.#settleIn(next, began);
    } catch (error) {
      this.#finish(failureCause(error, this.#status.lastClose));
    }
  }

  #newLink(grant: Grant): SessionLink {
    return {
      grant,
      book: this.#books.open(grant),
      connection: undefined,
      early: [],
      closedBy: undefined,
      reused: false,
    };
  }

  #eventsOf(link: SessionLink): ConnectionEvents {
    return {
      message: (message, bytes) => {
        if (link.early) link.early.push({ message, bytes });
        else this.#onMessage(link, message, bytes);
      },
      skipped: (why) => {
        this.#status.count('skippedFrames');
        this.#status.warn(`A frame of the server was skipped: ${why}.`);
      },
      closed: (by) => {
        link.closedBy = by;
        this.#status.lastClose = by;
        this.#onClosed(link);
      },
    };
  }

  #onMessage(link: SessionLink, message: ServerMessage, bytes: number): void {
    if (this.isClosed) return;
    if (message.usageMetadata) {
      link.book.add(message.usageMetadata);
      this.events.emit('usage', { session: this.#books.usage, connection: link.book.totals });
    }
    const leftMs = this.talk.hear(message, { bytes, book: link.book });
    if (message.sessionResumptionUpdate) this.#keep(link);
    // An app that resumes by itself is told and decides; should it not, the close that follows is a drop.
    if (leftMs !== undefined && this.#plan.resumption === undefined) this.#leases.leaveIn(leftMs);
    this.#leases.consider();
  }

  #onClosed(link: SessionLink): void {
    const { closedBy } = link;
    if (this.#status.state !== 'open' || link !== this.#link || !closedBy) return;
    link.book.measure({ closeCode: closedBy.code });
    const cause = closeCause(closedBy, {
      stop: this.#leases.stopping,
      lapsed: this.#leases.lapsedAtClose(),
    });
    if (cause) this.#finish(cause);
    else void this.#move('drop', this.#leases.tokenAfterDrop(this.talk.handle !== undefined));
  }

  #onGrant({ answer }: Grant): void {
    if (this.isClosed) return;
    this.#status.granted(answer.sessionId, answer.quotaLeft);
    void this.#plan.farewell?.warm();
    for (const message of answer.warnings ?? []) this.#status.warn(message);
    if (answer.stop) this.#stop(answer.stop);
  }

  #stop(notice: StopNotice): void {
    if (!this.isClosed && this.#leases.stop(notice)) this.events.emit('stop', notice);
  }

  #finish(cause: LiveCloseCause): void {
    if (this.isClosed) return;
    const link = this.#link;
    this.#leases.pause();
    this.#forgetPage();
    this.#plan.keepsakes?.clear();
    this.#abort.abort();
    this.#status.become('closed', cause);
    this.talk.end(this.#status.closedError('request-error'), cause.reason !== 'app');
    void link?.connection?.close();
    link?.book.close(cause.reason);
  }
}

/** The session's books are closed. */
function isOver(reason: RefusalReason | undefined): boolean {
  return reason === 'session-over' || reason === 'no-session' || reason === 'single-lease';
}
