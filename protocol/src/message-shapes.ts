/**
 * A shape for every message and field of the wire. Held complete by the compiler: see {@link Fields}.
 * Every call is marked pure, so that a page carries only the shapes of what it reads.
 * @module
 */
import type { ClientPayloads } from './client-messages.ts';
import type {
  Blob,
  Content,
  FunctionCall,
  FunctionResponse,
  Part,
  TranscribedWord,
  Transcription,
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
  float,
  integer,
  json,
  list,
  mark,
  object,
  type Shape,
  struct,
  text,
} from './shape.ts';

type Named<T> = { readonly [K in keyof T]-?: Shape<T[K]> };
type Given<T, K extends keyof T> = NonNullable<T[K]>;

const blob = /* @__PURE__ */ object<Blob>(
  { mimeType: text, data: bytes, displayName: text },
  'mimeType',
  'data',
);
const functionCall = /* @__PURE__ */ object<FunctionCall>(
  {
    id: text,
    name: text,
    args: struct,
    partialArgs: /* @__PURE__ */ list(struct),
    willContinue: flag,
  },
  'name',
);
const functionResponse = /* @__PURE__ */ object<FunctionResponse>(
  {
    id: text,
    name: text,
    response: struct,
    parts: /* @__PURE__ */ list(struct),
    scheduling: text as Shape<NonNullable<FunctionResponse['scheduling']>>,
    willContinue: flag,
  },
  'name',
);
const transcription = /* @__PURE__ */ object<Transcription>({
  text,
  finished: flag,
  languageCode: text,
  speakerLabel: text,
  words: /* @__PURE__ */ list(
    /* @__PURE__ */ object<TranscribedWord>({ word: text, startOffset: text, endOffset: text }),
  ),
  startOffset: text,
  endOffset: text,
});
const part = /* @__PURE__ */ object<Part>({
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
  toolCall: struct,
  toolResponse: struct,
  audioTranscription: transcription,
  mediaResolution: struct,
  partMetadata: struct,
});
const contentObject = /* @__PURE__ */ object<Content>({ role: text, parts: /* @__PURE__ */ list(part) });
/** The instruction may also come as plain text: a documented example shows it so. */
const instruction: Shape<Content> = (value, path, unknownFields) =>
  typeof value === 'string' ? { parts: [{ text: value }] } : contentObject(value, path, unknownFields);

