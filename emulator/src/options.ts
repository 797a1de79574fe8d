/**
 * Every choice the emulator leaves open, with its default. Where the real service's behaviour is not known,
 * the option says so.
 * @module
 */
import type { AnswerHandler } from './answer.ts';
import { type Clock, systemClock } from './clock.ts';
import { CONTROL_TOKEN_FORM, isControlToken, isOrigin, newControlToken } from './control-access.ts';
import { echoAnswer } from './echo-answer.ts';
import { EmulatorError } from './errors.ts';
import type { FaultRule } from './fault.ts';
import { type LogSink, silentLog } from './log.ts';
import { runtimeOptions, runtimeOptionsOf } from './runtime-options.ts';
import type { Scenario } from './scenario.ts';
import type { TlsOption } from './tls.ts';
import { type GlobalModels, isLocation, VERTEX_REGIONS } from './vertex-locations.ts';
import type { SessionIds } from './wire-form.ts';

/** Who may resume with a handle: any credential of the project, or only the one that it was made under. */
export type HandleScope = 'project' | 'token';

/** The host that the emulator listens on where nothing else is said. */
export const LOOPBACK = '127.0.0.1';

/** What {@link startLiveEmulator} takes; all of it optional. Times in ms. */
export interface LiveEmulatorOptions {
  /** Port to listen on; 0 for a free one. Default 0. */
  readonly port?: number;
  /** Decides what is answered. Default: {@link echoAnswer}. */
  readonly answer?: AnswerHandler;
  /** A scenario instead of `answer`: its file, or itself. `docs/scenarios.md` says what it may hold. */
  readonly scenario?: string | Scenario;
  /** Read the file of `scenario` again at a turn after it has changed. Its faults stay as they were. Default false. */
  readonly watchScenario?: boolean;
  /**
   * Ask `answer` also when a session starts, once `setupComplete` has gone (and initial history has come), as models
   * that speak first do. An empty answer is then no turn. Default false.
   */
  readonly askAtStart?: boolean;
  /** How JSON goes out. Unconfirmed for the service, which is why clients must take both. Default `binary`. */
  readonly frames?: 'binary' | 'text';
  /** Time between the end of a turn and the start of its answer. Default 0. */
  readonly answerDelayMs?: number;
  /** Audio of one message. Unconfirmed for the service. Default 100. */
  readonly chunkMs?: number;
  /** Audio sent at once when an answer starts. Default 500. */
  readonly burstMs?: number;
  /** How many times faster than real time the rest is sent. Default 3. */
  readonly paceFactor?: number;
  /** When `turnComplete` follows: once the audio must have played out, or so many ms after the last of it went. Default `playback`. */
  readonly turnCompleteDelay?: 'playback' | number;
  /**
   * Whether a resumption handle works under another credential. Unconfirmed. Default `project`: it does. A function is
   * asked at each resumption.
   */
  readonly handleScope?: HandleScope | (() => HandleScope);
  /** How long a handle lives. Unconfirmed on the Developer API. Default 2 h. */
  readonly handleLifeMs?: number;
  /** The same on Vertex AI. Default 24 h. */
  readonly vertexHandleLifeMs?: number;
  /**
   * How often a handle works. Unconfirmed. Default `once`: until the session that resumed with it has been given a handle
   * of its own. `many`: as long as it lives.
   */
  readonly handleUses?: 'once' | 'many';
  /**
   * Whether a session can be resumed while the connection that gave the handle is still open. Unconfirmed. Default
   * `served`; `refused` closes the new one.
   */
  readonly resumeWhileOpen?: 'served' | 'refused';
  /**
   * What a project is, where the model's name holds none: a key with the tokens made under it (`by-key`, the default), or
   * all of them are `one`. Handles and quotas are a project's.
   */
  readonly projects?: 'by-key' | 'one';
  /** Whether a token's start window also binds a resumption. Unconfirmed. Default `new-sessions`: it does not. */
  readonly startWindowBinds?: 'new-sessions' | 'all-sessions';
  /** Live sockets under one token: as many as it has uses (0 uses: any number), or any. Unconfirmed. Default `by-uses`. */
  readonly socketsPerToken?: 'by-uses' | 'unlimited';
  /** Close code at a token's expiry. Unconfirmed (1008 and 1011 are both suspected). Default 1008. */
  readonly expiryCloseCode?: number;
  /** Life of a connection. Default 10 min. */
  readonly connectionLimitMs?: number;
  /** How long before that `goAway` is sent. Default 60 s. */
  readonly goAwayNoticeMs?: number;
  /** Life of a session whose context is not compressed. Default 15 min. */
  readonly sessionLimitMs?: number;
  /** The same from its first video frame on. Default 2 min. */
  readonly videoSessionLimitMs?: number;
  /** What these two count: the session over all its connections, or each connection anew. Default `session`. */
  readonly sessionLimitCounts?: 'session' | 'connection';
  /** Tokens that a context may hold; `model`: as many as the model's window. Default `model`. */
  readonly contextWindowTokens?: 'model' | number;
  /**
   * Close code of a session over its time or its window: 1000 and 1006 (no close frame) have been seen on Vertex AI,
   * without a text. Unconfirmed on the Developer API. Default 1000.
   */
  readonly overLimitCloseCode?: number;
  /** Sessions that a project may hold at once. Default `unlimited`. */
  readonly concurrentSessions?: 'unlimited' | number;
  /** Sessions that a project may start in a minute. Default `unlimited`. */
  readonly connectsPerMinute?: 'unlimited' | number;
  /** Tokens of a prompt that its count holds and its details do not: the service leaves some out. Default 0. */
  readonly undetailedTokens?: number;
  /** Whether `totalTokenCount` holds thoughts: the SDK says so, what was seen does not. Default false. */
  readonly totalHoldsThoughts?: boolean;
  /** Whether what a turn repeats of the one before counts as cached. Unconfirmed. Default false. */
  readonly cachedContext?: boolean;
  /** How voice activity is told where the setup asks for it: the second is the older, allow-listed form. Default the first. */
  readonly vadSignals?: 'voiceActivity' | 'voiceActivityDetectionSignal' | 'both';
  /**
   * Tokens of one video frame or image where the setup names no resolution. 258 is the classic figure; lower on new
   * models, unconfirmed. Default 258.
   */
  readonly videoTokensPerFrame?: number;
  /** Refuse models past their shutdown date, as the service does in the end. Default false: warn. */
  readonly strictModels?: boolean;
  /** Take the emulator's own answer, heard by the microphone over loudspeakers, not for the user. Default false. */
  readonly echoGuard?: boolean;
  /** Keep what each connection sent as audio, for {@link LiveEmulator.receivedAudio}: 32 kB a second, in memory until a reset. Default false. */
  readonly captureAudio?: boolean;
  /** How a function declared without `behavior` is called: as the model's documents say, or as told. Default `by-model`. */
  readonly defaultBehavior?: 'by-model' | 'blocking' | 'non-blocking';
  /** What NON_BLOCKING comes to on a model that knows blocking functions only. Unconfirmed. Default `ignored`, with a warning. */
  readonly unsupportedBehavior?: 'ignored' | 'refused';
  /** Whether an interrupted turn takes its open non-blocking calls with it. Unconfirmed. Default `never`: they live on. */
  readonly nonBlockingCancellation?: 'never' | 'with-their-turn';
  /** Audio while a blocking function runs: 2.5 native audio has been seen to close on it with 1007. Default `taken`. */
  readonly audioDuringToolCall?: 'taken' | 'refused';
  /**
   * Whether a token that locks instruction or tools also keeps a `contextUpdate` from changing them. Unconfirmed.
   * Default false: it does not. True: that part of the update is ignored, with a warning, as a locked part of a setup is.
   */
  readonly lockCoversContextUpdate?: boolean;
  /** `turnCompleteReason` of an answer cut at its longest. No published reason names it; unconfirmed. Default `none`. */
  readonly outputLimitReason?: 'none' | 'MAX_TOKENS';
  /** When `turnComplete` carries `interactionStatus`. Documented as always, absent from published samples. Default `when-told`. */
  readonly interactionStatus?: 'when-told' | 'always';
  /** Send the transcripts that models were seen to send unasked: of the answer on 3.8, of the user on 3.1. Default false. */
  readonly unaskedTranscripts?: boolean;
  /** Entries the journal keeps, and connections remembered with those that are over; the oldest go first. Default 10,000. */
  readonly journalLimit?: number;
  /** The bearer of the control API: 22 characters at least, unguessable. Default: 256 random bits. */
  readonly controlToken?: string;
  /** Let other machines use the control API, where they can reach the port. Default false. */
  readonly controlRemote?: boolean;
  /** Origins whose pages may use the control API, `https://app.example` each. Default: none but the emulator's own. */
  readonly controlOrigins?: readonly string[];
  readonly clock?: Clock;
  /**
   * The location that Vertex AI's own address stands for where its host does not say. Default `any`: whichever the
   * model's name holds.
   */
  readonly vertexLocation?: string;
  /** Regions where Vertex AI serves Live models. Unconfirmed. Default {@link VERTEX_REGIONS}. */
  readonly vertexRegions?: readonly string[];
  /** Live models that Vertex AI serves at `global`. Unconfirmed. Default `gemini-3`: Gemini 3 and later. */
  readonly globalModels?: GlobalModels;
  /** Whether Vertex AI takes `realtimeInput.text`. Unconfirmed: one page says no, the SDKs send it. Default `taken`. */
  readonly vertexRealtimeText?: 'taken' | 'refused';
  /** How Vertex AI refuses a caller without credentials: by a close frame, or 401 at the upgrade. Unconfirmed. Default `close`. */
  readonly vertexUnauthenticated?: 'close' | 'http-401';
  /**
   * Whether the Developer API serves Live and `auth_tokens` under v1, which SDKs of major version 3 dial unless told.
   * Unconfirmed: pages and reports show v1alpha and v1beta. Default `served`.
   */
  readonly v1Endpoints?: 'served' | 'not-found';
  /** Where `setupComplete` names its session. Unconfirmed on the Developer API. Default `vertex-ai`. */
  readonly sessionIds?: SessionIds;
  /**
   * Address or name that the emulator listens on. Default 127.0.0.1. Elsewhere, in a container say, whoever reaches the
   * port may use it: a warning is logged.
   */
  readonly host?: string;
  /** Serves HTTPS and WSS: with a certificate made here (`true`, or where and for which names), or one of yours. Default false. */
  readonly tls?: TlsOption;
  /** What is to go wrong, from the start on. Default: nothing. */
  readonly faults?: readonly FaultRule[];
  /** Decides what is left to chance: shares of connections, jitter. Default 1. */
  readonly seed?: number;
  /** Takes log lines; they hold no credential, handle or word of a conversation. Default: nothing is logged. */
  readonly log?: LogSink;
}

