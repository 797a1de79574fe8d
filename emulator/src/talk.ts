/**
 * A session after its setup: the user's input on one side, the model's turns on the other, one conversation between.
 * @module
 */
import {
  addTurn,
  type ClientMessage,
  type ClientPayloads,
  type LiveSetup,
  liveModel,
  NO_USAGE,
} from '@livegate/protocol';
import type { FrameJudge } from './activity-detector.ts';
import type { ActivitySettings } from './activity-settings.ts';
import type { Answer, AnswerContext, HistoryEntry, UserTurn } from './answer.ts';
import { type ClosingCondition, closingFrame } from './closings.ts';
import { windowRules } from './compression-policy.ts';
import { Conversation, type ReadContent, readContent } from './conversation.ts';
import type { EchoGuard } from './echo-guard.ts';
import type { Backend } from './endpoints.ts';
import type { SessionState } from './live-emulator.ts';
import { ModelTurn, type TurnOutput, type TurnSurroundings } from './model-turn.ts';
import type { EmulatorSettings } from './options.ts';
import { joinSamples } from './pcm.ts';
import type { ResumableState } from './resumption-store.ts';
import type { SessionEffect } from './session-effects.ts';
import type { AcceptedSetup } from './setup-rules.ts';
import { ToolCalls } from './tool-calls.ts';
import { type InputEvent, type TurnDraft, UserInput } from './user-input.ts';
import { voiceSignals } from './voice-signals.ts';

/** What a talk needs. */
export interface TalkSurroundings {
  readonly sessionId: string;
  readonly backend: Backend;
  readonly accepted: AcceptedSetup;
  readonly settings: EmulatorSettings;
  readonly activity: ActivitySettings;
  readonly judge: FrameJudge;
  readonly guard: EchoGuard | undefined;
  /** Where the conversation goes on from. */
  readonly resumed: ResumableState | undefined;
  /** Makes a handle for a state; absent where the client asked for none. */
  readonly newHandle:
    | ((state: Pick<ResumableState, 'history' | 'turnCount'>, nowMs: number) => string)
    | undefined;
  readonly keepAudio: ((samples: Int16Array) => void) | undefined;
  readonly emit: (effect: SessionEffect) => void;
}

interface QueuedTurn {
  readonly turn: Omit<UserTurn, 'index'>;
  /** What the user's part adds to the conversation; absent where it stands there already. */
  readonly entry?: HistoryEntry;
}

/** One talk, from setup to close. */
export class Talk {
  readonly #around: TalkSurroundings;
  readonly #conversation: Conversation;
  readonly #input: UserInput;
  readonly #tools: ToolCalls;
  #setup: LiveSetup;
  #turn: ModelTurn | undefined;
  #ask = 0;
  #turnCount: number;
  /** Turns that wait for the one under way, where activity does not interrupt. */
  #queue: QueuedTurn[] = [];
  /** Content that came without `turnComplete`. */
  #pending: ReadContent[] = [];
  #isSeeding: boolean;
  /** Asked for when the session began, and not answered yet. */
  #greeting: { readonly ask: number; readonly turn: UserTurn } | undefined;
  /** Until when a client still plays what a completed turn sent. */
  #playedOutMs = 0;
  #usage = NO_USAGE;
  #turns = 0;
  #interruptions = 0;
  #compressions = 0;
  /** Number of the last message of the client that no speech under way may have begun in. */
  #consumedIndex = 0;

