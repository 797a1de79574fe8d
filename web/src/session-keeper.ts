/**
 * Keeps an open session going: its books, its leases, what goes on in it, and who comes next. Fetched once a session
 * is open (`keeper-loader.ts`), so that a page does not wait for it.
 * @module
 */
import {
  CLOSE_CODE,
  type ClientMessage,
  decodeUsage,
  type ServerMessage,
  type StopNotice,
  type UsageMetadata,
} from '@livegate/protocol';
import { callableReporter } from './callable-reporter.ts';
import { closeCause, closedDetail, lapseCause } from './close-cause.ts';
import type { EventHub } from './event-hub.ts';
import { browserBox, type KeepsakeBox } from './keepsake.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { LiveConnection } from './live-connection.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import { type Grant, MintDesk } from './mint-desk.ts';
import { Outbox } from './outbox.ts';
import { onPageHide } from './page-life.ts';
import { ReplayClock } from './replay-clock.ts';
import { callableFarewell, type UsageFarewell } from './report-farewell.ts';
import { SessionBooks } from './session-books.ts';
import type { LiveCloseCause, LiveSessionEvents } from './session-events.ts';
import type { Keeper, SessionLine, Untold } from './session-line.ts';
import type { SessionLink } from './session-link.ts';
import { type Running, SessionMover } from './session-mover.ts';
import { keepWatch, type WatchedSession } from './session-watch.ts';
import { Talk } from './talk.ts';
import type { MintedToken } from './token-request.ts';
import type { HeardQuality, UsageBook } from './usage-book.ts';
import type { Passed } from './way-out.ts';

/** For what is on its way already: it is only taken note of. */
const NOWHERE: LiveConnection = { bufferedAmount: 0, send: () => {}, close: async () => {} };

/** Keeps a session whose page half is `line`. */
export function keepSession(line: SessionLine): Keeper {
  return new SessionKeeper(line);
}

class SessionKeeper implements Keeper, WatchedSession {
  readonly #line: SessionLine;
  readonly #clock: ReplayClock;
  readonly #desk: MintDesk;
  readonly #outbox: Outbox;
  readonly #talk: Talk;
  readonly #leases: LeaseKeeper;
  readonly #books: SessionBooks;
  readonly #mover: SessionMover;
  readonly #keepsakes: KeepsakeBox | undefined;
  readonly #farewell: UsageFarewell | undefined;
  #running: Running | undefined;
  #forgetPage: () => void = () => {};

