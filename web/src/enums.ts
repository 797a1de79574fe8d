/**
 * The constant objects of firebase/ai that a Live page uses, under the same names.
 * @module
 */

/** What a model is to answer in. Live models of today answer `AUDIO` only. */
export const ResponseModality = { TEXT: 'TEXT', IMAGE: 'IMAGE', AUDIO: 'AUDIO' } as const;
/** One of {@link ResponseModality}. */
export type ResponseModality = (typeof ResponseModality)[keyof typeof ResponseModality];

/** The values of `type` in what `LiveSession.receive()` yields. Plain strings, as firebase/ai declares them. */
export const LiveResponseType: {
  SERVER_CONTENT: string;
  TOOL_CALL: string;
  TOOL_CALL_CANCELLATION: string;
  GOING_AWAY_NOTICE: string;
  SESSION_RESUMPTION_UPDATE: string;
} = {
  SERVER_CONTENT: 'serverContent',
  TOOL_CALL: 'toolCall',
  TOOL_CALL_CANCELLATION: 'toolCallCancellation',
  GOING_AWAY_NOTICE: 'goingAwayNotice',
  SESSION_RESUMPTION_UPDATE: 'sessionResumptionUpdate',
};
/** One of {@link LiveResponseType}. */
export type LiveResponseType = (typeof LiveResponseType)[keyof typeof LiveResponseType];

/** Which service a backend object stands for. */
export const BackendType = {
  AGENT_PLATFORM: 'AGENT_PLATFORM',
  VERTEX_AI: 'VERTEX_AI',
  GOOGLE_AI: 'GOOGLE_AI',
} as const;
/** One of {@link BackendType}. */
export type BackendType = (typeof BackendType)[keyof typeof BackendType];

/** Whether the model may, must or must not call functions. */
export const FunctionCallingMode = { AUTO: 'AUTO', ANY: 'ANY', NONE: 'NONE' } as const;
/** One of {@link FunctionCallingMode}. */
export type FunctionCallingMode = (typeof FunctionCallingMode)[keyof typeof FunctionCallingMode];

/** The kinds of token that usage is counted by. */
export const Modality = {
  MODALITY_UNSPECIFIED: 'MODALITY_UNSPECIFIED',
  TEXT: 'TEXT',
  IMAGE: 'IMAGE',
  VIDEO: 'VIDEO',
  AUDIO: 'AUDIO',
  DOCUMENT: 'DOCUMENT',
} as const;
/** One of {@link Modality}. */
export type Modality = (typeof Modality)[keyof typeof Modality];

/** The roles of a `Content`. */
export const POSSIBLE_ROLES = ['user', 'model', 'function', 'system'] as const;
/** One of {@link POSSIBLE_ROLES}. */
export type Role = (typeof POSSIBLE_ROLES)[number];

/** Languages of code that a model writes. Plain strings, as firebase/ai declares them. */
export const Language: { UNSPECIFIED: string; PYTHON: string } = {
  UNSPECIFIED: 'LANGUAGE_UNSPECIFIED',
  PYTHON: 'PYTHON',
};
/** One of {@link Language}. */
export type Language = (typeof Language)[keyof typeof Language];

/** What can come of such code. Plain strings, as firebase/ai declares them. */
export const Outcome: { UNSPECIFIED: string; OK: string; FAILED: string; DEADLINE_EXCEEDED: string } = {
  UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  OK: 'OUTCOME_OK',
  FAILED: 'OUTCOME_FAILED',
  DEADLINE_EXCEEDED: 'OUTCOME_DEADLINE_EXCEEDED',
};
/** One of {@link Outcome}. */
export type Outcome = (typeof Outcome)[keyof typeof Outcome];
