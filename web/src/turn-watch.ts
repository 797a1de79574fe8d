/**
 * What a timeline tells of the model's turns: how long each was waited for, how it ended, what it used. Times by the
 * session's clock, in ms.
 * @module
 */
import {
  addTurn,
  type ClientMessage,
  NO_USAGE,
  type ServerMessage,
  type TurnDetail,
  turnUsage,
  type UsageMetadata,
  type UsageTotals,
} from '@livegate/protocol';
import { isAnswer, responsesIn } from './activity.ts';

/** A turn that is over, and when it was. */
export interface WatchedTurn {
  readonly at: number;
  readonly detail: TurnDetail;
}

/** What is known when a message comes. */
export interface Moment {
  readonly at: number;
  /** What the message's turn used, as far as it says. */
  readonly usage: UsageMetadata | undefined;
  /** When the user's speech ended; `undefined` where nothing said waits for an answer. */
  readonly spokenUntil: number | undefined;
}

interface Turn {
  readonly askedAt: number | undefined;
  readonly answerMs: number | undefined;
  readonly hasBegun: boolean;
  readonly isHeard: boolean;
  readonly interrupted: boolean;
  readonly usage: UsageTotals;
  /** `turnComplete` came; what it used may be told after that. */
  readonly overAt: number | undefined;
}

const NEW_TURN: Turn = {
  askedAt: undefined,
  answerMs: undefined,
  hasBegun: false,
  isHeard: false,
  interrupted: false,
  usage: NO_USAGE,
  overAt: undefined,
};

/** Watches the turns of one session. */
export class TurnWatch {
  /** When the app sent what is answered next; speech that it does not send as a turn is no such thing. */
  #sentAt: number | undefined;
  #turn: Turn = NEW_TURN;

  /** Takes a message of the app. */
  say(message: ClientMessage, at: number): void {
    if (asksForAnswer(message)) this.#sentAt = at;
  }

  /** Takes a message of the server. Answers the turns that are over by it, the older first. */
  hear(message: ServerMessage, { at, usage, spokenUntil }: Moment): readonly WatchedTurn[] {
    const told: WatchedTurn[] = [];
    const content = message.serverContent;
    if (isAnswer(message)) {
      // Some turns are never told to be complete.
      if (this.#turn.overAt !== undefined || this.#turn.interrupted) told.push(...this.end(at));
      if (!this.#turn.hasBegun) this.#begin(spokenUntil);
      if (!this.#turn.isHeard && canBePerceived(message)) this.#hear(at);
    }
    if (content?.interrupted && this.#turn.hasBegun) this.#turn = { ...this.#turn, interrupted: true };
    if (usage) this.#turn = { ...this.#turn, usage: addTurn(this.#turn.usage, usage) };
    if (content?.turnComplete) this.#turn = { ...this.#turn, overAt: at };
    const { overAt, hasBegun, usage: used } = this.#turn;
    // What it used comes with its end or after it: it is waited for.
    if (overAt !== undefined && (used.turns > 0 || !hasBegun)) told.push(...this.end(at));
    return told;
  }

  /** Whatever runs is over: answers it, unless there is nothing to tell of it. */
  end(at: number, { cut = false }: { readonly cut?: boolean } = {}): readonly WatchedTurn[] {
    const { hasBegun, answerMs, interrupted, usage, overAt } = this.#turn;
    this.#turn = NEW_TURN;
    const used = turnUsage(usage);
    if (!hasBegun && !used) return [];
    const detail: TurnDetail = {
      ...(answerMs === undefined ? {} : { answerMs }),
      ...(interrupted ? { interrupted } : {}),
      ...(cut && hasBegun && overAt === undefined ? { cut } : {}),
      ...(used ? { usage: used } : {}),
    };
    return [{ at: overAt ?? at, detail }];
  }

  #begin(spokenUntil: number | undefined): void {
    this.#turn = { ...this.#turn, hasBegun: true, askedAt: this.#sentAt ?? spokenUntil };
    this.#sentAt = undefined;
  }

  #hear(at: number): void {
    const { askedAt } = this.#turn;
    const answerMs = askedAt === undefined ? undefined : Math.max(0, Math.round(at - askedAt));
    this.#turn = { ...this.#turn, isHeard: true, answerMs };
  }
}

/** A turn that is sent as one: a text, content, or the end of what is held by hand. */
function asksForAnswer(message: ClientMessage): boolean {
  if ('clientContent' in message)
    return message.clientContent.turnComplete !== false && responsesIn(message).length === 0;
  if (!('realtimeInput' in message)) return false;
  const { text, activityEnd } = message.realtimeInput;
  return Boolean(text) || activityEnd !== undefined;
}

/** There is something to hear or to read in it. */
function canBePerceived({ serverContent }: ServerMessage): boolean {
  if (serverContent?.outputTranscription?.text) return true;
  const parts = serverContent?.modelTurn?.parts ?? [];
  return parts.some(
    ({ text, thought, inlineData }) => !thought && (Boolean(text) || inlineData !== undefined),
  );
}
