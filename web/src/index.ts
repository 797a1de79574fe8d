/**
 * The Live half of firebase/ai, on tokens minted by the app's own Cloud Functions.
 * In scope: connecting, talking, swapping leases, audio in and out. Not in scope: minting, quotas, the wire's
 * shapes (those are the protocol's). Imports without a DOM.
 * @module
 */
export type {
  MintAnswer,
  MintRequest,
  QuotaLeft,
  RefusalDetails,
  RefusalReason,
  ReportAnswer,
  StopNotice,
  UsageReport,
  UsageTotals,
} from '@livegate/protocol';
export { type AI, type AIOptions, getAI } from './ai.ts';
export { AIModel } from './ai-model.ts';
export { getLiveGenerativeModel } from './api.ts';
export { openAudioConversation, startAudioConversation } from './audio-conversation.ts';
export type { AudioErrorReason } from './audio-errors.ts';
export type { AudioGraphNodes } from './audio-graph.ts';
export { AgentPlatformBackend, Backend, GoogleAIBackend, VertexAIBackend } from './backend.ts';
export type { Clock } from './clock.ts';
export type {
  CodeExecutionResult,
  CodeExecutionResultPart,
  CodeExecutionTool,
  Content,
  ExecutableCode,
  ExecutableCodePart,
  FileData,
  FileDataPart,
  FunctionCall,
  FunctionCallingConfig,
  FunctionCallPart,
  FunctionDeclaration,
  FunctionDeclarationsTool,
  FunctionResponse,
  FunctionResponsePart,
  GenerativeContentBlob,
  GoogleMaps,
  GoogleMapsTool,
  GoogleSearch,
  GoogleSearchTool,
  InlineDataPart,
  LatLng,
  Part,
  RetrievalConfig,
  TextPart,
  Tool,
  ToolConfig,
  URLContext,
  URLContextTool,
  VideoMetadata,
} from './content-types.ts';
export type {
  AudioConversationEvents,
  AudioConversationListener,
  ConversationEnd,
  PlaybackFigures,
} from './conversation-events.ts';
export type {
  AudioConversation,
  AudioConversationController,
  AudioConversationOptions,
  StartAudioConversationOptions,
} from './conversation-options.ts';
export type { EchoStrategy } from './echo-gate.ts';
export { connectLiveEmulator } from './emulators.ts';
export {
  BackendType,
  FunctionCallingMode,
  Language,
  LiveResponseType,
  Modality,
  Outcome,
  POSSIBLE_ROLES,
  ResponseModality,
  type Role,
} from './enums.ts';
export {
  AIError,
  AIErrorCode,
  type CustomErrorData,
  type ErrorDetails,
  type LiveErrorReason,
} from './errors.ts';
export type { Keepsake, KeepsakeBox } from './keepsake.ts';
export { LiveGenerativeModel, type LiveOptions } from './live-generative-model.ts';
export { type ContextUpdate, LiveSession } from './live-session.ts';
export type {
  AudioTranscriptionConfig,
  BaseSpeechConfig,
  ContextWindowCompressionConfig,
  LiveGenerationConfig,
  LiveModelParams,
  LiveServerContent,
  LiveServerGoingAwayNotice,
  LiveServerToolCall,
  LiveServerToolCallCancellation,
  LiveSessionResumptionUpdate,
  MultiSpeakerSpeechConfig,
  MultiSpeakerVoiceConfig,
  PrebuiltVoiceConfig,
  SessionResumptionConfig,
  SingleSpeakerSpeechConfig,
  SlidingWindow,
  SpeakerVoiceConfig,
  SpeechConfig,
  Transcription,
  VoiceConfig,
} from './live-types.ts';
export type { UsageFarewell } from './report-farewell.ts';
export {
  AnyOfSchema,
  ArraySchema,
  BooleanSchema,
  IntegerSchema,
  NumberSchema,
  ObjectSchema,
  type ObjectSchemaRequest,
  Schema,
  type SchemaInterface,
  type SchemaParams,
  type SchemaRequest,
  type SchemaShared,
  SchemaType,
  StringSchema,
  type TypedSchema,
} from './schema.ts';
export type {
  LiveCloseCause,
  LiveSessionEvents,
  LiveSessionListener,
  LiveSessionState,
} from './session-events.ts';
export type { SessionWatch } from './session-watch.ts';
export type { TokenSource, UsageReporter } from './token-source.ts';
export type { LiveTool, LiveToolCall, LiveTools, ToolCallEvent } from './tool-desk.ts';
export type { VideoErrorReason } from './video-errors.ts';
export {
  type LiveVideo,
  sendVideo,
  type VideoEnd,
  type VideoOptions,
  type VideoSession,
  type VideoSource,
} from './video-sender.ts';
export type { LiveSocket, LiveSocketEvents, LiveSocketFactory } from './web-socket-handler.ts';
export type { LiveFields } from './wished-setup.ts';
export type { WorkletUrls } from './worklet-urls.ts';