  constructor(around: TalkSurroundings, nowMs: number) {
    const { accepted, activity, backend, judge, resumed, settings, sessionId, keepAudio: keep } = around;
    this.#around = around;
    this.#setup = accepted.setup;
    this.#conversation = new Conversation(settings, resumed?.history);
    this.#turnCount = resumed?.turnCount ?? 0;
    this.#input = new UserInput(activity, judge, { keep, takesEveryChunk: backend === 'vertex-ai' });
    this.#tools = new ToolCalls(sessionId);
    this.#isSeeding = !resumed && accepted.setup.historyConfig?.initialHistoryInClientContent === true;
    this.#offerHandle(nowMs);
    if (!this.#isSeeding) this.#askForGreeting(nowMs);
  }

  get setup(): LiveSetup {
    return this.#setup;
  }

  get state(): SessionState {
    if (this.#turn) return this.#turn.phase === 'calling' ? 'calling' : 'answering';
    return this.#input.isActive ? 'hearing' : 'listening';
  }

  /** Figures for the view. */
  get figures() {
    const { audioSeconds, videoFrames } = this.#input.received;
    return {
      turns: this.#turns,
      interruptions: this.#interruptions,
      usage: this.#usage,
      contextTokens: this.#conversation.tokens(this.#setup),
      compressions: this.#compressions,
      audioSeconds,
      videoFrames,
    } as const;
  }

  /** True once video came. */
  get hasVideo(): boolean {
    return this.#input.received.videoFrames > 0;
  }

  /** When {@link pump} has something to do. */
  get nextMs(): number | undefined {
    return this.#turn?.nextMs;
  }

  /** Sends what is due. */
  pump(nowMs: number): void {
    if (this.#turn) this.#put(this.#turn.pump(nowMs), nowMs);
  }

  /** Takes the client's message number `index`; `setup`, number 0, is not among them. */
  take(message: Exclude<ClientMessage, { readonly setup: unknown }>, nowMs: number, index: number): void {
    // A handle that follows from a message holds it; what follows later holds it unless speech may have begun in it.
    const before = this.#consumedIndex;
    this.#consumedIndex = index;
    this.#obey(message, nowMs);
    if (this.#input.isActive || this.#input.isWondering) this.#consumedIndex = before;
  }

  #obey(message: Exclude<ClientMessage, { readonly setup: unknown }>, nowMs: number): void {
    if ('clientContent' in message) this.#takeContent(message.clientContent, nowMs);
    else if ('realtimeInput' in message) {
      for (const event of this.#input.take(message.realtimeInput, nowMs)) this.#onInput(event, nowMs);
    } else if ('toolResponse' in message) this.#takeResponses(message.toolResponse, nowMs);
    else this.#updateContext(message.contextUpdate);
  }

  /** The handler's answer to an `ask`; one that is no longer wanted is dropped. */
  answer(ask: number, answer: Answer, nowMs: number): void {
    if (ask === this.#greeting?.ask) this.#greet(this.#greeting.turn, answer, nowMs);
    else if (this.isAsking(ask) && this.#turn) this.#put(this.#turn.answered(answer, nowMs), nowMs);
  }

  /** True while an answer to that `ask` is wanted. */
  isAsking(ask: number): boolean {
    return ask === this.#greeting?.ask || (ask === this.#ask && this.#turn?.phase === 'asking');
  }

  #onInput(event: InputEvent, nowMs: number): void {
    switch (event.kind) {
      case 'voice':
        if (this.#setup.explicitVadSignal) this.#tellActivity(event);
        break;
      case 'started':
        if (this.#around.activity.interrupts) this.#interrupt(nowMs);
        break;
      case 'turn':
        this.#pending = [];
        this.#queueTurn(fromDraft(event.turn), nowMs);
        break;
      case 'refused':
        this.#refuse(event.condition);
        break;
      case 'ignored':
        this.#around.emit({ kind: 'warn', text: event.warning });
        break;
    }
  }

  #tellActivity({ edge, atSeconds }: Extract<InputEvent, { readonly kind: 'voice' }>): void {
    for (const message of voiceSignals(edge, atSeconds, this.#around.settings.vadSignals))
      this.#around.emit({ kind: 'send', message });
  }

  #takeContent({ turns = [], turnComplete }: ClientPayloads['clientContent'], nowMs: number): void {
    const contents = turns.map(readContent);
    const refused = contents.find((each) => typeof each === 'string');
    if (refused !== undefined) this.#refuse(refused);
    else {
      this.#interrupt(nowMs);
      this.#append(contents.filter((each) => typeof each !== 'string'));
      if (turnComplete === true) this.#completeContent(nowMs);
      else this.#offerHandle(nowMs);
    }
  }

  #append(contents: readonly ReadContent[]): void {
    for (const content of contents) this.#conversation.add(content.entry);
    this.#pending.push(...contents);
  }

  #completeContent(nowMs: number): void {
    const pending = this.#pending;
    this.#pending = [];
    if (this.#isSeeding) {
      this.#isSeeding = false;
      this.#conversation.seal();
      this.#offerHandle(nowMs);
      this.#askForGreeting(nowMs);
    } else this.#queueTurn({ turn: fromContents(pending) }, nowMs);
  }

  #takeResponses({ functionResponses = [] }: ClientPayloads['toolResponse'], nowMs: number): void {
    const responses = this.#tools.take(functionResponses);
    for (const text of responses.warnings) this.#around.emit({ kind: 'warn', text });
    if (responses.unknownId !== undefined) this.#refuse('unknown-function-call');
    else if (this.#turn) this.#put(this.#turn.responded(responses, nowMs), nowMs);
  }

  #updateContext({ systemInstruction, tools }: ClientPayloads['contextUpdate']): void {
    this.#setup = {
      ...this.#setup,
      ...(systemInstruction && { systemInstruction }),
      ...(tools && { tools: tools.tools ?? [] }),
    };
    this.#conversation.forgetSeen();
  }

  #queueTurn(queued: QueuedTurn, nowMs: number): void {
    if (this.#turn) this.#queue.push(queued);
    else this.#begin(queued, nowMs);
  }

  #begin({ turn, entry }: QueuedTurn, nowMs: number): void {
    const user: UserTurn = { ...turn, index: this.#turnCount++ };
    this.#open(user, nowMs, entry);
    this.#askFor(user, nowMs);
  }

  /** A handler may speak first, if it is to be asked at all. */
  #askForGreeting(nowMs: number): void {
    if (!this.#around.settings.askAtStart) return;
    const turn: UserTurn = { index: this.#turnCount, cause: 'session-start', videoFrames: 0 };
    this.#greeting = { ask: this.#ask + 1, turn };
    this.#askFor(turn, nowMs);
  }

  /** Nothing to say is no turn; and a greeting that the user came before is not said. */
  #greet(turn: UserTurn, answer: Answer, nowMs: number): void {
    this.#greeting = undefined;
    if (answer.length === 0 || this.#turn || this.#input.isActive || turn.index !== this.#turnCount) return;
    this.#put(this.#open(turn, nowMs).answered(answer, nowMs), nowMs);
  }

  #open(user: UserTurn, nowMs: number, entry?: HistoryEntry): ModelTurn {
    this.#conversation.beginTurn(entry);
    this.#fitWindow();
    if (this.#around.newHandle)
      this.#around.emit({
        kind: 'send',
        message: { sessionResumptionUpdate: { newHandle: '', resumable: false } },
      });
    this.#turn = new ModelTurn(user, this.#turnSurroundings(), nowMs);
    return this.#turn;
  }

  /** Compresses the context where it has grown too long; ends the session where that does not help. */
  #fitWindow(): void {
    const { contextWindowTokens: chosen } = this.#around.settings;
    const modelsTokens = liveModel(this.#setup.model)?.window.input ?? Number.POSITIVE_INFINITY;
    const rules = windowRules(this.#setup, chosen === 'model' ? modelsTokens : chosen);
    const outcome = this.#conversation.fit(rules, this.#setup);
    if (outcome === 'cut') this.#compressions++;
    if (outcome === 'over')
      this.#around.emit({
        kind: 'close',
        condition: 'context-limit',
        ...closingFrame('context-limit'),
        code: this.#around.settings.overLimitCloseCode,
      });
  }

  #turnSurroundings(): TurnSurroundings {
    const { accepted, settings, guard } = this.#around;
    return {
      modality: accepted.modality,
      transcribesInput: this.#setup.inputAudioTranscription !== undefined,
      transcribesOutput: this.#setup.outputAudioTranscription !== undefined,
      conversation: this.#conversation,
      tools: this.#tools,
      settings,
      ...(guard && { onAudio: (samples, startMs) => guard.played(samples, startMs) }),
    };
  }

