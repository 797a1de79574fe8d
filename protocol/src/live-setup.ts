/**
 * The first message of a session: what the model is to be. Field by field as the Live API documents it.
 * @module
 */
import type { Content, JsonObject } from './content.ts';

/** What the model answers in. Exactly one per session; models of today answer `AUDIO` only. */
export type ResponseModality = 'TEXT' | 'AUDIO' | 'IMAGE';

/** The voice, and optionally the language (BCP 47), that the model speaks with. */
export interface SpeechConfig {
  readonly voiceConfig?: {
    readonly prebuiltVoiceConfig?: { readonly voiceName?: string };
    readonly replicatedVoiceConfig?: JsonObject;
    readonly voice?: string;
  };
  readonly languageCode?: string;
  readonly multiSpeakerVoiceConfig?: JsonObject;
}

/** How much the model may think: a budget in tokens on 2.5, a level on 3.1, absent on 3.8. */
export interface ThinkingConfig {
  readonly includeThoughts?: boolean;
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: string;
}

/** The part of the setup that shapes an answer. Token counts are integers. */
export interface GenerationConfig {
  readonly responseModalities?: readonly string[];
  readonly speechConfig?: SpeechConfig;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxOutputTokens?: number;
  readonly candidateCount?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly mediaResolution?: string;
  readonly thinkingConfig?: ThinkingConfig;
  readonly enableAffectiveDialog?: boolean;
  readonly translationConfig?: JsonObject;
}

/** How the server finds where speech begins and ends. Times in ms. */
export interface AutomaticActivityDetection {
  readonly disabled?: boolean;
  readonly startOfSpeechSensitivity?: string;
  readonly endOfSpeechSensitivity?: string;
  readonly prefixPaddingMs?: number;
  readonly silenceDurationMs?: number;
}

/** How the server treats what comes in while it listens or answers. */
export interface RealtimeInputConfig {
  readonly automaticActivityDetection?: AutomaticActivityDetection;
  readonly activityHandling?: string;
  readonly turnCoverage?: string;
  readonly interimTranscriptTimestampEnabled?: boolean;
}

/** A function the model may call. Schemas pass through untouched. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: JsonObject;
  readonly parametersJsonSchema?: JsonObject;
  readonly response?: JsonObject;
  readonly responseJsonSchema?: JsonObject;
  readonly behavior?: string;
}

/** A set of functions, or one built-in tool. */
export interface Tool {
  readonly functionDeclarations?: readonly FunctionDeclaration[];
  readonly googleSearch?: JsonObject;
  readonly googleSearchRetrieval?: JsonObject;
  readonly codeExecution?: JsonObject;
  readonly urlContext?: JsonObject;
  readonly googleMaps?: JsonObject;
  readonly computerUse?: JsonObject;
  readonly fileSearch?: JsonObject;
  readonly mcpServers?: readonly JsonObject[];
}

/** Asks for transcripts; `{}` is enough. */
export interface AudioTranscriptionConfig {
  readonly languageCodes?: readonly string[];
  readonly customVocabulary?: readonly string[];
  readonly wordTimestamp?: boolean;
  readonly diarization?: boolean;
  readonly mode?: string;
  readonly sourceText?: string;
  readonly languageAuto?: JsonObject;
  readonly languageHints?: JsonObject;
  readonly adaptationPhrases?: readonly string[];
}

/** Whole setup message. `model` is `models/…` on the Developer API, a resource name on Vertex AI. */
export interface LiveSetup {
  readonly model: string;
  readonly generationConfig?: GenerationConfig;
  readonly systemInstruction?: Content;
  readonly tools?: readonly Tool[];
  readonly toolConfig?: JsonObject;
  readonly realtimeInputConfig?: RealtimeInputConfig;
  readonly sessionResumption?: { readonly handle?: string; readonly transparent?: boolean };
  readonly contextWindowCompression?: {
    readonly triggerTokens?: number;
    readonly slidingWindow?: { readonly targetTokens?: number };
  };
  readonly inputAudioTranscription?: AudioTranscriptionConfig;
  readonly outputAudioTranscription?: AudioTranscriptionConfig;
  readonly proactivity?: { readonly proactiveAudio?: boolean; readonly proactiveVideo?: boolean };
  readonly historyConfig?: { readonly initialHistoryInClientContent?: boolean };
  readonly explicitVadSignal?: boolean;
  readonly avatarConfig?: JsonObject;
  readonly safetySettings?: readonly JsonObject[];
  readonly labels?: JsonObject;
}