const speechConfig = /* @__PURE__ */ object<SpeechConfig>({
  voiceConfig: /* @__PURE__ */ object<Given<SpeechConfig, 'voiceConfig'>>({
    prebuiltVoiceConfig: /* @__PURE__ */ object<{ readonly voiceName?: string }>({ voiceName: text }),
    replicatedVoiceConfig: struct,
    voice: text,
  }),
  languageCode: text,
  multiSpeakerVoiceConfig: struct,
});
const generationConfig = /* @__PURE__ */ object<GenerationConfig>({
  responseModalities: /* @__PURE__ */ list(text),
  speechConfig,
  temperature: float,
  topP: float,
  topK: float,
  maxOutputTokens: integer,
  candidateCount: integer,
  presencePenalty: float,
  frequencyPenalty: float,
  seed: integer,
  mediaResolution: text,
  thinkingConfig: /* @__PURE__ */ object<ThinkingConfig>({
    includeThoughts: flag,
    thinkingBudget: integer,
    thinkingLevel: text,
  }),
  enableAffectiveDialog: flag,
  translationConfig: struct,
});
const realtimeInputConfig = /* @__PURE__ */ object<RealtimeInputConfig>({
  automaticActivityDetection: /* @__PURE__ */ object<AutomaticActivityDetection>({
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
const functionDeclaration = /* @__PURE__ */ object<FunctionDeclaration>(
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
const tool = /* @__PURE__ */ object<Tool>({
  functionDeclarations: /* @__PURE__ */ list(functionDeclaration),
  googleSearch: struct,
  googleSearchRetrieval: struct,
  codeExecution: struct,
  urlContext: struct,
  googleMaps: struct,
  computerUse: struct,
  fileSearch: struct,
  mcpServers: /* @__PURE__ */ list(struct),
});
const audioTranscription = /* @__PURE__ */ object<AudioTranscriptionConfig>({
  languageCodes: /* @__PURE__ */ list(text),
  customVocabulary: /* @__PURE__ */ list(text),
  wordTimestamp: flag,
  diarization: flag,
  mode: text,
  sourceText: text,
  languageAuto: struct,
  languageHints: struct,
  adaptationPhrases: /* @__PURE__ */ list(text),
});
/** The fields of a setup; `setup-fields.ts` names the paths of the same. */
export const setupFields = {
  model: text,
  generationConfig,
  systemInstruction: instruction,
  tools: /* @__PURE__ */ list(tool),
  toolConfig: struct,
  realtimeInputConfig,
  sessionResumption: /* @__PURE__ */ object<Given<LiveSetup, 'sessionResumption'>>({
    handle: text,
    transparent: flag,
  }),
  contextWindowCompression: /* @__PURE__ */ object<Given<LiveSetup, 'contextWindowCompression'>>({
    triggerTokens: integer,
    slidingWindow: /* @__PURE__ */ object<{ readonly targetTokens?: number }>({ targetTokens: integer }),
  }),
  inputAudioTranscription: audioTranscription,
  outputAudioTranscription: audioTranscription,
  proactivity: /* @__PURE__ */ object<Given<LiveSetup, 'proactivity'>>({
    proactiveAudio: flag,
    proactiveVideo: flag,
  }),
  historyConfig: /* @__PURE__ */ object<Given<LiveSetup, 'historyConfig'>>({
    initialHistoryInClientContent: flag,
  }),
  explicitVadSignal: flag,
  avatarConfig: struct,
  safetySettings: /* @__PURE__ */ list(struct),
  labels: struct,
} satisfies Named<Required<LiveSetup>>;

/** A setup that names its model. */
export const setupShape = /* @__PURE__ */ object<LiveSetup>(setupFields, 'model');
/** A setup in which everything is optional: what a page wishes for, or the open part of a locked one. */
export const partialSetupShape = /* @__PURE__ */ object<Partial<LiveSetup>>(setupFields);

/** What each client message holds. */
export const clientShapes = {
  setup: setupShape,
  clientContent: /* @__PURE__ */ object<ClientPayloads['clientContent']>({
    turns: /* @__PURE__ */ list(contentObject),
    turnComplete: flag,
  }),
  realtimeInput: /* @__PURE__ */ object<ClientPayloads['realtimeInput']>({
    audio: blob,
    video: blob,
    text,
    audioStreamEnd: flag,
    activityStart: mark,
    activityEnd: mark,
    mediaChunks: /* @__PURE__ */ list(blob),
  }),
  toolResponse: /* @__PURE__ */ object<ClientPayloads['toolResponse']>({
    functionResponses: /* @__PURE__ */ list(functionResponse),
  }),
  contextUpdate: /* @__PURE__ */ object<ClientPayloads['contextUpdate']>({
    systemInstruction: instruction,
    tools: /* @__PURE__ */ object<{ readonly tools?: readonly Tool[] }>({
      tools: /* @__PURE__ */ list(tool),
    }),
  }),
} satisfies Named<ClientPayloads>;

/** What each server message holds. */
export const serverShapes = {
  setupComplete: /* @__PURE__ */ object<ServerPayloads['setupComplete']>({
    sessionId: text,
    voiceConsentSignature: struct,
  }),
  serverContent: /* @__PURE__ */ object<ServerPayloads['serverContent']>({
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
    speechState: json,
  }),
  toolCall: /* @__PURE__ */ object<ServerPayloads['toolCall']>({
    functionCalls: /* @__PURE__ */ list(functionCall),
  }),
  toolCallCancellation: /* @__PURE__ */ object<ServerPayloads['toolCallCancellation']>({
    ids: /* @__PURE__ */ list(text),
  }),
  goAway: /* @__PURE__ */ object<ServerPayloads['goAway']>({ timeLeft: duration }),
  sessionResumptionUpdate: /* @__PURE__ */ object<ServerPayloads['sessionResumptionUpdate']>({
    newHandle: text,
    resumable: flag,
    lastConsumedClientMessageIndex: integer,
  }),
  voiceActivity: /* @__PURE__ */ object<ServerPayloads['voiceActivity']>({
    type: text,
    audioOffset: duration,
  }),
  voiceActivityDetectionSignal: /* @__PURE__ */ object<ServerPayloads['voiceActivityDetectionSignal']>({
    vadSignalType: text,
  }),
} satisfies Named<ServerPayloads>;