  #askFor(turn: UserTurn, nowMs: number): void {
    const { sessionId, accepted, resumed, emit } = this.#around;
    const isContinued = turn.cause === 'tool-response';
    const context: AnswerContext = {
      sessionId,
      setup: this.#setup,
      modality: accepted.modality,
      history: isContinued ? this.#conversation.entries : this.#conversation.beforeTurn,
      nowMs,
      ...(resumed && { resumedFrom: resumed.sessionId }),
    };
    emit({ kind: 'ask', ask: ++this.#ask, turn, context });
  }

  #put(outputs: readonly TurnOutput[], nowMs: number): void {
    for (const output of outputs) {
      if (output.kind === 'send' || output.kind === 'fault') this.#around.emit(output);
      else if (output.kind === 'ask') this.#askFor(output.turn, nowMs);
      else this.#complete(nowMs);
    }
  }

  #complete(nowMs: number): void {
    const usageMetadata = this.#conversation.endTurn(this.#setup);
    this.#usage = addTurn(this.#usage, usageMetadata);
    this.#playedOutMs = this.#turn?.playedOutMs ?? 0;
    this.#turn = undefined;
    this.#turns++;
    this.#around.emit({ kind: 'send', message: { serverContent: { turnComplete: true }, usageMetadata } });
    const next = this.#queue.shift();
    if (next) this.#begin(next, nowMs);
    else this.#offerHandle(nowMs);
  }

  #interrupt(nowMs: number): void {
    const isPlaying = this.#turn === undefined && nowMs < this.#playedOutMs;
    if (!this.#turn && !isPlaying) return;
    this.#interruptions++;
    this.#around.guard?.stopped(nowMs);
    if (this.#turn) this.#put(this.#turn.interrupt(), nowMs);
    else this.#around.emit({ kind: 'send', message: { serverContent: { interrupted: true } } });
    this.#playedOutMs = 0;
  }

  /** A state can be resumed between turns only: an utterance under way would be lost with it. */
  #offerHandle(nowMs: number): void {
    const { newHandle, emit } = this.#around;
    if (!newHandle || this.#turn || this.#input.isActive) return;
    const handle = newHandle({ history: this.#conversation.entries, turnCount: this.#turnCount }, nowMs);
    const index = this.#setup.sessionResumption?.transparent && {
      lastConsumedClientMessageIndex: this.#consumedIndex,
    };
    emit({
      kind: 'send',
      message: { sessionResumptionUpdate: { newHandle: handle, resumable: true, ...index } },
    });
  }

  #refuse(condition: ClosingCondition): void {
    this.#around.emit({ kind: 'close', condition, ...closingFrame(condition) });
  }
}

function fromDraft({ audioSeconds, ...turn }: TurnDraft): QueuedTurn {
  const { text, videoFrames } = turn;
  return {
    turn,
    entry: {
      role: 'user',
      ...(text !== undefined && { text }),
      ...(audioSeconds > 0 && { audioSeconds }),
      ...(videoFrames > 0 && { videoFrames }),
    },
  };
}

function fromContents(contents: readonly ReadContent[]): Omit<UserTurn, 'index'> {
  const users = contents.filter(({ entry }) => entry.role === 'user');
  const text = users.flatMap(({ entry }) => entry.text ?? []).join('\n');
  const functionResponses = users.flatMap(({ entry }) => entry.functionResponses ?? []);
  const audio = users.flatMap((each) => each.audio ?? []);
  return {
    cause: 'client-content',
    videoFrames: 0,
    ...(text !== '' && { text }),
    ...(functionResponses.length > 0 && { functionResponses }),
    ...(audio.length > 0 && { audio: joinSamples(audio) }),
  };
}
