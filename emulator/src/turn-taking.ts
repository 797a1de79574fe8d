/**
 * Whose turn it is: one turn of the model at a time, those that wait for it, and what interrupts it.
 * @module
 */
import {
  addTurn,
  type FunctionResponse,
  type LiveSetup,
  NO_USAGE,
  type UsageMetadata,
  type UsageTotals,
} from '@livegate/protocol';
import type { Answer, AnswerContext, HistoryEntry, InteractionStatus, UserTurn } from './answer.ts';
import type { Conversation } from './conversation.ts';
import type { EchoGuard } from './echo-guard.ts';
import { type Completion, ModelTurn, type TurnOutput } from './model-turn.ts';
import type { EmulatorSettings } from './options.ts';
import type { SessionEffect } from './session-effects.ts';
import type { ResponsesTaken, ToolCalls } from './tool-calls.ts';
import { type QueuedTurn, TurnQueue, turnOfResponses } from './turn-queue.ts';

/** What the turns of one talk share. */
export interface TurnTakingSurroundings {
  readonly sessionId: string;
  readonly modality: 'AUDIO' | 'TEXT';
  readonly settings: EmulatorSettings;
  readonly conversation: Conversation;
  readonly tools: ToolCalls;
  readonly guard: EchoGuard | undefined;
  /** The connection whose handle this one resumed. */
  readonly resumedFrom: string | undefined;
  readonly emit: (effect: SessionEffect) => void;
  /** True while the user speaks, as far as is known. */
  readonly isUserActive: () => boolean;
  /** Told before a turn begins, under which setup, and when none is under way any more. */
  readonly onBegin: (setup: LiveSetup) => void;
  readonly onIdle: (nowMs: number) => void;
}

/** What was counted. */
export interface TurnFigures {
  readonly turns: number;
  readonly interruptions: number;
  readonly usage: UsageTotals;
}

/** The turns of one talk. */
export class TurnTaking {
  readonly #around: TurnTakingSurroundings;
  readonly #queue = new TurnQueue();
  #turn: ModelTurn | undefined;
  #ask = 0;
  #turnCount: number;
  /** Until when a client still plays what a completed turn sent. */
  #playedOutMs = 0;
  #usage = NO_USAGE;
  #turns = 0;
  #interruptions = 0;
  /** Asked for when the session began, and not answered yet. */
  #greeting: { readonly ask: number; readonly turn: UserTurn; readonly setup: LiveSetup } | undefined;

  /** `turnCount`: turns of the user before this connection. */
  constructor(around: TurnTakingSurroundings, turnCount: number) {
    this.#around = around;
    this.#turnCount = turnCount;
  }

  /** Where the turn under way stands; `undefined` where none is. */
  get phase(): ModelTurn['phase'] | undefined {
    return this.#turn?.phase;
  }

