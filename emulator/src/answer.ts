/**
 * What an answer is made from and made of: the seam between the emulator and whoever decides what to say.
 * @module
 */
import type {
  FunctionCall,
  FunctionResponse,
  JsonObject,
  LiveSetup,
  Part,
  ServerMessage,
  Transcription,
  UsageMetadata,
} from '@livegate/protocol';
import type { Fault } from './fault.ts';

/** Mono PCM at a rate of its own. */
export interface PcmAudio {
  readonly samples: Int16Array;
  readonly rateHz: number;
}

/** What ended the user's turn. `session-start`: nothing did, the model may speak first (option `askAtStart`). */
export type TurnCause =
  | 'speech'
  | 'activity-mark'
  | 'realtime-text'
  | 'client-content'
  | 'tool-response'
  | 'session-start';

/** One turn of the user, whole. */
export interface UserTurn {
  /** 0 for the first turn of a conversation; goes on through a resumption. A `session-start` has its successor's. */
  readonly index: number;
  readonly cause: TurnCause;
  /** What was said, 16 kHz mono, pauses between words included, silence around it not. */
  readonly audio?: Int16Array;
  readonly text?: string;
  /** Answers to function calls, where the turn is one. */
  readonly functionResponses?: readonly FunctionResponse[];
  /** Video frames that came with the turn. */
  readonly videoFrames: number;
}

/** One entry of the conversation so far. */
export interface HistoryEntry {
  readonly role: 'user' | 'model';
  readonly text?: string;
  readonly audioSeconds?: number;
  /** The words of the audio, where anybody said them. */
  readonly transcript?: string;
  readonly functionCalls?: readonly FunctionCall[];
  readonly functionResponses?: readonly FunctionResponse[];
  readonly videoFrames?: number;
  readonly images?: number;
}

/** The conversation around a turn. */
export interface AnswerContext {
  readonly sessionId: string;
  /** The setup in force: what the token locked and the client added, with later context updates. */
  readonly setup: LiveSetup;
  readonly modality: 'AUDIO' | 'TEXT';
  /** Everything before this turn, oldest first; restored by a resumption. */
  readonly history: readonly HistoryEntry[];
  readonly nowMs: number;
  /** The connection whose handle this one resumed. */
  readonly resumedFrom?: string;
}

/** A function the answer wants run. `id` is made up when left out. */
export interface ToolRequest {
  readonly name: string;
  readonly args?: JsonObject;
  readonly id?: string;
}

/** Where an answer has its facts from, as `serverContent.groundingMetadata` carries it. */
export type Grounding = {
  readonly webSearchQueries?: readonly string[];
  readonly groundingChunks?: readonly JsonObject[];
  readonly groundingSupports?: readonly JsonObject[];
  readonly searchEntryPoint?: JsonObject;
  readonly retrievalMetadata?: JsonObject;
};

/** Whether more of the model is to be expected. `IN_PROGRESS`: yes; python-genai goes on reading after it. */
export type InteractionStatus = 'IN_PROGRESS' | 'REQUIRES_ACTION' | 'IDLE';

/** Words with what is known about them, or the words alone. */
export type Words = string | Transcription;

/**
 * One step of an answer; steps go out in order.
 * - `audio`: spoken, resampled to 24 kHz and streamed ahead of real time. Left out where the session answers in text.
 * - `text`: in a TEXT session a piece of text; in an AUDIO session tones, one for each word, with the text as transcript.
 * - `say`: spoken by a synthesiser where the optional package for it is installed, else as `text`.
 * - `transcript`: the words of the audio around it, sent where output transcription is on; in a TEXT session, text.
 * - `heard`: what the user said, for input transcription. Without it the transcript says only how long it was.
 * - `interim`: what the user was first taken to say, sent where input transcription is on.
 * - `toolCall`: functions to run. While a blocking one runs the steps after it wait; where none are left the handler
 *   is asked again with the responses. A non-blocking one lets the answer go on; `docs/answers.md` says what becomes
 *   of its response.
 * - `thought`: counted as thoughts, and shown where the setup asks for thoughts.
 * - `grounding`, `urlContext`: sent where a tool in force can have found it; else left out with a warning.
 * - `part`: a part of the model's turn as the wire has it: an image, code and its result, a thought's signature.
 * - `status`, `turnCompleteReason`, `usage`: ride on this turn's `turnComplete`. Steps after `IN_PROGRESS` go out as a
 *   turn of their own, once this one is complete.
 * - `waitingForInput`: the model expects the user to go on.
 * - `message`: any message, as it is. Nothing else follows from it: a `turnComplete` in it completes no turn here.
 * - `delayMs`: nothing for so long.
 * - `fault`: something goes wrong here, once what stands before it has gone.
 */
export type AnswerStep =
  | { readonly audio: PcmAudio }
  | { readonly text: string }
  | { readonly say: string }
  | { readonly transcript: Words }
  | { readonly heard: Words }
  | { readonly interim: Words }
  | { readonly toolCall: ToolRequest | readonly ToolRequest[] }
  | { readonly thought: string }
  | { readonly grounding: Grounding }
  | { readonly urlContext: JsonObject }
  | { readonly part: Part }
  | { readonly status: InteractionStatus }
  | { readonly turnCompleteReason: string }
  | { readonly usage: Partial<UsageMetadata> }
  | { readonly waitingForInput: boolean }
  | { readonly message: ServerMessage }
  | { readonly delayMs: number }
  | { readonly fault: Fault };

/** What the model does with a turn. Empty: it stays silent, as a proactive model may, and the turn completes at once. */
export type Answer = readonly AnswerStep[];

/**
 * Decides the answer to a turn. A rejection or a throw closes the session like an internal error of the
 * service (1011) and is logged; it never reaches another session.
 */
export type AnswerHandler = (turn: UserTurn, context: AnswerContext) => Answer | Promise<Answer>;
