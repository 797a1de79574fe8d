/**
 * The model's side of one turn: asked, speaking, waiting for tools, waiting for its audio to play out.
 * @module
 */
import type { FunctionResponse, LiveSetup, ServerMessage, Transcription } from '@livegate/protocol';
import type { Answer, ToolRequest, UserTurn } from './answer.ts';
import type { AnswerPiece, TurnEnding } from './answer-pieces.ts';
import { AnswerStream } from './answer-stream.ts';
import type { Conversation } from './conversation.ts';
import { speechPlaceholder } from './echo-answer.ts';
import type { Fault } from './fault.ts';
import type { EmulatorSettings } from './options.ts';
import { OutputLimit, outputLimitOf } from './output-limit.ts';
import { pieceMessage } from './piece-messages.ts';
import type { ResponsesTaken, ToolCalls } from './tool-calls.ts';
import { type Transcripts, transcriptsOf } from './transcripts.ts';
import { Utterance } from './utterance.ts';
import { voicePitch } from './voice-pitch.ts';

/** What a turn needs of its session. */
export interface TurnSurroundings {
  /** In force when the user's part ended. */
  readonly setup: LiveSetup;
  readonly modality: 'AUDIO' | 'TEXT';
  readonly conversation: Conversation;
  readonly tools: ToolCalls;
  readonly settings: EmulatorSettings;
  /** Told of audio that a client starts to play at `startMs`; 24 kHz. */
  readonly onAudio?: (samples: Int16Array, startMs: number) => void;
}

/** A turn, or the part of it that is `IN_PROGRESS` told apart, is over. */
export interface Completion {
  readonly kind: 'complete';
  readonly how: 'whole' | 'in-part' | 'interrupted';
  readonly ending: TurnEnding;
}

/** What comes out of a turn. `ask`: the handler goes on with these responses. */
export type TurnOutput =
  | { readonly kind: 'send'; readonly message: ServerMessage }
  | { readonly kind: 'warn'; readonly text: string }
  | { readonly kind: 'ask'; readonly turn: UserTurn }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | Completion;

type Phase = 'asking' | 'speaking' | 'calling' | 'playing' | 'over';

/** One turn of the model. */
export class ModelTurn {
  readonly #turn: UserTurn;
  readonly #around: TurnSurroundings;
  readonly #stream: AnswerStream;
  readonly #transcripts: Transcripts;
  readonly #startMs: number;
  readonly #utterance = new Utterance();
  readonly #limit: OutputLimit;
  #phase: Phase = 'asking';
  #completeMs = 0;
  #isHeard = false;
  #ending: TurnEnding = {};
  /** To the blocking calls that it waits for. */
  #responses: FunctionResponse[] = [];

