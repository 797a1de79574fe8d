/**
 * Shapes that both directions of the Live wire use. Typed messages are canonical: camelCase keys, standard
 * padded base64 in `data`, int64 as a JavaScript number, Durations as `"1.5s"`.
 * Source: the public GenerativeService proto and the declarations of @google/genai 3.1.0, read 2026-11-21.
 * @module
 */

/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object whose keys are the application's own: never renamed by the codec. */
export type JsonObject = { readonly [key: string]: Json };

/** A protobuf Duration on the JSON wire: seconds with an `s`, such as `"9.5s"`. */
export type DurationText = string;

/** Bytes with their type. `data` is standard padded base64. */
export interface Blob {
  readonly mimeType: string;
  readonly data: string;
  readonly displayName?: string;
}

/** A function the model asks the application to run. `id` is unique within a session. */
export interface FunctionCall {
  readonly id?: string;
  readonly name: string;
  readonly args?: JsonObject;
  /** Vertex AI only: arguments streamed in pieces, and whether more of this call follows. */
  readonly partialArgs?: readonly JsonObject[];
  readonly willContinue?: boolean;
}

/** When the answer of a non-blocking function enters the conversation; the service's default is `WHEN_IDLE`. */
export type FunctionResponseScheduling = 'SILENT' | 'WHEN_IDLE' | 'INTERRUPT';

/** The application's answer to a {@link FunctionCall} with the same `id`. */
export interface FunctionResponse {
  readonly id?: string;
  readonly name: string;
  readonly response?: JsonObject;
  readonly parts?: readonly JsonObject[];
  readonly scheduling?: FunctionResponseScheduling;
  readonly willContinue?: boolean;
}

/** One piece of a {@link Content}. Exactly one of the payload fields is set by a well-behaved sender. */
export interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly inlineData?: Blob;
  readonly fileData?: JsonObject;
  readonly functionCall?: FunctionCall;
  readonly functionResponse?: FunctionResponse;
  readonly executableCode?: JsonObject;
  readonly codeExecutionResult?: JsonObject;
  readonly videoMetadata?: JsonObject;
  /** A tool that the service itself runs, and what came of it. */
  readonly toolCall?: JsonObject;
  readonly toolResponse?: JsonObject;
  readonly audioTranscription?: Transcription;
  readonly mediaResolution?: JsonObject;
  readonly partMetadata?: JsonObject;
}

/** One entry of the conversation. */
export interface Content {
  readonly role?: string;
  readonly parts?: readonly Part[];
}

/** One word of a {@link Transcription}, with its place in the audio. */
export interface TranscribedWord {
  readonly word?: string;
  readonly startOffset?: DurationText;
  readonly endOffset?: DurationText;
}

/** What was heard or said, as text. `finished` is usually absent in practice. Offsets are from the audio's start. */
export interface Transcription {
  readonly text?: string;
  readonly finished?: boolean;
  readonly languageCode?: string;
  /** Who spoke, such as `spk_1`, where speakers are told apart. */
  readonly speakerLabel?: string;
  readonly words?: readonly TranscribedWord[];
  readonly startOffset?: DurationText;
  readonly endOffset?: DurationText;
}

/** The kinds of token the service counts apart. */
export const MODALITIES = ['TEXT', 'AUDIO', 'IMAGE', 'VIDEO', 'DOCUMENT'] as const;
/** One of {@link MODALITIES}. */
export type Modality = (typeof MODALITIES)[number];

/** Tokens of one modality. The details of a count need not add up to the count: the service leaves some out. */
export interface ModalityTokenCount {
  readonly modality?: string;
  readonly tokenCount?: number;
}

/**
 * What one turn cost. Every turn is billed for the whole context again, so a session's usage is the sum of all
 * of these, never the last. Thoughts are not part of `totalTokenCount` on current models.
 */
export interface UsageMetadata {
  readonly promptTokenCount?: number;
  readonly cachedContentTokenCount?: number;
  readonly responseTokenCount?: number;
  readonly toolUsePromptTokenCount?: number;
  readonly thoughtsTokenCount?: number;
  readonly totalTokenCount?: number;
  readonly promptTokensDetails?: readonly ModalityTokenCount[];
  readonly cacheTokensDetails?: readonly ModalityTokenCount[];
  readonly responseTokensDetails?: readonly ModalityTokenCount[];
  readonly toolUsePromptTokensDetails?: readonly ModalityTokenCount[];
  readonly serviceTier?: string;
  readonly trafficType?: string;
}