/** The options that others are made of before they are filled in. */
export type ScenarioOption = 'scenario' | 'watchScenario';

/** {@link LiveEmulatorOptions} with every default filled in. */
export type EmulatorSettings = {
  readonly [K in keyof LiveEmulatorOptions as Exclude<K, ScenarioOption>]-?: LiveEmulatorOptions[K];
};

const DEFAULTS = {
  port: 0,
  answer: echoAnswer,
  askAtStart: false,
  frames: 'binary',
  answerDelayMs: 0,
  chunkMs: 100,
  burstMs: 500,
  paceFactor: 3,
  turnCompleteDelay: 'playback',
  handleScope: 'project',
  handleLifeMs: 2 * 60 * 60_000,
  vertexHandleLifeMs: 24 * 60 * 60_000,
  handleUses: 'once',
  resumeWhileOpen: 'served',
  projects: 'by-key',
  startWindowBinds: 'new-sessions',
  socketsPerToken: 'by-uses',
  expiryCloseCode: 1008,
  connectionLimitMs: 10 * 60_000,
  goAwayNoticeMs: 60_000,
  sessionLimitMs: 15 * 60_000,
  videoSessionLimitMs: 2 * 60_000,
  sessionLimitCounts: 'session',
  contextWindowTokens: 'model',
  overLimitCloseCode: 1000,
  concurrentSessions: 'unlimited',
  connectsPerMinute: 'unlimited',
  undetailedTokens: 0,
  totalHoldsThoughts: false,
  cachedContext: false,
  vadSignals: 'voiceActivity',
  videoTokensPerFrame: 258,
  strictModels: false,
  echoGuard: false,
  captureAudio: false,
  defaultBehavior: 'by-model',
  unsupportedBehavior: 'ignored',
  nonBlockingCancellation: 'never',
  audioDuringToolCall: 'taken',
  lockCoversContextUpdate: false,
  outputLimitReason: 'none',
  interactionStatus: 'when-told',
  unaskedTranscripts: false,
  journalLimit: 10_000,
  vertexLocation: 'any',
  vertexRegions: VERTEX_REGIONS,
  globalModels: 'gemini-3',
  vertexRealtimeText: 'taken',
  vertexUnauthenticated: 'close',
  v1Endpoints: 'served',
  sessionIds: 'vertex-ai',
  host: LOOPBACK,
  tls: false,
  faults: [],
  seed: 1,
  controlRemote: false,
  controlOrigins: [],
  clock: systemClock,
  log: silentLog,
} as const satisfies Omit<EmulatorSettings, 'controlToken'>;

