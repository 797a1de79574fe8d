/**
 * The Live API on localhost: every address of it, `auth_tokens`, listening, answering, usage, resumption, faults on
 * demand, and the views a test needs.
 * @module
 */
export type {
  Answer,
  AnswerContext,
  AnswerHandler,
  AnswerStep,
  Grounding,
  HistoryEntry,
  InteractionStatus,
  PcmAudio,
  ToolRequest,
  TurnCause,
  UserTurn,
  Words,
} from './answer.ts';
export type { AnswerScope, LaidAnswer } from './answer-book.ts';
export { type CancelTimer, type Clock, type ManualClock, manualClock, systemClock } from './clock.ts';
export type { ControlErrorCode } from './control-errors.ts';
export type {
  EntryFilter,
  EventFilter,
  LiveEvent,
  LiveFinding,
  LiveQuery,
  SessionFilter,
} from './control-query.ts';
export { echoAnswer } from './echo-answer.ts';
export type { Backend, Door, LiveMethod } from './endpoints.ts';
export { EmulatorError, type EmulatorErrorCode } from './errors.ts';
export type {
  EndFault,
  Fault,
  FaultDirection,
  FaultMoment,
  FaultRule,
  FaultScope,
  LineFault,
  MessageFault,
  StandingFault,
  TokenFault,
  UpgradeFault,
} from './fault.ts';
export type { JournalEntry, LiveEmulator, LiveSessionView, SessionState } from './live-emulator.ts';
export {
  connectLiveEmulator,
  type LiveEmulatorAddress,
  type LiveEmulatorClient,
  liveEmulatorClient,
  type StopSignal,
} from './live-emulator-client.ts';
export { LOG_LEVELS, type LogLevel, type LogSink, logTo } from './log.ts';
export {
  messageOrderBreaches,
  ORDER_RULES,
  type OrderBreach,
  type OrderRule,
} from './message-order.ts';
export type { HandleScope, LiveEmulatorOptions } from './options.ts';
export type { RuntimeOptions } from './runtime-options.ts';
export {
  defineScenario,
  type NumberMatch,
  type Scenario,
  type ScenarioReply,
  type ScenarioRule,
  type ScenarioStep,
  type TextMatch,
  type ToolResultMatch,
  type UserCause,
  type When,
} from './scenario.ts';
export { scenarioAnswer } from './scenario-answer.ts';
export { type LoadedScenario, loadScenario } from './scenario-load.ts';
export { startLiveEmulator } from './start.ts';
export type { MadeCertificate, OwnCertificate, TlsOption } from './tls.ts';
export { type GlobalModels, VERTEX_REGIONS } from './vertex-locations.ts';
export type { SessionIds } from './wire-form.ts';
