/**
 * What is said in a session, both ways, across its connections: who gets what came, what goes out, what goes on.
 * @module
 */
import {
  type ClientMessage,
  durationSeconds,
  type LiveSetup,
  type ServerMessage,
  type UsageMetadata,
} from '@livegate/protocol';
import {
  type Activity,
  afterClientMessage,
  afterMove,
  afterServerMessage,
  isAnswer,
  NO_ACTIVITY,
  orphanedTools,
} from './activity.ts';
import type { Clock } from './clock.ts';
import { cutTurn } from './cut-turn.ts';
import type { EventHub } from './event-hub.ts';
import { History, type Turn } from './history.ts';
import type { Quiet } from './lease-keeper.ts';
import type { LiveConnection } from './live-connection.ts';
import type { MessageFeed } from './message-feed.ts';
import { cancellation } from './message-yields.ts';
import type { Outbox } from './outbox.ts';
import type { LiveSessionEvents } from './session-events.ts';
import { ToolWatch } from './tool-watch.ts';
import { TurnWatch } from './turn-watch.ts';
import type { UsageBook } from './usage-book.ts';

/** Why a connection is left. */
export type LeftBy = 'lease' | 'goAway' | 'drop';

/** What a talk is opened with. */
export interface TalkOptions {
  readonly clock: Clock;
  readonly events: EventHub<LiveSessionEvents>;
  readonly feed: MessageFeed;
  readonly outbox: Outbox;
  /** Of the running connection. */
  readonly book: () => UsageBook | undefined;
  readonly onTurn: (turn: Turn) => void;
}

/** What goes on in the talk of one session. Holds what people said: never log it. */
export class Talk {
  readonly #options: TalkOptions;
  readonly #history: History;
  readonly #turns = new TurnWatch();
  readonly #tools = new ToolWatch();
  #activity: Activity = NO_ACTIVITY;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#history = new History({ onTurn: options.onTurn });
  }

  /** The last handle that could be resumed; a secret. */
  get handle(): string | undefined {
    return this.#activity.handle;
  }

  /** There are texts to start afresh from. */
  get hasHistory(): boolean {
    return this.#history.seed({}) !== undefined;
  }

  /** Takes a message of the app. */
  say(message: ClientMessage): void {
    const at = this.#options.clock.now();
    this.#activity = afterClientMessage(this.#activity, message);
    this.#history.say(message);
    this.#turns.say(message, at);
    const calls = this.#tools.say(message, at);
    const book = calls.length > 0 ? this.#options.book() : undefined;
    for (const call of calls) book?.note('tool-call', call);
  }

  /** Takes a message of the server, and what it says of usage. Answers how soon it goes away, in ms. */
  hear(message: ServerMessage, usage: UsageMetadata | undefined, book: UsageBook): number | undefined {
    const { clock, events, outbox } = this.#options;
    const at = clock.now();
    const { spokenUntil } = outbox;
    if (message.serverContent?.interrupted) book.note('interrupted', {});
    for (const turn of this.#turns.hear(message, { at, usage, spokenUntil })) book.turn(turn.detail, turn.at);
    for (const call of this.#tools.hear(message, at)) book.note('tool-call', call);
    for (const said of this.#history.hear(message)) events.emit('transcript', said);
    if (isAnswer(message)) outbox.answered();
    this.#activity = afterServerMessage(this.#activity, message);
    const update = message.sessionResumptionUpdate;
    if (update?.newHandle && update.resumable !== false) outbox.resumable();
    if (message.serverContent?.turnComplete) book.turnEnded();
    if (!message.goAway) return undefined;
    const timeLeftMs = durationSeconds(message.goAway.timeLeft) * 1_000;
    book.note('go-away', { timeLeftMs });
    events.emit('goAway', { timeLeftMs });
    return timeLeftMs;
  }

  /** What goes on, as far as leases care. */
  look(): Quiet {
    const until = this.#options.outbox.unansweredUntil(this.#options.clock.now());
    const { modelTurn, tools, stale } = this.#activity;
    const quiet = !modelTurn && tools.size === 0 && until === undefined;
    return { quiet, settled: quiet && !stale, resumable: this.handle !== undefined, until };
  }

  /** Goes on in the state behind `handle`, or in a new one. */
  begin(handle: string | undefined): void {
    this.#activity = { ...NO_ACTIVITY, handle };
  }

  /** The connection is closed and another will follow: says so to whom that cuts off. */
  leave(by: LeftBy, book: UsageBook): void {
    const { modelTurn, tools } = this.#activity;
    this.#endTurn(book);
    if (modelTurn || tools.size > 0) {
      book.note('cut', { by });
      this.#options.events.emit('cut', { by });
    }
    if (modelTurn) this.#options.feed.push(cutTurn(by), 0);
  }

  /** The session is over: nobody waits for anything any more. */
  over(book: UsageBook): void {
    this.#endTurn(book);
    for (const call of this.#tools.cancelAll(this.#options.clock.now())) book.note('tool-call', call);
  }

  /**
   * Goes on with the connection that follows: cancels what its state does not know, tells it what it must know, sends
   * again what may be lost, then what was held. Answers whether the state was restored.
   */
  takeOver(
    connection: LiveConnection,
    from: {
      readonly by: LeftBy;
      readonly resumed: boolean;
      readonly setup: Partial<LiveSetup>;
      /** Of the connection that follows. */
      readonly book: UsageBook;
    },
  ): boolean {
    const { by, resumed, setup, book } = from;
    const orphans = orphanedTools(this.#activity, resumed);
    for (const call of this.#tools.cancel(orphans, this.#options.clock.now())) book.note('tool-call', call);
    if (orphans.length > 0) this.#options.feed.push(cancellation(orphans), 0);
    const seed = resumed ? undefined : this.#history.seed(setup);
    // A talk of which no word was written down has a state to lose all the same.
    const stateRestored = resumed || (seed === undefined && this.handle === undefined);
    this.#activity = afterMove(this.#activity, resumed ? this.#activity.handle : undefined);
    const awaited = this.#activity.knownTools;
    const after = by === 'drop' ? 'drop' : 'swap';
    const again = this.#options.outbox.goOn(connection, { after, seed, orphans, awaited });
    this.#options.events.emit('resumed', { stateRestored, resentMs: Math.round(again.ms) });
    return stateRestored;
  }

  #endTurn(book: UsageBook): void {
    const at = this.#options.clock.now();
    const { modelTurn: cut } = this.#activity;
    for (const turn of this.#turns.end(at, { cut })) book.turn(turn.detail, turn.at);
  }
}
