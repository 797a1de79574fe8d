/**
 * What a Live model is asked for and what a session yields, as firebase/ai types them.
 * @module
 */
import type { Content, FunctionCall, Part, Tool, ToolConfig } from './content-types.ts';
import type { ResponseModality } from './enums.ts';

/** Asks for transcripts; `{}` is enough. */
// biome-ignore lint/suspicious/noEmptyInterface: the mirrored type is empty, and pages extend it.
export interface AudioTranscriptionConfig {}

/** How many tokens are kept when the context is cut. */
export interface SlidingWindow {
  targetTokens?: number;
}

/** Cuts the context at its old end when it grows past `triggerTokens`. */
export interface ContextWindowCompressionConfig {
  triggerTokens?: number;
  slidingWindow?: SlidingWindow;
}

/** Which state to resume; `{}` asks for updates only. */
export interface SessionResumptionConfig {
  handle?: string;
}

/** A voice of the service, by name. */
export interface PrebuiltVoiceConfig {
  voiceName?: string;
}

/** A voice. */
export interface VoiceConfig {
  prebuiltVoiceConfig?: PrebuiltVoiceConfig;
}

/** A named speaker's voice. */
export interface SpeakerVoiceConfig {
  speaker: string;
  voiceConfig: VoiceConfig;
}

/** Several speakers. */
export interface MultiSpeakerVoiceConfig {
  speakerVoiceConfigs: SpeakerVoiceConfig[];
}

/** What all speech has. `languageCode` is BCP 47. */
export interface BaseSpeechConfig {
  languageCode?: string;
}

/** One speaker. */
export interface SingleSpeakerSpeechConfig extends BaseSpeechConfig {
  voiceConfig?: VoiceConfig;
  multiSpeakerVoiceConfig?: never;
}

/** Several speakers. */
export interface MultiSpeakerSpeechConfig extends BaseSpeechConfig {
  voiceConfig?: never;
  multiSpeakerVoiceConfig?: MultiSpeakerVoiceConfig;
}

/** How the model sounds. */
export type SpeechConfig = SingleSpeakerSpeechConfig | MultiSpeakerSpeechConfig;

/** How the model answers. */
export interface LiveGenerationConfig {
  speechConfig?: SpeechConfig;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  responseModalities?: ResponseModality[];
  inputAudioTranscription?: AudioTranscriptionConfig;
  outputAudioTranscription?: AudioTranscriptionConfig;
  contextWindowCompression?: ContextWindowCompressionConfig;
}

/** What `getLiveGenerativeModel` takes. */
export interface LiveModelParams {
  model: string;
  generationConfig?: LiveGenerationConfig;
  tools?: Tool[];
  toolConfig?: ToolConfig;
  systemInstruction?: string | Part | Content;
}

/** What was heard or said, in pieces. */
export interface Transcription {
  text?: string;
}

/** A piece of the model's turn. */
export interface LiveServerContent {
  type: 'serverContent';
  modelTurn?: Content;
  turnComplete?: boolean;
  interrupted?: boolean;
  inputTranscription?: Transcription;
  outputTranscription?: Transcription;
}

/** Functions to run. */
export interface LiveServerToolCall {
  type: 'toolCall';
  functionCalls: FunctionCall[];
}

/** Calls that must no longer be answered. */
export interface LiveServerToolCallCancellation {
  type: 'toolCallCancellation';
  functionIds: string[];
}

/** The connection ends in `timeLeft` seconds. */
export interface LiveServerGoingAwayNotice {
  type: 'goingAwayNotice';
  timeLeft: number;
}

/** Where the session could be resumed. The handle is a secret. */
export interface LiveSessionResumptionUpdate {
  type: 'sessionResumptionUpdate';
  newHandle?: string;
  resumable?: boolean;
  lastConsumedClientMessageIndex?: number;
}

/** What `LiveSession.receive()` yields. */
export type LiveServerMessage =
  | LiveServerContent
  | LiveServerToolCall
  | LiveServerToolCallCancellation
  | LiveServerGoingAwayNotice
  | LiveSessionResumptionUpdate;
