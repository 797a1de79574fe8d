/**
 * The public surface of the protocol: the Live wire, the callables and the documents, as types and codecs.
 * In scope: shapes, names, numbers of the service, reading and writing them. Not in scope: any decision, effect,
 * clock or I/O. Imports nothing, so that functions, browser and emulator can all hold it.
 * @module
 */

export {
  type AdminAnswer,
  type BlockUser,
  documentId,
  type EraseAnswer,
  type EraseUser,
  type LiveUserAnswer,
  type RaiseQuota,
  type ReadLiveUser,
  type RevokeSession,
  readBlockUser,
  readEraseUser,
  readRaiseQuota,
  readReadLiveUser,
  readRevokeSession,
  readSetKillSwitch,
  readSetLimits,
  readSetPolicy,
  readSetPrice,
  readSetRole,
  readSetTemplate,
  readSetTier,
  type SetKillSwitch,
  type SetLimits,
  type SetPolicy,
  type SetPrice,
  type SetRole,
  type SetTemplate,
  type SetTier,
  type UserWindow,
  uidShape,
} from './admin-messages.ts';
export {
  BYTES_PER_SAMPLE,
  INPUT_AUDIO_MIME_TYPE,
  INPUT_SAMPLE_RATE_HZ,
  OUTPUT_AUDIO_MIME_TYPE,
  OUTPUT_SAMPLE_RATE_HZ,
  pcmRateOf,
} from './audio-format.ts';
export { bytesOfBase64, decodeBase64, encodeBase64, standardBase64 } from './base64.ts';
export { CALLABLES_VERSION } from './callables-version.ts';
export type { ClientKind, ClientMessage, ClientPayloads } from './client-messages.ts';
export {
  CLOSE_CODE,
  CLOSE_REASON_MAX_BYTES,
  type CloseMoment,
  type CloseRemedy,
  closeReason,
  closeRemedy,
} from './close-codes.ts';
export {
  decodeClientMessage,
  decodeServerMessage,
  durationSeconds,
  durationText,
  encodeClientMessage,
  encodeServerMessage,
  readServerMessage,
} from './codec.ts';
export {
  type Blob,
  type Content,
  type DurationText,
  type FunctionCall,
  type FunctionResponse,
  type FunctionResponseScheduling,
  type Json,
  type JsonObject,
  MODALITIES,
  type Modality,
  type ModalityTokenCount,
  type Part,
  type TranscribedWord,
  type Transcription,
  type UsageMetadata,
} from './content.ts';
export { isDeeperThan, MOST_DEPTH } from './depth.ts';
export { ProtocolError, type ProtocolErrorCode } from './errors.ts';
export { developerModels, LIST_PRICES, OPEN_POLICY } from './first-settings.ts';
export {
  type AlertKind,
  type AuditAct,
  type LiveAuditDocument,
  type LiveErasureDocument,
  type LiveOpsDocument,
  type LiveStatsDocument,
  type LiveStatsShard,
  type LiveUsageDocument,
  type SessionFlag,
  type StatsFigures,
  type UsageCost,
  usageId,
} from './ledger-documents.ts';
export type {
  AudioTranscriptionConfig,
  AutomaticActivityDetection,
  FunctionDeclaration,
  GenerationConfig,
  LiveSetup,
  RealtimeInputConfig,
  ResponseModality,
  SpeechConfig,
  ThinkingConfig,
  Tool,
} from './live-setup.ts';
export { partialSetupShape, setupShape } from './message-shapes.ts';
export {
  isWarmUp,
  type MintAnswer,
  type MintRemint,
  type MintRenew,
  type MintRequest,
  type MintStart,
  OLDEST_CALLABLES_VERSION,
  type QuotaLeft,
  readMintRequest,
  type SocketAuth,
  type StopNotice,
  type TemplateChoice,
  type WarmUp,
} from './mint-messages.ts';
export { modelId } from './model-id.ts';
export { SHUTDOWN_SOURCES, type ShutdownSource } from './model-sources.ts';
export {
  DEFAULT_LIVE_MODEL,
  LIVE_MODELS,
  type LiveBackend,
  type LiveModel,
  liveModel,
  shutdownWarning,
} from './models.ts';
export { LEASE_SECONDS, readPolicyDocument, readPolicyDraft } from './policy-shape.ts';
export type { QueryShape } from './query-shape.ts';
export {
  type QuotaAnswer,
  type QuotaRequest,
  type QuotaWindow,
  readQuotaRequest,
} from './quota-messages.ts';
export { REFUSAL_REASONS, type RefusalDetails, type RefusalReason } from './refusals.ts';
export { REPORT_LIMITS } from './report-limits.ts';
export type { ServerKind, ServerMessage, ServerPayloads } from './server-messages.ts';
export {
  COLLECTIONS,
  type CollectionNames,
  type ConnectionFigures,
  DOCUMENTS_VERSION,
  type LeaseEntry,
  type LiveEventsDocument,
  type LiveQuotaDocument,
  type LiveSessionDocument,
  type LiveToken,
  type SessionState,
  type TimestampLike,
} from './session-documents.ts';
export type {
  AlertThresholds,
  LiveBudgetDocument,
  LiveCaps,
  LiveConfigDocument,
  LivePolicyDocument,
  LivePriceDocument,
  LiveRolesDocument,
  LiveTemplateDocument,
  PriceByModality,
  SpendLimit,
  TemplateVariable,
  ToolKind,
} from './settings-documents.ts';
export {
  alertsOf,
  capsOf,
  PLACEHOLDER,
  readConfigDocument,
  readPriceDocument,
  readPriceDraft,
  readTemplateDocument,
  readTemplateDraft,
} from './settings-shapes.ts';
export {
  isSetupPath,
  lockedPaths,
  NEVER_OPEN,
  override,
  pathsIn,
  pick,
  SETUP_FIELDS,
  type SetupPath,
  valueAt,
} from './setup-fields.ts';
export {
  bytes,
  camelCase,
  type Fields,
  flag,
  integer,
  isObject,
  list,
  number,
  object,
  type Shape,
  struct,
  text,
  type UnknownFields,
} from './shape.ts';
export {
  asDetail,
  CLOSED_WHYS,
  type ClosedDetail,
  type ConnectedDetail,
  type ResumedDetail,
  type TimelineDetails,
  type TimelineLine,
  type TimelineType,
  TOOL_NAME_CHARACTERS,
  type ToolCallDetail,
  type TurnDetail,
  type TurnUsage,
  turnUsage,
} from './timeline.ts';
export { readTimelineDetail, TIMELINE_TYPES } from './timeline-codec.ts';
export {
  addTotals,
  addTurn,
  type CountedModality,
  NO_USAGE,
  type TokensByModality,
  type UsageTotals,
} from './usage.ts';
export { decodeUsage } from './usage-codec.ts';
export {
  type ConnectionQuality,
  type ReportAnswer,
  type ReportEvent,
  readUsageReport,
  type TranscriptTurn,
  type UsageReport,
} from './usage-report.ts';
export { VOICES, type VoiceName } from './voices.ts';
