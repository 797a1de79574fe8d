/**
 * What a server may send: payload by wire key. `usageMetadata` may ride on any of them or stand alone.
 * @module
 */
import type {
  Content,
  DurationText,
  FunctionCall,
  Json,
  JsonObject,
  Transcription,
  UsageMetadata,
} from './content.ts';

/** The key of a server message and what stands under it. */
export interface ServerPayloads {
  /** First message of every session. */
  setupComplete: { readonly sessionId?: string; readonly voiceConsentSignature?: JsonObject };
  /**
   * A piece of the model's turn. Order: `modelTurn`s, `generationComplete`, `turnComplete`; after a barge-in
   * `interrupted`, `turnComplete` without `generationComplete`.
   */
  serverContent: {
    readonly modelTurn?: Content;
    readonly generationComplete?: boolean;
    readonly turnComplete?: boolean;
    readonly interrupted?: boolean;
    readonly waitingForInput?: boolean;
    readonly turnCompleteReason?: string;
    readonly interactionStatus?: string;
    readonly inputTranscription?: Transcription;
    readonly interimInputTranscription?: Transcription;
    readonly outputTranscription?: Transcription;
    readonly groundingMetadata?: JsonObject;
    readonly urlContextMetadata?: JsonObject;
    /** Deprecated by the service; its form is not published. */
    readonly speechState?: Json;
  };
  /** Functions the application is to run. */
  toolCall: { readonly functionCalls?: readonly FunctionCall[] };
  /** Calls that must no longer be answered. */
  toolCallCancellation: { readonly ids?: readonly string[] };
  /** The connection ends in `timeLeft`. */
  goAway: { readonly timeLeft?: DurationText };
  /** The newest handle; empty and `resumable: false` while the model generates or tools run. A secret. */
  sessionResumptionUpdate: {
    readonly newHandle?: string;
    readonly resumable?: boolean;
    readonly lastConsumedClientMessageIndex?: number;
  };
  /** Where the detector heard speech begin or end. */
  voiceActivity: { readonly type?: string; readonly audioOffset?: DurationText };
  /** The older, allow-listed form of `voiceActivity`. */
  voiceActivityDetectionSignal: { readonly vadSignalType?: string };
}

/** The wire key of a server message. */
export type ServerKind = keyof ServerPayloads;

/** One server message: at most one kind (some servers put two on one frame), with or without usage. */
export type ServerMessage = { readonly [K in ServerKind]?: ServerPayloads[K] } & {
  readonly usageMetadata?: UsageMetadata;
};
