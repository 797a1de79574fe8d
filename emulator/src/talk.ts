/**
 * A session after its setup: the user's input on one side, the model's turns on the other, one conversation between.
 * @module
 */
import { type ClientMessage, type ClientPayloads, type LiveSetup, liveModel } from '@livegate/protocol';
import type { FrameJudge } from './activity-detector.ts';
import type { ActivitySettings } from './activity-settings.ts';
import type { Answer } from './answer.ts';
import { refusesDuringCall } from './audio-during-call.ts';
import { type ClosingCondition, closingFrame } from './closings.ts';
import { windowRules } from './compression-policy.ts';
import { updateContext } from './context-update.ts';
import { Conversation, type ReadContent, readContent } from './conversation.ts';
import type { EchoGuard } from './echo-guard.ts';
import type { Backend } from './endpoints.ts';
import { judgeFunctions } from './function-behavior.ts';
import type { SessionState } from './live-emulator.ts';
import type { EmulatorSettings } from './options.ts';
import type { ResumableState } from './resumption-store.ts';
import type { SessionEffect } from './session-effects.ts';
import type { SetupLock } from './setup-lock.ts';
import type { AcceptedSetup } from './setup-rules.ts';
import { ToolCalls } from './tool-calls.ts';
import { turnOfContents, turnOfDraft } from './turn-queue.ts';
import { TurnTaking } from './turn-taking.ts';
import { type InputEvent, UserInput } from './user-input.ts';
import { voiceSignals } from './voice-signals.ts';

/** What a talk needs. */
export interface TalkSurroundings {
  readonly sessionId: string;
  readonly backend: Backend;
  readonly accepted: AcceptedSetup;
  /** What the caller's token decides. */
  readonly lock: SetupLock;
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

/** One talk, from setup to close. */
export class Talk {
  readonly #around: TalkSurroundings;
  readonly #conversation: Conversation;
  readonly #input: UserInput;
  readonly #tools: ToolCalls;
  readonly #turns: TurnTaking;
  #setup: LiveSetup;
  /** Content that came without `turnComplete`. */
  #pending: ReadContent[] = [];
  #isSeeding: boolean;
  #compressions = 0;
  /** Number of the last message of the client that no speech under way may have begun in. */
  #consumedIndex = 0;