  constructor(line: SessionLine) {
    const { plan, status, feed } = line;
    const { events } = status;
    const { app, callables, random, reporter, start, resumption } = plan;
    this.#line = line;
    this.#clock = new ReplayClock(plan.clock);
    const clock = this.#clock;
    this.#desk = new MintDesk({ ...plan, clock });
    this.#farewell = plan.farewell ?? (reporter ? undefined : callableFarewell(app, callables));
    this.#keepsakes = resumption ? undefined : (plan.keepsakes ?? browserBox(app, JSON.stringify(start)));
    this.#books = new SessionBooks({
      clock,
      reporter: reporter ?? callableReporter(app, callables),
      onStop: (notice) => this.stop(notice),
    });
    this.#outbox = new Outbox({
      clock,
      events: {
        unsent: (ms) => void events.emit('unsent', { ms }),
        fellSilent: () => this.#leases.consider(),
        toolResultDropped: (id) => void events.emit('toolResultDropped', { id }),
      },
    });
    this.#talk = new Talk({
      clock,
      events,
      feed,
      outbox: this.#outbox,
      book: () => this.#book,
      onTurn: (turn) => this.#book?.keep(turn),
    });
    this.#leases = new LeaseKeeper({
      desk: this.#desk,
      clock,
      random,
      orders: {
        move: (by, token) => void this.#mover.move(by, token),
        stop: (notice) => line.finish({ reason: 'stopped', notice }),
        told: (notice) => this.stop(notice),
        lapse: (refusal) => line.finish(lapseCause(refusal)),
        granted: (grant) => this.#granted(grant),
        look: () => this.#talk.look(),
      },
    });
    this.#mover = new SessionMover({
      line,
      clock,
      desk: this.#desk,
      talk: this.#talk,
      leases: this.#leases,
      books: this.#books,
      keepsakes: this.#keepsakes,
      running: () => this.#running,
      granted: (grant) => this.#granted(grant),
      settle: (running, ms) => line.goOn(running.link, () => this.#settle(running, ms)),
    });
  }

  get sessionId(): string | undefined {
    return this.#line.status.sessionId;
  }

  get events(): EventHub<LiveSessionEvents> {
    return this.#line.status.events;
  }

  granted({ answer }: MintedToken): void {
    void this.#farewell?.warm();
    if (answer.stop) this.stop(answer.stop);
  }

  began(
    link: SessionLink,
    { handle, ms }: { readonly handle: string | undefined; readonly ms: number },
  ): void {
    this.#talk.begin(handle);
    this.#settle({ link, grant: this.#desk.grant(link.token), reused: false }, ms);
  }

  passed(what: Passed): void {
    this.#outbox.open(NOWHERE);
    if (what instanceof Uint8Array) this.#outbox.sendPcm(what);
    else void this.#outbox.send(what);
  }

  said(message: ClientMessage): void {
    this.#talk.say(message);
    this.#leases.consider();
  }

  heard(link: SessionLink, message: ServerMessage): void {
    const { events } = this.#line.status;
    const book = this.#books.open(link.token);
    const usage = message.usageMetadata && this.#readUsage(message.usageMetadata);
    if (usage) {
      book.add(usage);
      events.emit('usage', { session: this.#books.usage, connection: book.totals });
    }
    const leftMs = this.#talk.hear(message, usage, book);
    if (message.sessionResumptionUpdate) this.#leaveKeepsake();
    // An app that resumes by itself is told and decides; should it not, the close that follows is a drop.
    if (leftMs !== undefined && this.#line.plan.resumption === undefined) this.#leases.leaveIn(leftMs);
    this.#leases.consider();
  }

  /** The connection passes usage on as it came. */
  #readUsage(usage: unknown): UsageMetadata | undefined {
    try {
      return decodeUsage(usage);
    } catch {
      this.#line.status.warn('The usage of a frame was skipped: it could not be read.');
      return undefined;
    }
  }

  measured(quality: HeardQuality): void {
    this.#book?.hear(quality);
  }

  stop(notice: StopNotice): void {
    if (!this.#line.status.isClosed && this.#leases.stop(notice))
      this.#line.status.events.emit('stop', notice);
  }

  closed(link: SessionLink): void {
    const { status } = this.#line;
    const { closedBy } = link;
    if (!closedBy) return;
    this.#books.open(link.token).measure({ closeCode: closedBy.code });
    if (status.state !== 'open' || link !== this.#line.link) return;
    const cause = closeCause(closedBy, {
      stop: this.#leases.stopping,
      lapsed: this.#leases.lapsedAtClose(),
    });
    if (cause) this.#line.finish(cause);
    else void this.#mover.move('drop', this.#leases.tokenAfterDrop(this.#talk.handle !== undefined));
  }

  over(cause: LiveCloseCause): void {
    this.#leases.pause();
    this.#forgetPage();
    this.#keepsakes?.clear();
    const book = this.#book;
    if (!book) return;
    // Nobody waits for the server to confirm our own close.
    const code = this.#running?.link.closedBy?.code ?? CLOSE_CODE.normal;
    book.measure({ closeCode: code });
    this.#talk.over(book);
    book.close(closedDetail(cause, code));
  }

  catchUp(untold: readonly Untold[]): void {
    for (const { at, what } of untold) this.#clock.at(at, () => what(this));
    this.#line.outbox.goOnBy(this.#outbox);
    this.#leases.consider();
    const { plan, status } = this.#line;
    if (plan.watch && !status.isClosed) keepWatch(this, plan.watch);
  }

  goOn(): Promise<boolean> {
    return this.#mover.goOn();
  }

  resume(config: SessionResumptionConfig | undefined): Promise<void> {
    return this.#mover.resume(config?.handle);
  }

  diagnostics(): object {
    const { outbox, feed } = this.#line;
    const running = this.#running;
    const answer = running?.grant.answer;
    return {
      connectionId: answer?.connectionId,
      leaseIndex: answer?.leaseIndex,
      model: answer?.setup.model,
      host: answer && new URL(answer.socket.url).host,
      leaseLeftMs: running && Math.round(running.grant.lease.expiresAt - this.#clock.now()),
      resumable: this.#talk.handle !== undefined,
      usage: this.#books.usage,
      bufferedAmount: outbox.bufferedAmount,
      consumers: feed.consumers,
    };
  }

  /** Of the running connection. */
  get #book(): UsageBook | undefined {
    return this.#running && this.#books.open(this.#running.grant);
  }

  #granted(grant: Grant): void {
    this.#line.granted(grant.answer);
    this.granted(grant);
  }

  /** A connection runs: its lease and its books count from here. */
  #settle(running: Running, ms: number): void {
    const { grant, reused } = running;
    this.#running = running;
    const book = this.#books.open(grant);
    this.#forgetPage();
    this.#forgetPage = onPageHide((mayReturn) => {
      const report = book.farewell(!mayReturn);
      if (report) this.#farewell?.send(report);
    });
    book.open(ms, grant.answer.leaseIndex);
    this.#leaveKeepsake();
    // A session may be over before its keeper comes to hear of its beginning.
    if (!this.#line.status.isClosed) this.#leases.begin(grant, reused);
  }

  #leaveKeepsake(): void {
    const { handle } = this.#talk;
    const grant = this.#running?.grant;
    if (handle === undefined || !grant) return;
    const { sessionId } = grant.answer;
    const leaseExpiresAt = Date.now() + grant.lease.expiresAt - this.#clock.now();
    this.#keepsakes?.keep({ sessionId, handle, leaseExpiresAt });
  }
}