  /** A turn whose user part ended at `nowMs`. Its first `ask` is the caller's to make. */
  constructor(turn: UserTurn, around: TurnSurroundings, nowMs: number) {
    const { setup, settings, modality } = around;
    this.#turn = turn;
    this.#around = around;
    this.#transcripts = transcriptsOf(setup, settings);
    this.#limit = new OutputLimit(outputLimitOf(setup));
    this.#startMs = nowMs + settings.answerDelayMs;
    this.#stream = new AnswerStream(modality, settings, this.#startMs, voicePitch(setup));
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The setup that it follows: a later update is for later turns. */
  get setup(): LiveSetup {
    return this.#around.setup;
  }

  /** When {@link pump} has something to do; `undefined` while it waits for others. */
  get nextMs(): number | undefined {
    if (this.#phase === 'playing') return this.#completeMs;
    return this.#phase === 'speaking' ? (this.#stream.nextMs ?? this.#startMs) : undefined;
  }

  /** When a client has played all that was sent. */
  get playedOutMs(): number {
    return this.#stream.playedOutMs;
  }

  /** The handler's answer, first or later. */
  answered(answer: Answer, nowMs: number): readonly TurnOutput[] {
    const outputs = answer.some((step) => 'heard' in step) ? [] : this.#hearPlaceholder();
    this.#stream.append(answer, Math.max(nowMs, this.#startMs));
    this.#phase = 'speaking';
    return [...outputs, ...this.pump(nowMs)];
  }

  /** Responses that came for its blocking calls. */
  responded({ blocking, isComplete }: ResponsesTaken, nowMs: number): readonly TurnOutput[] {
    if (blocking.length > 0) this.#around.conversation.add({ role: 'user', functionResponses: blocking });
    this.#responses.push(...blocking);
    if (this.#phase !== 'calling' || !isComplete) return [];
    const functionResponses = this.#responses;
    this.#responses = [];
    if (!this.#stream.isEmpty) {
      this.#phase = 'speaking';
      this.#stream.resume(nowMs);
      return this.pump(nowMs);
    }
    this.#phase = 'asking';
    const { index } = this.#turn;
    return [{ kind: 'ask', turn: { index, cause: 'tool-response', functionResponses, videoFrames: 0 } }];
  }

  /** Sends what is due. */
  pump(nowMs: number): readonly TurnOutput[] {
    const outputs: TurnOutput[] = [];
    for (;;) {
      if (this.#phase === 'speaking') {
        const startMs = Math.max(this.#stream.playedOutMs, nowMs);
        const piece = this.#stream.take(nowMs);
        if (piece) outputs.push(...this.#say(piece, startMs, nowMs));
        else if (this.#stream.isEmpty && nowMs >= this.#startMs) outputs.push(this.#endGeneration(nowMs));
        else return outputs;
      } else if (this.#phase === 'playing' && nowMs >= this.#completeMs) outputs.push(this.#complete(nowMs));
      else return outputs;
    }
  }

  /** The user comes in: calls are cancelled, the rest is not said. */
  interrupt(): readonly TurnOutput[] {
    const { tools, settings } = this.#around;
    const outputs = this.#hearPlaceholder();
    const takesAll = settings.nonBlockingCancellation === 'with-their-turn';
    const ids = tools.cancel(takesAll ? this.#turn.index : undefined);
    if (ids.length > 0) outputs.push(send({ toolCallCancellation: { ids } }));
    this.layDown();
    const complete = { kind: 'complete', how: 'interrupted', ending: this.#takeEnding() } as const;
    return [...outputs, send({ serverContent: { interrupted: true } }), complete];
  }

  /** Puts what was said so far into the conversation: something else is to stand after it. */
  layDown(): void {
    const entry = this.#utterance.take();
    if (entry) this.#around.conversation.add(entry);
  }

  #say(asked: AnswerPiece, startMs: number, nowMs: number): readonly TurnOutput[] {
    const { piece, isCut } = this.#limit.admit(asked);
    const outputs = piece ? this.#utter(piece, startMs, nowMs) : [];
    if (isCut) {
      this.#stream.clear();
      const reason = this.#around.settings.outputLimitReason;
      if (reason !== 'none') this.#ending = { ...this.#ending, turnCompleteReason: reason };
    }
    return outputs;
  }

  #utter(piece: AnswerPiece, startMs: number, nowMs: number): readonly TurnOutput[] {
    this.#utterance.add(piece);
    switch (piece.kind) {
      case 'heard':
        return this.#hear(piece.words);
      case 'calls':
        return this.#call(piece.calls);
      case 'ending':
        this.#ending = { ...this.#ending, ...piece.ending };
        // The rest is to be a turn of its own.
        return piece.ending.interactionStatus === 'IN_PROGRESS' && !this.#stream.isEmpty
          ? [this.#endGeneration(nowMs)]
          : [];
      case 'fault':
        return [piece];
      default: {
        if (piece.kind === 'thought') this.#around.conversation.think(piece.text);
        if (piece.kind === 'audio') this.#around.onAudio?.(piece.samples, startMs);
        const { setup } = this.#around;
        const { message, warning } = pieceMessage(piece, { setup, transcripts: this.#transcripts });
        if (piece.kind === 'content' && piece.source && message)
          this.#around.conversation.lookUp(piece.content);
        return [...(warning === undefined ? [] : [warn(warning)]), ...(message ? [send(message)] : [])];
      }
    }
  }

  #endGeneration(nowMs: number): TurnOutput {
    const { turnCompleteDelay } = this.#around.settings;
    this.#phase = 'playing';
    this.#completeMs =
      turnCompleteDelay === 'playback'
        ? Math.max(nowMs, this.#stream.playedOutMs)
        : nowMs + turnCompleteDelay;
    return send({ serverContent: { generationComplete: true } });
  }

  #complete(nowMs: number): TurnOutput {
    const goesOn = !this.#stream.isEmpty;
    this.layDown();
    this.#phase = goesOn ? 'speaking' : 'over';
    this.#stream.resume(nowMs);
    return { kind: 'complete', how: goesOn ? 'in-part' : 'whole', ending: this.#takeEnding() };
  }

  #takeEnding(): TurnEnding {
    const ending = this.#ending;
    this.#ending = {};
    return ending;
  }

  #call(requests: readonly ToolRequest[]): readonly TurnOutput[] {
    const { tools, setup, conversation } = this.#around;
    const { calls, isBlocking, warnings } = tools.open(requests, setup, this.#turn.index);
    this.layDown();
    conversation.add({ role: 'model', functionCalls: calls });
    if (isBlocking) this.#phase = 'calling';
    return [...warnings.map(warn), send({ toolCall: { functionCalls: calls } })];
  }

  #hear(words: Transcription): readonly TurnOutput[] {
    this.#isHeard = true;
    this.#around.conversation.hear(words.text ?? '');
    return this.#transcripts.input ? [send({ serverContent: { inputTranscription: words } })] : [];
  }

  #hearPlaceholder(): TurnOutput[] {
    const { audio } = this.#turn;
    return audio && !this.#isHeard ? [...this.#hear({ text: speechPlaceholder(audio) })] : [];
  }
}

function send(message: ServerMessage): TurnOutput {
  return { kind: 'send', message };
}

function warn(text: string): TurnOutput {
  return { kind: 'warn', text };
}
