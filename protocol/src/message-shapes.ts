/**
 * A shape for every message and field of the wire. Held complete by the compiler: see {@link Fields}.
 * @module
 */
import type { ClientPayloads } from './client-messages.ts';
import type {
  Blob,
  Content,
  FunctionCall,
  FunctionResponse,
  ModalityTokenCount,
  Part,
  Transcription,
  UsageMetadata,
} from './content.ts';
import type {
  AudioTranscriptionConfig,
  AutomaticActivityDetection,
  FunctionDeclaration,
  GenerationConfig,
  LiveSetup,
  RealtimeInputConfig,
  SpeechConfig,
  ThinkingConfig,
  Tool,
} from './live-setup.ts';
import type { ServerPayloads } from './server-messages.ts';
import {
  bytes,
  duration,
  flag,
  integer,
  list,
  mark,
  number,
  object,
  type Shape,
  struct,
  text,
} from './shape.ts';

type Named<T> = { readonly [K in keyof T]-?: Shape<T[K]> };
type Given<T, K extends keyof T> = NonNullable<T[K]>;

const blob = object<Blob>({ mimeType: text, data: bytes, displayName: text }, 'mimeType', 'data');
const functionCall = object<FunctionCall>({ id: text, name: text, args: struct }, 'name');
const functionResponse = object<FunctionResponse>(
  {
    id: text,
    name: text,
    response: struct,
    parts: list(struct),
    scheduling: text as Shape<NonNullable<FunctionResponse['scheduling']>>,
    willContinue: flag,
  },
  'name',
);
const part = object<Part>({
  text,
  thought: flag,
  thoughtSignature: bytes,
  inlineData: blob,
  fileData: struct,
  functionCall,
  functionResponse,
  executableCode: struct,
  codeExecutionResult: struct,
  videoMetadata: struct,
});
const contentObject = object<Content>({ role: text, parts: list(part) });
/** The instruction may also come as plain text: a documented example shows it so. */
const instruction: Shape<Content> = (value, path, unknownFields) =>
  typeof value === 'string' ? { parts: [{ text: value }] } : contentObject(value, path, unknownFields);

const speechConfig = object<SpeechConfig>({
  voiceConfig: object<Given<SpeechConfig, 'voiceConfig'>>({
    prebuiltVoiceConfig: object<{ readonly voiceName?: string }>({ voiceName: text }),
    replicatedVoiceConfig: struct,
    voice: text,
  }),
  languageCode: text,
  multiSpeakerVoiceConfig: struct,
});
const generationConfig = object<GenerationConfig>({
  responseModalities: list(text),
  speechConfig,
  temperature: number,
  topP: number,
  topK: number,
  maxOutputTokens: integer,
  candidateCount: integer,
  presencePenalty: number,
  frequencyPenalty: number,
  seed: integer,
  mediaResolution: text,
  thinkingConfig: object<ThinkingConfig>({
    includeThoughts: flag,
    thinkingBudget: integer,
    thinkingLevel: text,
  }),
  enableAffectiveDialog: flag,
  translationConfig: struct,
});
const realtimeInputConfig = object<RealtimeInputConfig>({
  automaticActivityDetection: object<AutomaticActivityDetection>({
    disabled: flag,
    startOfSpeechSensitivity: text,
    endOfSpeechSensitivity: text,
    prefixPaddingMs: integer,
    silenceDurationMs: integer,
  }),
  activityHandling: text,
  turnCoverage: text,
  interimTranscriptTimestampEnabled: flag,
});
const functionDeclaration = object<FunctionDeclaration>(
  {
    name: text,
    description: text,
    parameters: struct,
    parametersJsonSchema: struct,
    response: struct,
    responseJsonSchema: struct,
    behavior: text,
  },
  'name',
);
const tool = object<Tool>({
  functionDeclarations: list(functionDeclaration),
  googleSearch: struct,
  googleSearchRetrieval: struct,
  codeExecution: struct,
  urlContext: struct,
  googleMaps: struct,
  computerUse: struct,
  fileSearch: struct,
  mcpServers: list(struct),
});
const audioTranscription = object<AudioTranscriptionConfig>({
  languageCodes: list(text),
  customVocabulary: list(text),
  wordTimestamp: flag,
  diarization: flag,
  mode: text,
  sourceText: text,
  languageAuto: struct,
  languageHints: struct,
  adaptationPhrases: list(text),
});
/** The fields of a setup; `setup-fields.ts` names the paths of the same. */
export const setupFields = {
  model: text,
  generationConfig,
  systemInstruction: instruction,
  tools: list(tool),
  toolConfig: struct,
  realtimeInputConfig,
  sessionResumption: object<Given<LiveSetup, 'sessionResumption'>>({ handle: text, transparent: flag }),
  contextWindowCompression: object<Given<LiveSetup, 'contextWindowCompression'>>({
    triggerTokens: integer,
    slidingWindow: object<{ readonly targetTokens?: number }>({ targetTokens: integer }),
  }),
  inputAudioTranscription: audioTranscription,
  outputAudioTranscription: audioTranscription,
  proactivity: object<Given<LiveSetup, 'proactivity'>>({ proactiveAudio: flag, proactiveVideo: flag }),
  historyConfig: object<Given<LiveSetup, 'historyConfig'>>({ initialHistoryInClientContent: flag }),
  explicitVadSignal: flag,
  avatarConfig: struct,
  safetySettings: list(struct),
  labels: struct,
} satisfies Named<Required<LiveSetup>>;

