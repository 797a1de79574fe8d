/**
 * Takes a session from one connection to the next: at a lease's end, after a drop, after a reload, at the app's wish.
 * Which token and how often stands in `lease-policy.ts` and `resume-policy.ts`.
 * @module
 */
import { CLOSE_CODE } from '@livegate/protocol';
import type { Clock } from './clock.ts';
import { failureCause } from './close-cause.ts';
import { Dialer } from './dialer.ts';
import { AIError } from './errors.ts';
import type { Keepsake, KeepsakeBox } from './keepsake.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { Grant, MintDesk } from './mint-desk.ts';
import { refusalReason } from './mint-error.ts';
import { afterReload, canUseHeld, isOver } from './resume-policy.ts';
import type { SessionBooks } from './session-books.ts';
import type { SessionLine } from './session-line.ts';
import type { SessionLink } from './session-link.ts';
import type { LeftBy, Talk } from './talk.ts';

/** The connection that runs, its token's times, and whether it is the second one under that token. */
export interface Running {
  readonly link: SessionLink;
  readonly grant: Grant;
  readonly reused: boolean;
}

/** What moves with a session. */
export interface MoverParts {
  readonly line: SessionLine;
  readonly clock: Clock;
  readonly desk: MintDesk;
  readonly talk: Talk;
  readonly leases: LeaseKeeper;
  readonly books: SessionBooks;
  readonly keepsakes: KeepsakeBox | undefined;
  readonly running: () => Running | undefined;
  readonly granted: (grant: Grant) => void;
  /** Goes on with a connection that took `ms` to get. */
  readonly settle: (running: Running, ms: number) => void;
}

interface Token {
  readonly first: Grant | undefined;
  readonly held: boolean;
}

interface State {
  readonly handle: string | undefined;
  readonly hasHistory: boolean;
  /** A state that is refused is left behind for a new one. */
  readonly mayStartAfresh: boolean;
}

interface Moved extends Running {
  /** The state behind the handle is there. */
  readonly resumed: boolean;
}

/** Moves one session. */
export class SessionMover {
  readonly #parts: MoverParts;
  readonly #dialer: Dialer;
  /** The app's own resumes, one after the other; `undefined` while there is none. */
  #resuming: Promise<void> | undefined;