  get figures(): TurnFigures {
    return { turns: this.#turns, interruptions: this.#interruptions, usage: this.#usage };
  }

  /** Turns of the user so far, those of earlier connections included. */
  get turnCount(): number {
    return this.#turnCount;
  }

  /** When {@link pump} has something to do. */
  get nextMs(): number | undefined {
    return this.#turn?.nextMs;
  }

  /** Sends what is due. */
  pump(nowMs: number): void {
    if (this.#turn) this.#put(this.#turn.pump(nowMs), nowMs);
  }

  /** The handler's answer to an `ask`; one that is no longer wanted is dropped. */
  answer(ask: number, answer: Answer, nowMs: number): void {
    if (ask === this.#greeting?.ask) this.#greet(this.#greeting, answer, nowMs);
    else if (this.isAsking(ask) && this.#turn) this.#put(this.#turn.answered(answer, nowMs), nowMs);
  }

  /** True while an answer to that `ask` is wanted. */
  isAsking(ask: number): boolean {
    return ask === this.#greeting?.ask || (ask === this.#ask && this.#turn?.phase === 'asking');
  }

  /** A handler may speak first, if it is to be asked at all. */
  askForGreeting(setup: LiveSetup, nowMs: number): void {
    if (!this.#around.settings.askAtStart) return;
    const turn: UserTurn = { index: this.#turnCount, cause: 'session-start', videoFrames: 0 };
    this.#greeting = { ask: this.#ask + 1, turn, setup };
    this.#askFor(turn, setup, nowMs);
  }

  /** A turn of the user: answered now, or after those before it. */
  take(queued: QueuedTurn, nowMs: number): void {
    this.#queue.add(queued);
    this.goOn(nowMs);
  }

  /** Begins what waits, where no turn is under way. */
  goOn(nowMs: number): void {
    const next = this.#turn ? undefined : this.#queue.next(this.#isIdle());
    if (next) this.#begin(next, nowMs);
  }

  /** Responses to function calls. Those that nothing waited for are heard silently, once idle, or right now. */
  respond(responses: ResponsesTaken, setup: LiveSetup, nowMs: number): void {
    const { turnIndex } = responses;
    const { SILENT, WHEN_IDLE, INTERRUPT } = responses.scheduled;
    if (this.#turn) this.#put(this.#turn.responded(responses, nowMs), nowMs);
    if (SILENT.length > 0) this.#note(SILENT, nowMs);
    if (WHEN_IDLE.length > 0) this.#queue.hold(WHEN_IDLE, turnIndex, setup);
    if (INTERRUPT.length > 0) {
      this.#queue.addFirst(turnOfResponses(INTERRUPT, turnIndex, setup));
      this.interrupt(nowMs);
    }
    this.goOn(nowMs);
  }

  /** Stops what the model says, or what of it a client still plays. What waits begins at the next {@link goOn}. */
  interrupt(nowMs: number): void {
    const isPlaying = this.#turn === undefined && nowMs < this.#playedOutMs;
    if (!this.#turn && !isPlaying) return;
    this.#interruptions++;
    this.#around.guard?.stopped(nowMs);
    const interrupted = this.#turn;
    if (interrupted) this.#put(interrupted.interrupt(), nowMs);
    else this.#around.emit({ kind: 'send', message: { serverContent: { interrupted: true } } });
    this.#playedOutMs = 0;
  }

  #note(functionResponses: readonly FunctionResponse[], nowMs: number): void {
    const { conversation, onIdle } = this.#around;
    this.#turn?.layDown();
    conversation.add({ role: 'user', functionResponses });
    if (!this.#turn) onIdle(nowMs);
  }

  #isIdle(): boolean {
    return this.#turn === undefined && !this.#around.isUserActive();
  }

  #begin({ turn, index, entry, setup }: QueuedTurn, nowMs: number): void {
    const user: UserTurn = { ...turn, index: index ?? this.#turnCount++ };
    this.#open(user, setup, nowMs, entry);
    this.#askFor(user, setup, nowMs);
  }

  /** Nothing to say is no turn; and a greeting that the user came before is not said. */
  #greet({ turn, setup }: { turn: UserTurn; setup: LiveSetup }, answer: Answer, nowMs: number): void {
    this.#greeting = undefined;
    if (answer.length === 0 || !this.#isIdle() || turn.index !== this.#turnCount) return;
    this.#put(this.#open(turn, setup, nowMs).answered(answer, nowMs), nowMs);
  }

  #open(user: UserTurn, setup: LiveSetup, nowMs: number, entry?: HistoryEntry): ModelTurn {
    const { modality, conversation, tools, settings, guard, onBegin } = this.#around;
    conversation.beginTurn(entry);
    onBegin(setup);
    const played = guard && ((samples: Int16Array, startMs: number) => guard.played(samples, startMs));
    const around = { setup, modality, conversation, tools, settings, ...(played && { onAudio: played }) };
    this.#turn = new ModelTurn(user, around, nowMs);
    return this.#turn;
  }

  #askFor(turn: UserTurn, setup: LiveSetup, nowMs: number): void {
    const { sessionId, modality, conversation, resumedFrom, emit } = this.#around;
    const isContinued = turn.cause === 'tool-response';
    const context: AnswerContext = {
      sessionId,
      setup,
      modality,
      history: isContinued ? conversation.entries : conversation.beforeTurn,
      nowMs,
      ...(resumedFrom !== undefined && { resumedFrom }),
    };
    emit({ kind: 'ask', ask: ++this.#ask, turn, context });
  }

  #put(outputs: readonly TurnOutput[], nowMs: number): void {
    const turn = this.#turn;
    for (const output of outputs) {
      if (output.kind === 'ask' && turn) this.#askFor(output.turn, turn.setup, nowMs);
      else if (output.kind === 'complete' && turn) this.#complete(turn, output, nowMs);
      else if (output.kind !== 'ask' && output.kind !== 'complete') this.#around.emit(output);
    }
  }

  #complete(turn: ModelTurn, { ending, how }: Completion, nowMs: number): void {
    const { conversation, emit, onIdle } = this.#around;
    const usageMetadata: UsageMetadata = { ...conversation.endTurn(turn.setup), ...ending.usage };
    this.#usage = addTurn(this.#usage, usageMetadata);
    this.#turns++;
    this.#playedOutMs = turn.playedOutMs;
    if (how !== 'in-part') this.#turn = undefined;
    const isFollowed = how === 'in-part' || this.#queue.hasNext(this.#isIdle());
    const { turnCompleteReason, interactionStatus = this.#usualStatus(isFollowed) } = ending;
    const serverContent = {
      turnComplete: true,
      ...(turnCompleteReason !== undefined && { turnCompleteReason }),
      ...(interactionStatus && { interactionStatus }),
    };
    emit({ kind: 'send', message: { serverContent, usageMetadata } });
    if (!isFollowed) onIdle(nowMs);
    else if (how === 'whole') this.goOn(nowMs);
  }

  #usualStatus(isFollowed: boolean): InteractionStatus | undefined {
    if (this.#around.settings.interactionStatus === 'when-told') return undefined;
    return isFollowed ? 'IN_PROGRESS' : 'IDLE';
  }
}