  constructor(around: TalkSurroundings, nowMs: number) {
    const { accepted, activity, backend, judge, resumed, settings, sessionId, keepAudio: keep } = around;
    this.#around = around;
    this.#setup = accepted.setup;
    this.#conversation = new Conversation(settings, resumed?.history);
    this.#input = new UserInput(activity, judge, { keep, takesEveryChunk: backend === 'vertex-ai' });
    this.#tools = new ToolCalls(sessionId, settings);
    if (resumed) this.#tools.restore(resumed.history, accepted.setup, resumed.turnCount - 1);
    this.#turns = this.#takeTurns(resumed?.turnCount ?? 0);
    this.#isSeeding = !resumed && accepted.setup.historyConfig?.initialHistoryInClientContent === true;
    this.#offerHandle(nowMs);
    if (!this.#isSeeding) this.#turns.askForGreeting(this.#setup, nowMs);
  }

  get setup(): LiveSetup {
    return this.#setup;
  }

  get state(): SessionState {
    const { phase } = this.#turns;
    if (phase) return phase === 'calling' ? 'calling' : 'answering';
    return this.#input.isActive ? 'hearing' : 'listening';
  }

  /** Figures for the view. */
  get figures() {
    const { audioSeconds, videoFrames } = this.#input.received;
    return {
      ...this.#turns.figures,
      contextTokens: this.#conversation.tokens(this.#setup),
      compressions: this.#compressions,
      audioSeconds,
      videoFrames,
    } as const;
  }

  /** True once video came. */
  get hasVideo(): boolean {
    return this.#input.hasVideo;
  }

  /** When {@link pump} has something to do. */
  get nextMs(): number | undefined {
    return this.#turns.nextMs;
  }

  /** Sends what is due. */
  pump(nowMs: number): void {
    this.#turns.pump(nowMs);
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
    else if ('realtimeInput' in message) this.#takeInput(message.realtimeInput, nowMs);
    else if ('toolResponse' in message) this.#takeResponses(message.toolResponse, nowMs);
    else this.#updateContext(message.contextUpdate);
  }

  /** The handler's answer to an `ask`; one that is no longer wanted is dropped. */
  answer(ask: number, answer: Answer, nowMs: number): void {
    this.#turns.answer(ask, answer, nowMs);
  }

  /** True while an answer to that `ask` is wanted. */
  isAsking(ask: number): boolean {
    return this.#turns.isAsking(ask);
  }

  #takeTurns(turnCount: number): TurnTaking {
    const { sessionId, accepted, settings, guard, resumed, newHandle, emit } = this.#around;
    return new TurnTaking(
      {
        sessionId,
        modality: accepted.modality,
        settings,
        conversation: this.#conversation,
        tools: this.#tools,
        guard,
        emit,
        resumedFrom: resumed?.sessionId,
        isUserActive: () => this.#input.isActive,
        onBegin: (setup) => {
          this.#fitWindow(setup);
          const message = { sessionResumptionUpdate: { newHandle: '', resumable: false } };
          if (newHandle) emit({ kind: 'send', message });
        },
        onIdle: (nowMs) => {
          if (this.#pending.length === 0) this.#conversation.seal();
          this.#offerHandle(nowMs);
        },
      },
      turnCount,
    );
  }

  #takeInput(input: ClientPayloads['realtimeInput'], nowMs: number): void {
    const isRefused = refusesDuringCall(input, this.#setup, this.#around.settings);
    if (isRefused && this.#turns.phase === 'calling') this.#refuse('audio-during-call');
    else for (const event of this.#input.take(input, nowMs)) this.#onInput(event, nowMs);
  }

  #onInput(event: InputEvent, nowMs: number): void {
    switch (event.kind) {
      case 'voice':
        if (this.#setup.explicitVadSignal) this.#tellActivity(event);
        break;
      case 'started':
        if (this.#around.activity.interrupts) this.#turns.interrupt(nowMs);
        break;
      case 'turn':
        this.#pending = [];
        this.#turns.take(turnOfDraft(event.turn, this.#setup), nowMs);
        break;
      case 'refused':
        this.#refuse(event.condition);
        break;
      case 'ignored':
        this.#warn(event.warning);
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
      this.#turns.interrupt(nowMs);
      this.#append(contents.filter((each) => typeof each !== 'string'));
      if (turnComplete === true) this.#completeContent(nowMs);
      else this.#offerHandle(nowMs);
      this.#turns.goOn(nowMs);
    }
  }

  #append(contents: readonly ReadContent[]): void {
    this.#conversation.addAll(contents.map(({ entry }) => entry));
    // Not spread into a call: engines bound the number of arguments.
    this.#pending = this.#pending.concat(contents);
  }

  #completeContent(nowMs: number): void {
    const pending = this.#pending;
    this.#pending = [];
    if (this.#isSeeding) {
      this.#isSeeding = false;
      this.#conversation.seal();
      this.#offerHandle(nowMs);
      this.#turns.askForGreeting(this.#setup, nowMs);
    } else this.#turns.take(turnOfContents(pending, this.#setup), nowMs);
  }

  #takeResponses({ functionResponses = [] }: ClientPayloads['toolResponse'], nowMs: number): void {
    const responses = this.#tools.take(functionResponses);
    for (const text of responses.warnings) this.#warn(text);
    if (responses.refused === 'invalid-field')
      this.#refuse('invalid-field', "Invalid value at 'toolResponse.functionResponses.scheduling'.");
    else if (responses.refused) this.#refuse(responses.refused);
    else this.#turns.respond(responses, this.#setup, nowMs);
  }

  #updateContext(update: ClientPayloads['contextUpdate']): void {
    const { lock, settings } = this.#around;
    const { lockCoversContextUpdate } = settings;
    const { setup, warnings } = updateContext(this.#setup, update, { lock, lockCoversContextUpdate });
    const verdict = judgeFunctions(setup, settings);
    if ('problem' in verdict) this.#refuse('invalid-field', `contextUpdate.${verdict.problem}`);
    else {
      for (const text of [...warnings, ...verdict.warnings]) this.#warn(text);
      this.#setup = setup;
      this.#conversation.forgetSeen();
    }
  }

  /** Compresses the context where it has grown too long; ends the session where that does not help. */
  #fitWindow(setup: LiveSetup): void {
    const { contextWindowTokens: chosen, overLimitCloseCode: code } = this.#around.settings;
    const modelsTokens = liveModel(setup.model)?.window.input ?? Number.POSITIVE_INFINITY;
    const outcome = this.#conversation.fit(
      windowRules(setup, chosen === 'model' ? modelsTokens : chosen),
      setup,
    );
    if (outcome === 'cut') this.#compressions++;
    if (outcome === 'over')
      this.#around.emit({
        kind: 'close',
        condition: 'context-limit',
        ...closingFrame('context-limit'),
        code,
      });
  }

  /** A state can be resumed between turns only: an utterance under way would be lost with it. */
  #offerHandle(nowMs: number): void {
    const { newHandle, emit } = this.#around;
    if (!newHandle || this.#turns.phase || this.#input.isActive) return;
    const state = { history: this.#conversation.entries, turnCount: this.#turns.turnCount };
    const update = {
      newHandle: newHandle(state, nowMs),
      resumable: true,
      ...(this.#setup.sessionResumption?.transparent && {
        lastConsumedClientMessageIndex: this.#consumedIndex,
      }),
    };
    emit({ kind: 'send', message: { sessionResumptionUpdate: update } });
  }

  #warn(text: string): void {
    this.#around.emit({ kind: 'warn', text });
  }

  #refuse(condition: ClosingCondition, detail = ''): void {
    this.#around.emit({ kind: 'close', condition, ...closingFrame(condition, { detail }) });
  }
}
