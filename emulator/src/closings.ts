/**
 * Every way in which the emulator ends a connection: one table that the code, the documentation and the tests
 * read. Codes and texts follow what users of the service have published (read 2026-11-21); the service documents
 * none of them, and those marked unconfirmed nobody has published.
 * @module
 */
import { CLOSE_CODE, closeReason } from '@livegate/protocol';

/** One row. `{name}` in the reason is filled in; the whole is cut to 123 bytes. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
  /** What brings it about. */
  readonly when: string;
  /** No report of the real service's code or text is known. */
  readonly unconfirmed?: true;
}

const { invalidArgument, policyViolation, internal } = CLOSE_CODE;

/** Condition → how the connection ends. */
export const CLOSINGS = {
  'malformed-json': {
    code: invalidArgument,
    reason: '{detail}',
    when: 'a frame that is not JSON or not an object',
  },
  'unknown-message': {
    code: invalidArgument,
    reason: '{detail}',
    when: 'a message with no known key, or with several',
  },
  'unknown-field': {
    code: invalidArgument,
    reason: '{detail}',
    when: 'a field the wire does not have',
  },
  'invalid-field': {
    code: invalidArgument,
    reason: '{detail}',
    when: 'a field of the wrong type or form, data that is not base64 among them',
  },
  'setup-missing': {
    code: invalidArgument,
    reason: 'The first message must be setup.',
    when: 'any other message before setup',
    unconfirmed: true,
  },
  'setup-repeated': {
    code: invalidArgument,
    reason: 'Setup must be the first message and must not be repeated.',
    when: 'a second setup',
    unconfirmed: true,
  },
  'invalid-setup': {
    code: invalidArgument,
    reason: 'Request contains an invalid argument.',
    when: 'a setup that the model does not take (the journal names the field)',
  },
  'model-not-found': {
    code: policyViolation,
    reason:
      'models/{model} is not found for API version {version}, or is not supported for bidiGenerateContent. Call ListModels to see the list of available models and their supported methods.',
    when: 'a model that is unknown, not served by this API, or (`strictModels`) past its shutdown date',
  },
  'invalid-resource': {
    code: invalidArgument,
    reason: 'Invalid resource field value in the request.',
    when: "a model named in another form than the endpoint's: Vertex AI, and both paths of Firebase",
  },
  'location-mismatch': {
    code: invalidArgument,
    reason: 'The location of the model does not match the location of the endpoint.',
    when: 'Vertex AI: a model of another location than the one that path, host or `vertexLocation` names',
    unconfirmed: true,
  },
  'publisher-model-not-found': {
    code: policyViolation,
    reason:
      'Publisher Model `{name}` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions',
    when: 'Vertex AI: a model that is unknown, not served by it, or not served at that location',
  },
  'not-a-live-model': {
    code: invalidArgument,
    reason: '{model} is not supported in the live api.',
    when: 'Vertex AI: a model past its shutdown date (`strictModels`)',
  },
  'realtime-text': {
    code: invalidArgument,
    reason: 'Request contains an invalid argument.',
    when: 'Vertex AI: realtimeInput.text (`vertexRealtimeText: refused`)',
    unconfirmed: true,
  },
  'invalid-role': {
    code: invalidArgument,
    reason: 'Please use a valid role: user, model.',
    when: 'content of another role',
    unconfirmed: true,
  },
  'odd-audio': {
    code: invalidArgument,
    reason: 'Error when processing input audio: expected whole samples of 16-bit little-endian mono PCM.',
    when: 'audio of an odd number of bytes',
  },
  'unsupported-media': {
    code: invalidArgument,
    reason: 'Unsupported media type. Expected audio/pcm with a rate of 8000 to 192000 Hz, or an image.',
    when: 'realtime media of another type',
    unconfirmed: true,
  },
  'mark-under-automatic': {
    code: invalidArgument,
    reason: 'Explicit activity marks need automatic activity detection to be disabled.',
    when: 'activityStart or activityEnd while detection is automatic',
  },
  'unknown-function-call': {
    code: policyViolation,
    reason: 'Requested entity was not found.',
    when: 'a function response whose id was never called',
  },
  'audio-during-call': {
    code: invalidArgument,
    reason: 'The audio content type (CONTENT_TYPE_AUDIO) is not supported for this model configuration.',
    when: 'audio while a blocking function runs (`audioDuringToolCall: refused`)',
  },
  'handle-not-found': {
    code: policyViolation,
    reason: 'Session not found: the resumption handle is unknown, too old or of another caller.',
    when: 'a resumption handle that is unknown, outlived, used (`handleUses`), of another project, or (`handleScope: token`) made under another credential',
    unconfirmed: true,
  },
  'resumed-while-open': {
    code: internal,
    reason: 'Internal error encountered.',
    when: 'a resumption while the connection that gave the handle is open (`resumeWhileOpen: refused`)',
    unconfirmed: true,
  },
  'unregistered-caller': {
    code: policyViolation,
    reason:
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    when: 'no credential, or one that the method does not take: a token on BidiGenerateContent, a key on BidiGenerateContentConstrained',
  },
  unauthenticated: {
    code: policyViolation,
    reason:
      'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    when: 'Vertex AI: neither a bearer nor, in a header, a key (`vertexUnauthenticated: close`)',
    unconfirmed: true,
  },
  'invalid-credential': {
    code: policyViolation,
    reason:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    when: 'Vertex AI: an ephemeral token, which it does not have',
    unconfirmed: true,
  },
  'token-not-found': {
    code: policyViolation,
    reason: 'Ephemeral token not found.',
    when: 'a token that was never made',
    unconfirmed: true,
  },
  'token-expired': {
    code: policyViolation,
    reason: 'Ephemeral token has expired.',
    when: "a socket opened after, or still open at, the token's expireTime (code: `expiryCloseCode`)",
    unconfirmed: true,
  },
  'token-start-over': {
    code: policyViolation,
    reason: 'Ephemeral token can no longer start a session.',
    when: "a new session after the token's newSessionExpireTime",
    unconfirmed: true,
  },
  'token-used-up': {
    code: policyViolation,
    reason: 'Ephemeral token has no uses left.',
    when: 'a new session under a token whose uses are spent',
    unconfirmed: true,
  },
  'token-busy': {
    code: policyViolation,
    reason: 'Ephemeral token is in use on another connection.',
    when: 'more sockets at once than the token has uses (`socketsPerToken: by-uses`)',
    unconfirmed: true,
  },
  'connection-limit': {
    code: internal,
    reason: 'Deadline expired before operation could complete.',
    when: 'the end announced by goAway',
  },
  'context-limit': {
    code: 1000,
    reason: '',
    when: "a turn's context over the model's window, without compression or in spite of it (code: `overLimitCloseCode`)",
    unconfirmed: true,
  },
  'session-limit': {
    code: 1000,
    reason: '',
    when: 'a session without compression over its time, announced by goAway (code: `overLimitCloseCode`)',
    unconfirmed: true,
  },
  'resource-exhausted': {
    code: internal,
    reason: 'RESOURCE_EXHAUSTED: Resource has been exhausted (e.g. check quota).',
    when: 'more sessions of a project at once, or in a minute, than its quota has (`concurrentSessions`, `connectsPerMinute`)',
    unconfirmed: true,
  },
  'internal-error': {
    code: internal,
    reason: 'Internal error encountered.',
    when: 'the answer handler failed, or what it answered cannot be sent',
  },
  'emulator-closing': {
    code: 1001,
    reason: 'The emulator is closing.',
    when: 'the emulator is closed while the connection is open',
  },
} as const satisfies Readonly<Record<string, Closing>>;

/** A row of {@link CLOSINGS}. */
export type ClosingCondition = keyof typeof CLOSINGS;

/** The close frame of a condition: its code, and its reason filled in and cut to what a frame holds. */
export function closingFrame(
  condition: ClosingCondition,
  values: Readonly<Record<string, string>> = {},
): { readonly code: number; readonly reason: string } {
  const { code, reason } = CLOSINGS[condition];
  return { code, reason: closeReason(reason.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')) };
}
