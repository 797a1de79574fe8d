/**
 * The options that may change while the emulator runs.
 * @module
 */
import { type Fields, flag, number, object, type Shape } from '@livegate/protocol';
import { either, oneOf } from './control-shapes.ts';
import type { HandleScope, LiveEmulatorOptions } from './options.ts';

/** Those options. What holds of a connection since it opened, or of a token since it was made, stays as it was. */
export type RuntimeOptions = Pick<
  LiveEmulatorOptions,
  | 'frames'
  | 'answerDelayMs'
  | 'chunkMs'
  | 'burstMs'
  | 'paceFactor'
  | 'turnCompleteDelay'
  | 'askAtStart'
  | 'handleLifeMs'
  | 'vertexHandleLifeMs'
  | 'handleUses'
  | 'resumeWhileOpen'
  | 'sessionLimitMs'
  | 'videoSessionLimitMs'
  | 'sessionLimitCounts'
  | 'contextWindowTokens'
  | 'overLimitCloseCode'
  | 'concurrentSessions'
  | 'connectsPerMinute'
  | 'undetailedTokens'
  | 'totalHoldsThoughts'
  | 'cachedContext'
  | 'vadSignals'
  | 'startWindowBinds'
  | 'socketsPerToken'
  | 'expiryCloseCode'
  | 'connectionLimitMs'
  | 'goAwayNoticeMs'
  | 'videoTokensPerFrame'
  | 'vertexRealtimeText'
  | 'vertexUnauthenticated'
  | 'v1Endpoints'
  | 'strictModels'
  | 'echoGuard'
  | 'captureAudio'
> & { readonly handleScope?: HandleScope };

const fields: Fields<RuntimeOptions> = {
  frames: oneOf(['binary', 'text']),
  answerDelayMs: number,
  chunkMs: number,
  burstMs: number,
  paceFactor: number,
  turnCompleteDelay: either(oneOf(['playback']), number),
  handleScope: oneOf(['project', 'token']),
  askAtStart: flag,
  handleLifeMs: number,
  vertexHandleLifeMs: number,
  handleUses: oneOf(['once', 'many']),
  resumeWhileOpen: oneOf(['served', 'refused']),
  sessionLimitMs: number,
  videoSessionLimitMs: number,
  sessionLimitCounts: oneOf(['session', 'connection']),
  contextWindowTokens: either(oneOf(['model']), number),
  overLimitCloseCode: number,
  concurrentSessions: either(oneOf(['unlimited']), number),
  connectsPerMinute: either(oneOf(['unlimited']), number),
  undetailedTokens: number,
  totalHoldsThoughts: flag,
  cachedContext: flag,
  vadSignals: oneOf(['voiceActivity', 'voiceActivityDetectionSignal', 'both']),
  startWindowBinds: oneOf(['new-sessions', 'all-sessions']),
  socketsPerToken: oneOf(['by-uses', 'unlimited']),
  expiryCloseCode: number,
  connectionLimitMs: number,
  goAwayNoticeMs: number,
  videoTokensPerFrame: number,
  vertexRealtimeText: oneOf(['taken', 'refused']),
  vertexUnauthenticated: oneOf(['close', 'http-401']),
  v1Endpoints: oneOf(['served', 'not-found']),
  strictModels: flag,
  echoGuard: flag,
  captureAudio: flag,
};

/** Reads {@link RuntimeOptions}; bounds are the emulator's to check. */
export const runtimeOptions: Shape<RuntimeOptions> = object<RuntimeOptions>(fields);

/** Their names. */
export const RUNTIME_OPTIONS = Object.keys(fields) as readonly (keyof RuntimeOptions)[];

/**
 * Picks them out of all options, those without a bound left out; a handle scope that is a function shows what it says
 * now.
 */
export function runtimeOptionsOf(options: LiveEmulatorOptions): RuntimeOptions {
  const { handleScope } = options;
  const scope = typeof handleScope === 'function' ? handleScope() : handleScope;
  const picked = RUNTIME_OPTIONS.map((name) => [name, name === 'handleScope' ? scope : options[name]]);
  return Object.fromEntries(
    picked.filter(([, value]) => value !== undefined && value !== Number.POSITIVE_INFINITY),
  ) as RuntimeOptions;
}