/** Least and most of each number; times in ms. */
const BOUNDS = {
  port: [0, 65_535],
  answerDelayMs: [0, 600_000],
  chunkMs: [5, 10_000],
  burstMs: [0, 600_000],
  paceFactor: [0.1, 1_000_000],
  turnCompleteDelay: [0, 600_000],
  handleLifeMs: [1, 24 * 3_600_000],
  vertexHandleLifeMs: [1, 24 * 3_600_000],
  connectionLimitMs: [1, 24 * 3_600_000],
  goAwayNoticeMs: [0, 24 * 3_600_000],
  sessionLimitMs: [1, 24 * 3_600_000],
  videoSessionLimitMs: [1, 24 * 3_600_000],
  contextWindowTokens: [1, 100_000_000],
  concurrentSessions: [0, 1_000_000],
  connectsPerMinute: [0, 1_000_000],
  undetailedTokens: [0, 1_000_000],
  videoTokensPerFrame: [0, 100_000],
  journalLimit: [1, 10_000_000],
  seed: [-(2 ** 31), 2 ** 31 - 1],
} as const satisfies { readonly [K in keyof EmulatorSettings]?: readonly [number, number] };

/** Fills in the defaults. Throws {@link EmulatorError} `invalid-option` naming an option that makes no sense. */
export function settingsOf(options: Omit<LiveEmulatorOptions, ScenarioOption>): EmulatorSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings: EmulatorSettings = { ...DEFAULTS, controlToken: newControlToken(), ...given };
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = settings[name as keyof typeof BOUNDS];
    if (typeof value === 'number' && !(value >= least && value <= most))
      throw new EmulatorError('invalid-option', `${name} must be ${least} to ${most}.`);
  }
  refuseOtherForms(given);
  if (!isCloseCode(settings.expiryCloseCode))
    throw new EmulatorError('invalid-option', 'expiryCloseCode must be a close code that may be sent.');
  if (settings.vertexLocation !== 'any' && !isLocation(settings.vertexLocation))
    throw new EmulatorError('invalid-option', 'vertexLocation must be any, global, us, eu or a region.');
  if (settings.overLimitCloseCode !== 1006 && !isCloseCode(settings.overLimitCloseCode))
    throw new EmulatorError(
      'invalid-option',
      'overLimitCloseCode must be 1006 or a close code that may be sent.',
    );
  if (!isControlToken(settings.controlToken))
    throw new EmulatorError('invalid-option', `controlToken must be ${CONTROL_TOKEN_FORM}.`);
  const foreign = settings.controlOrigins.find((origin) => !isOrigin(origin));
  if (foreign !== undefined)
    throw new EmulatorError('invalid-option', 'controlOrigins must be origins such as https://app.example.');
  return settings;
}

/** A word or a type that an option does not have, as it can come from JavaScript. */
function refuseOtherForms(given: LiveEmulatorOptions): void {
  try {
    runtimeOptions(runtimeOptionsOf(given), '', 'reject');
  } catch (cause) {
    throw new EmulatorError('invalid-option', cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}

/** Throws {@link EmulatorError} `invalid-option` naming an option that there is not, as a misspelt one in JavaScript is. */
export function refuseUnknownOptions(options: object): void {
  const known = [...Object.keys(DEFAULTS), 'controlToken', 'scenario', 'watchScenario'];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new EmulatorError('invalid-option', `There is no option ${unknown}; the README lists them all.`);
}

/** True for a code that a close frame may carry (RFC 6455, 7.4, and the IANA registry). */
export function isCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
  );
}
