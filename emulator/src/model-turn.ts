/**
 * The model's side of one turn: asked, speaking, waiting for tools, waiting for its audio to play out.
 * @module
 */
import {
  OUTPUT_AUDIO_MIME_TYPE,
  OUTPUT_SAMPLE_RATE_HZ,
  type Part,
  type ServerMessage,
} from '@livegate/protocol';
import type { Answer, ToolRequest, UserTurn } from './answer.ts';
import { type AnswerPiece, AnswerStream } from './answer-stream.ts';
import type { Conversation } from './conversation.ts';
import { speechPlaceholder } from './echo-answer.ts';
import type { Fault } from './fault.ts';
import type { EmulatorSettings } from './options.ts';
import { samplesToBase64 } from './pcm.ts';
import type { ResponsesTaken, ToolCalls } from './tool-calls.ts';

/** What a turn needs of its session. */
export interface TurnSurroundings {
  readonly modality: 'AUDIO' | 'TEXT';
  readonly transcribesInput: boolean;
  readonly transcribesOutput: boolean;
  readonly conversation: Conversation;
  readonly tools: ToolCalls;
  readonly settings: Pick<
    EmulatorSettings,
    'chunkMs' | 'burstMs' | 'paceFactor' | 'turnCompleteDelay' | 'answerDelayMs'
  >;
  /** Told of audio that a client starts to play at `startMs`; 24 kHz. */
  readonly onAudio?: (samples: Int16Array, startMs: number) => void;
}

/** What comes out of a turn. `ask`: the handler goes on with these responses. `complete`: it is over. */
export type TurnOutput =
  | { readonly kind: 'send'; readonly message: ServerMessage }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'ask'; readonly turn: UserTurn }
  | { readonly kind: 'complete' };

type Phase = 'asking' | 'speaking' | 'calling' | 'playing';

/** One turn of the model. */
export class ModelTurn {
  readonly #turn: UserTurn;
  readonly #around: TurnSurroundings;
  readonly #stream: AnswerStream;
  readonly #startMs: number;
  #phase: Phase = 'asking';
  #completeMs = 0;
  #isHeard = false;
  /** Said since the last entry was made. */
  #said = { text: '', transcript: '', samples: 0 };

  /** A turn whose user part ended at `nowMs`. Its first `ask` is the caller's to make. */
  constructor(turn: UserTurn, around: TurnSurroundings, nowMs: number) {
    this.#turn = turn;
    this.#around = around;
    this.#startMs = nowMs + around.settings.answerDelayMs;
    this.#stream = new AnswerStream(around.modality, around.settings, this.#startMs);
  }

  get phase(): Phase {
    return this.#phase;
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

  /** Responses that came for its calls. */
  responded({ taken, isComplete }: ResponsesTaken, nowMs: number): readonly TurnOutput[] {
    if (taken.length > 0) this.#around.conversation.add({ role: 'user', functionResponses: taken });
    if (this.#phase !== 'calling' || !isComplete) return [];
    if (!this.#stream.isEmpty) {
      this.#phase = 'speaking';
      this.#stream.resume(nowMs);
      return this.pump(nowMs);
    }
    this.#phase = 'asking';
    const { index } = this.#turn;
    return [
      { kind: 'ask', turn: { index, cause: 'tool-response', functionResponses: taken, videoFrames: 0 } },
    ];
  }

  /** Everything that is due at `nowMs`. */
  pump(nowMs: number): readonly TurnOutput[] {
    const outputs: TurnOutput[] = [];
    while (this.#phase === 'speaking') {
      const startMs = Math.max(this.#stream.playedOutMs, nowMs);
      const piece = this.#stream.take(nowMs);
      if (piece) {
        outputs.push(...this.#say(piece));
        if (piece.kind === 'audio') this.#around.onAudio?.(piece.samples, startMs);
      } else if (this.#stream.isEmpty && nowMs >= this.#startMs) {
        outputs.push(send({ serverContent: { generationComplete: true } }));
        this.#phase = 'playing';
        const { turnCompleteDelay } = this.#around.settings;
        this.#completeMs =
          turnCompleteDelay === 'playback'
            ? Math.max(nowMs, this.#stream.playedOutMs)
            : nowMs + turnCompleteDelay;
      } else break;
    }
    if (this.#phase === 'playing' && nowMs >= this.#completeMs) {
      this.#record();
      outputs.push({ kind: 'complete' });
    }
    return outputs;
  }

  /** The user comes in: calls are cancelled, the rest is not said. */
  interrupt(): readonly TurnOutput[] {
    const outputs = this.#hearPlaceholder();
    const ids = this.#around.tools.cancel();
    if (ids.length > 0) outputs.push(send({ toolCallCancellation: { ids } }));
    this.#record();
    return [...outputs, send({ serverContent: { interrupted: true } }), { kind: 'complete' }];
  }

  #say(piece: AnswerPiece): readonly TurnOutput[] {
    switch (piece.kind) {
      case 'audio':
        this.#said.samples += piece.samples.length;
        return [
          said({ inlineData: { mimeType: OUTPUT_AUDIO_MIME_TYPE, data: samplesToBase64(piece.samples) } }),
        ];
      case 'text':
        this.#said.text += piece.text;
        return [said({ text: piece.text })];
      case 'transcript':
        this.#said.transcript += piece.text;
        if (!this.#around.transcribesOutput) return [];
        return [send({ serverContent: { outputTranscription: { text: piece.text } } })];
      case 'heard':
        return this.#hear(piece.text);
      case 'calls':
        return this.#call(piece.calls);
      case 'fault':
        return [piece];
    }
  }

  #call(requests: readonly ToolRequest[]): readonly TurnOutput[] {
    const functionCalls = this.#around.tools.open(requests);
    this.#record();
    this.#around.conversation.add({ role: 'model', functionCalls });
    this.#phase = 'calling';
    return [send({ toolCall: { functionCalls } })];
  }

  #hear(text: string): readonly TurnOutput[] {
    this.#isHeard = true;
    this.#around.conversation.hear(text);
    if (!this.#around.transcribesInput) return [];
    return [send({ serverContent: { inputTranscription: { text } } })];
  }

  #hearPlaceholder(): TurnOutput[] {
    const { audio } = this.#turn;
    return audio && !this.#isHeard ? [...this.#hear(speechPlaceholder(audio))] : [];
  }

  /** Makes an entry of what was said since the last one. */
  #record(): void {
    const { text, transcript, samples } = this.#said;
    this.#said = { text: '', transcript: '', samples: 0 };
    if (text === '' && transcript === '' && samples === 0) return;
    this.#around.conversation.add({
      role: 'model',
      ...(text !== '' && { text }),
      ...(transcript !== '' && { transcript }),
      ...(samples > 0 && { audioSeconds: samples / OUTPUT_SAMPLE_RATE_HZ }),
    });
  }
}

function send(message: ServerMessage): TurnOutput {
  return { kind: 'send', message };
}

function said(part: Part): TurnOutput {
  return send({ serverContent: { modelTurn: { role: 'model', parts: [part] } } });
}