  constructor(parts: MoverParts) {
    const { line, clock, desk } = parts;
    this.#parts = parts;
    this.#dialer = new Dialer({
      desk,
      clock,
      random: line.plan.random,
      open: (grant, how) => line.open(grant, how),
    });
  }

  /** Leaves one connection for the next. Everything sent meanwhile is held. */
  async move(by: LeftBy, token: Token): Promise<void> {
    const { line, clock, talk, leases, books, settle } = this.#parts;
    const from = this.#parts.running();
    // What the app may end or replace, whichever moment it does so.
    const { status, outbox, signal } = line;
    if (!from || signal.aborted) return;
    const book = books.open(from.grant);
    const began = clock.now();
    leases.pause();
    status.become(by === 'drop' ? 'resuming' : 'swapping');
    outbox.hold();
    await from.link.connection?.close();
    if (signal.aborted) return;
    talk.leave(by, book);
    book.note('closed', { why: by, code: from.link.closedBy?.code ?? CLOSE_CODE.normal });
    try {
      const { handle, hasHistory } = talk;
      const next = await this.#dial(from, token, { handle, hasHistory, mayStartAfresh: true });
      const { connection } = next.link;
      if (!connection) return;
      const nextBook = books.open(next.grant);
      // Only now: a last report of the last connection says that the session is over.
      if (nextBook !== book) book.close();
      const { setup } = next.grant.answer;
      const stateRestored = talk.takeOver(connection, { by, resumed: next.resumed, setup, book: nextBook });
      nextBook.note(by === 'drop' ? 'resumed' : 'swapped', { stateRestored });
      status.count(by === 'drop' ? 'drops' : 'swaps');
      if (!stateRestored) status.count('afresh');
      settle(next, clock.now() - began);
    } catch (error) {
      if (!signal.aborted) line.finish(failureCause(error, status.lastClose));
    }
  }

  /** Goes on with the session that the page before left, by a re-mint; false where there is none to go on with. */
  async goOn(): Promise<boolean> {
    const { keepsakes } = this.#parts;
    const kept = await keepsakes?.take();
    if (!kept) return false;
    try {
      await this.#takeUp(kept);
      return true;
    } catch (error) {
      const then = afterReload(error);
      if (then === 'keep') keepsakes?.release();
      else keepsakes?.clear();
      if (then === 'start-anew') return false;
      throw error;
    }
  }

  /**
   * What firebase/ai's `resumeSession` does: ends the running connection and every `receive()`, and opens another
   * one in the state behind `handle`, or in a new state without. Rejects as firebase/ai does where the state is
   * refused; a failure leaves the session closed. A call while another runs waits for that one, and rejects
   * `request-error` where the session was closed meanwhile.
   */
  resume(handle: string | undefined): Promise<void> {
    const before = this.#resuming;
    const resumed = before
      ? before.catch(() => {}).then(() => this.#resume(handle, this.#parts.line.signal.aborted))
      : this.#resume(handle, false);
    this.#resuming = resumed;
    const over = (): void => {
      if (this.#resuming === resumed) this.#resuming = undefined;
    };
    resumed.then(over, over);
    return resumed;
  }

  async #resume(handle: string | undefined, isCancelled: boolean): Promise<void> {
    const { line, leases } = this.#parts;
    if (isCancelled) throw line.status.closedError('request-error');
    const from = this.#parts.running();
    const left = line.link;
    line.finish({ reason: 'app' });
    leases.forget();
    // Before anything is waited for: close() ends the new opening then.
    line.restart();
    const { signal } = line;
    await left?.connection?.close();
    try {
      if (signal.aborted) throw line.status.closedError('request-error');
      if (from) await this.#reopen(from, handle);
      else await line.begin(handle);
    } catch (error) {
      line.feed.end(false);
      line.status.become('closed');
      throw error;
    }
  }

  async #takeUp(kept: Keepsake): Promise<void> {
    const { line, clock, talk, books, settle, granted } = this.#parts;
    const began = clock.now();
    const end = began + kept.leaseExpiresAt - Date.now();
    const { link, resumed } = await this.#dialer.dial({
      sessionId: kept.sessionId,
      first: undefined,
      held: false,
      handle: kept.handle,
      hasHistory: false,
      mayStartAfresh: true,
      lease: {
        renewAt: Number.POSITIVE_INFINITY,
        forceAt: end,
        expiresAt: end,
        startBy: end,
        leaseEndsAt: end,
      },
      signal: line.signal,
      onGrant: granted,
    });
    talk.begin(resumed ? kept.handle : undefined);
    if (link.connection) line.outbox.open(link.connection);
    books.open(link.token).note('resumed', { stateRestored: resumed, reload: true });
    settle({ link, grant: link.token, reused: false }, clock.now() - began);
  }

  async #reopen(from: Running, handle: string | undefined): Promise<void> {
    const { line, clock, talk, settle } = this.#parts;
    const began = clock.now();
    const held = canUseHeld(from.grant.lease, began, handle !== undefined, from.reused);
    try {
      const token = { first: held ? from.grant : undefined, held };
      // Without a handle the app wants a new state: nothing is to be told of the old one.
      const next = await this.#dial(from, token, { handle, hasHistory: false, mayStartAfresh: false });
      talk.begin(next.resumed ? handle : undefined);
      if (next.link.connection) line.outbox.open(next.link.connection);
      settle(next, clock.now() - began);
    } catch (error) {
      const reason = error instanceof AIError ? refusalReason(error) : undefined;
      // The session's books are closed: the conversation goes on in a new one.
      if (!isOver(reason)) throw error;
      await line.begin(handle);
    }
  }

  async #dial(from: Running, token: Token, state: State): Promise<Moved> {
    const { line, granted } = this.#parts;
    const { link, resumed } = await this.#dialer.dial({
      sessionId: from.grant.answer.sessionId,
      ...token,
      ...state,
      lease: from.grant.lease,
      signal: line.signal,
      onGrant: granted,
    });
    return { link, grant: link.token, reused: link.token === from.grant, resumed };
  }
}