/** A setup that names its model. */
export const setupShape = object<LiveSetup>(setupFields, 'model');
/** A setup in which everything is optional: what a page wishes for, or the open part of a locked one. */
export const partialSetupShape = object<Partial<LiveSetup>>(setupFields);

/** What each client message holds. */
export const clientShapes = {
  setup: setupShape,
  clientContent: object<ClientPayloads['clientContent']>({ turns: list(contentObject), turnComplete: flag }),
  realtimeInput: object<ClientPayloads['realtimeInput']>({
    audio: blob,
    video: blob,
    text,
    audioStreamEnd: flag,
    activityStart: mark,
    activityEnd: mark,
    mediaChunks: list(blob),
  }),
  toolResponse: object<ClientPayloads['toolResponse']>({ functionResponses: list(functionResponse) }),
  contextUpdate: object<ClientPayloads['contextUpdate']>({
    systemInstruction: instruction,
    tools: object<{ readonly tools?: readonly Tool[] }>({ tools: list(tool) }),
  }),
} satisfies Named<ClientPayloads>;

const transcription = object<Transcription>({ text, finished: flag, languageCode: text });

/** What each server message holds. */
export const serverShapes = {
  setupComplete: object<ServerPayloads['setupComplete']>({ sessionId: text, voiceConsentSignature: struct }),
  serverContent: object<ServerPayloads['serverContent']>({
    modelTurn: contentObject,
    generationComplete: flag,
    turnComplete: flag,
    interrupted: flag,
    waitingForInput: flag,
    turnCompleteReason: text,
    interactionStatus: text,
    inputTranscription: transcription,
    interimInputTranscription: transcription,
    outputTranscription: transcription,
    groundingMetadata: struct,
    urlContextMetadata: struct,
  }),
  toolCall: object<ServerPayloads['toolCall']>({ functionCalls: list(functionCall) }),
  toolCallCancellation: object<ServerPayloads['toolCallCancellation']>({ ids: list(text) }),
  goAway: object<ServerPayloads['goAway']>({ timeLeft: duration }),
  sessionResumptionUpdate: object<ServerPayloads['sessionResumptionUpdate']>({
    newHandle: text,
    resumable: flag,
    lastConsumedClientMessageIndex: integer,
  }),
  voiceActivity: object<ServerPayloads['voiceActivity']>({ type: text, audioOffset: duration }),
  voiceActivityDetectionSignal: object<ServerPayloads['voiceActivityDetectionSignal']>({
    vadSignalType: text,
  }),
} satisfies Named<ServerPayloads>;

const tokenCount = object<ModalityTokenCount>({ modality: text, tokenCount: integer });

/** Usage as the Developer API writes it. */
export const usageShape = object<UsageMetadata>({
  promptTokenCount: integer,
  cachedContentTokenCount: integer,
  responseTokenCount: integer,
  toolUsePromptTokenCount: integer,
  thoughtsTokenCount: integer,
  totalTokenCount: integer,
  promptTokensDetails: list(tokenCount),
  cacheTokensDetails: list(tokenCount),
  responseTokensDetails: list(tokenCount),
  toolUsePromptTokensDetails: list(tokenCount),
  serviceTier: text,
  trafficType: text,
});
