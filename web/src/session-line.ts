/**
 * The seam between a session's page half and what keeps it going.
 * @module
 */
import type { ClientMessage, MintAnswer, ServerMessage, StopNotice } from '@livegate/protocol';
import type { SessionResumptionConfig } from './live-types.ts';
import type { MessageFeed } from './message-feed.ts';
import type { LiveCloseCause } from './session-events.ts';
import type { SessionLink } from './session-link.ts';
import type { SessionPlan } from './session-plan.ts';
import type { SessionStatus } from './session-status.ts';
import type { MintedToken } from './token-request.ts';
import type { HeardQuality } from './usage-book.ts';
import type { Passed, WayOut } from './way-out.ts';

/** How a connection is opened. */
export interface Opening {
  /** The state to open it in, a secret; a new one without. */
  readonly handle: string | undefined;
  /** Ends the opening. */
  readonly signal: AbortSignal;
}

/** The page half, as the keeper sees it. */
export interface SessionLine {
  readonly plan: SessionPlan;
  readonly status: SessionStatus;
  readonly feed: MessageFeed;
  readonly outbox: WayOut;
  /** The connection that runs, or ran last. */
  readonly link: SessionLink | undefined;
  /** Aborted by {@link SessionLine.finish}; {@link SessionLine.restart} makes another. */
  readonly signal: AbortSignal;
  /** Opens a connection under a token. Rejects as `openConnection` does. */
  open<Token extends MintedToken>(token: Token, how: Opening): Promise<SessionLink<Token>>;
  /**
   * Goes on with a connection: the state is `open`, `settle` is called, and what the connection says counts from
   * here, with what it said since it opened.
   */
  goOn(link: SessionLink, settle: () => void): void;
  /** Asks for a new session and goes on with its first connection. */
  begin(handle: string | undefined): Promise<void>;
  /** A token came: says so. */
  granted(answer: MintAnswer): void;
  /** Ends the session, once. */
  finish(cause: LiveCloseCause): void;
  /** Starts over after {@link SessionLine.finish}. */
  restart(): void;
}

/** What keeps a session going, as the page half sees it. Told everything in order; nothing of it throws. */
export interface Keeper {
  /** A session's first token came. */
  granted(token: MintedToken): void;
  /** Its first connection opened, `ms` after the token was asked for. */
  began(link: SessionLink, how: { readonly handle: string | undefined; readonly ms: number }): void;
  /** Something went to the socket before the outbox was there. */
  passed(what: Passed): void;
  /** The app said something, whether it went out or is held. */
  said(message: ClientMessage): void;
  heard(link: SessionLink, message: ServerMessage): void;
  measured(quality: HeardQuality): void;
  stop(notice: StopNotice): void;
  /** A connection closed, whoever closed it. */
  closed(link: SessionLink): void;
  over(cause: LiveCloseCause): void;
  /** Told first of all what came before the keeper, with the times at which it came. */
  catchUp(untold: readonly Untold[]): void;
  /** Goes on with the session that the page before left; false where there is none. */
  goOn(): Promise<boolean>;
  resume(config: SessionResumptionConfig | undefined): Promise<void>;
  diagnostics(): object;
}

/** Something that the keeper is told, and when it was, by the session's clock. */
export interface Untold {
  readonly at: number;
  readonly what: (keeper: Keeper) => void;
}
