/**
 * The door: microphone in, loudspeaker out, with one call.
 * @module
 */
import { ofSession } from './audio-errors.ts';
import { AudioGraph } from './audio-graph.ts';
import { type AudioHost, browserHost } from './audio-host.ts';
import type { AudioConversationEvents } from './conversation-events.ts';
import { ConversationHold, handleOf } from './conversation-handle.ts';
import type {
  AudioConversation,
  AudioConversationController,
  AudioConversationOptions,
  StartAudioConversationOptions,
} from './conversation-options.ts';
import { ConversationRunner, type ConversationSession } from './conversation-runner.ts';
import { EarlySpeech } from './early-speech.ts';
import { AIError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import { fetched } from './late.ts';
import { INTERNALS } from './live-session.ts';
import { Loudspeaker } from './loudspeaker.ts';
import type { EarlyEntries } from './microphone-line.ts';

/** Bounds of `frameMs`: below, messages cost more than they save; above, one hears the delay. */
const SHORTEST_FRAME_MS = 10;
const LONGEST_FRAME_MS = 40;
const DEFAULT_FRAME_MS = 10;

/**
 * firebase/ai's way to let user and model talk: {@link openAudioConversation} with its one option and its handle, and
 * with its errors: where the microphone is the reason it rejects with the browser's own `DOMException`
 * (`NotAllowedError`, `NotFoundError`, `NotReadableError`).
 */
export async function startAudioConversation(
  liveSession: ConversationSession,
  options: StartAudioConversationOptions = {},
): Promise<AudioConversationController> {
  return startConversation(liveSession, options, browserHost);
}

/** {@link startAudioConversation} on any host. */
export async function startConversation(
  session: ConversationSession,
  { functionCallingHandler }: StartAudioConversationOptions,
  host: AudioHost,
): Promise<AudioConversationController> {
  try {
    const { runner } = await begin(
      session,
      { ...(functionCallingHandler && { functionCallingHandler }) },
      { host },
    );
    // Pages pass it on by itself, as firebase/ai's can be.
    return { stop: () => runner.stop() };
  } catch (error) {
    throw error instanceof AIError && error.customErrorData?.audio && error.cause instanceof DOMException
      ? error.cause
      : error;
  }
}

/**
 * Opens microphone and loudspeaker and lets user and model talk. Call it from a click or a tap: browsers make no
 * sound otherwise (it starts all the same then, and is heard after the next one: event `blocked`).
 *
 * Takes a session, or the promise of one: with `openAudioConversation(model.connect())` the user is asked for the
 * microphone, and may speak (`onListening`), while the session connects; ten seconds are kept for it.
 *
 * Rejects, with everything closed again:
 * - {@link AIError} `session-closed`: connect a new session.
 * - {@link AIError} `request-error`: a conversation runs on this session (stop it first), or `frameMs` is out of
 *   bounds.
 * - {@link AIError} `unsupported`: no secure context (`customErrorData.audio` `insecure-origin`), a browser without
 *   AudioWorklet, or `pushToTalk` on a session whose automatic activity detection is on (`field`); the message says
 *   which.
 * - {@link AIError} `error`, `customErrorData.audio` `microphone-denied`, `no-microphone`, `microphone-busy`: the
 *   message says what a person can do; `cause` is the `DOMException` of `getUserMedia`.
 * - {@link AIError} `error` without: a worklet could not be loaded, or the browser gave no audio; read `cause`.
 * - What a promised session rejected with.
 */
export function openAudioConversation(
  liveSession: ConversationSession | PromiseLike<ConversationSession>,
  options: AudioConversationOptions = {},
): Promise<AudioConversation> {
  return openConversation(liveSession, options, browserHost);
}

/** {@link openAudioConversation} on any host. */
export async function openConversation(
  session: ConversationSession | PromiseLike<ConversationSession>,
  options: AudioConversationOptions,
  host: AudioHost,
): Promise<AudioConversation> {
  const { pushToTalk: isPushToTalk = false, speaker } = options;
  const events = new EventHub<AudioConversationEvents>();
  const {
    runner,
    sound,
    session: taken,
  } = await begin(session, options, {
    host,
    events,
    early: new EarlySpeech((ms) => void events.emit('earlyLost', { ms })),
    check: (each) => checkManual(each, isPushToTalk),
    ready: async (graph) => {
      if (speaker !== undefined) await (await graph.devices()).chooseSpeaker(speaker);
    },
  });
  const loudspeaker = new Loudspeaker(sound, { after: host.after });
  const hold = new ConversationHold(runner, loudspeaker);
  attend(runner, { options, host, hold });
  return handleOf(runner, { session: taken, sound, host, loudspeaker, hold, isPushToTalk });
}

/** What a conversation is begun with beyond its options. */
interface Beginning {
  readonly host: AudioHost;
  readonly events?: EventHub<AudioConversationEvents>;
  readonly early?: EarlyEntries;
  /** Throws what is wrong with a session. */
  readonly check?: (session: ConversationSession) => void;
  /** Awaited before the session is. */
  readonly ready?: (sound: AudioGraph) => Promise<void>;
}

/** A conversation that runs, and what it runs on. */
interface Begun {
  readonly runner: ConversationRunner;
  readonly sound: AudioGraph;
  readonly session: ConversationSession;
}

/** What both ways share. Who starts a conversation by firebase/ai's gets no code of what its handle cannot do. */
async function begin(
  session: ConversationSession | PromiseLike<ConversationSession>,
  options: AudioConversationOptions,
  { host, events, early, check = () => {}, ready }: Beginning,
): Promise<Begun> {
  const promised = 'then' in session ? Promise.resolve(session) : undefined;
  // It may reject while the user is asked; the rejection is this function's.
  promised?.catch(() => {});
  /** The session that errors name, and the same once it is in conversation. */
  let named = 'then' in session ? undefined : session;
  let taken: ConversationSession | undefined;
  let sound: AudioGraph | undefined;
  const take = (each: ConversationSession): void => {
    checkSession(each, check);
    each.inConversation = true;
    taken = each;
  };
  try {
    // Before anything is awaited: of two calls at the same time one must find the other.
    if (named) take(named);
    const obstacle = host.obstacle({ microphone: options.microphone !== false });
    if (obstacle)
      throw new AIError(
        'unsupported',
        obstacle.message,
        obstacle.isInsecure ? { audio: 'insecure-origin' } : undefined,
      );
    const frameMs = options.frameMs ?? DEFAULT_FRAME_MS;
    if (!(frameMs >= SHORTEST_FRAME_MS && frameMs <= LONGEST_FRAME_MS))
      throw new AIError('request-error', 'frameMs is a number from 10 to 40.');
    const { functionCallingHandler, workletUrls, microphone, onGraph } = options;
    const runner = new ConversationRunner({
      events,
      early,
      frameMs,
      isPushToTalk: options.pushToTalk === true,
      functionCallingHandler,
      echo: options.echo ?? 'plain',
      now: () => host.now(),
      after: (ms, wake) => host.after(ms, wake),
      tools: options.tools,
    });
    sound = await AudioGraph.open({ host, listener: runner, frameMs, workletUrls, microphone, onGraph });
    await ready?.(sound);
    runner.hear(sound);
    options.onListening?.();
    if (promised) {
      named = await promised;
      take(named);
    }
    if (!named || named.isClosed) throw closed();
    runner.start(named);
    return { runner, sound, session: named };
  } catch (error) {
    await sound?.close();
    if (taken) taken.inConversation = false;
    throw ofSession(error, named);
  }
}

/** What goes on beside the sound until the conversation is over. */
function attend(
  runner: ConversationRunner,
  {
    options,
    host,
    hold,
  }: {
    readonly options: AudioConversationOptions;
    readonly host: AudioHost;
    readonly hold: ConversationHold;
  },
): void {
  let isOver = false;
  let unwatch = (): void => {};
  const { keepAwake = false, pauseWhenHidden = false } = options;
  // Whoever starts to talk out of sight is not heard until the watch is there either.
  if (pauseWhenHidden) hold.hold('sight', host.isHidden());
  if (keepAwake || pauseWhenHidden)
    fetched(() => import('./page-watch.ts'), { after: host.after, isOver: () => isOver }).then(
      ({ watchPage }) => {
        if (isOver) return;
        if (pauseWhenHidden) hold.hold('sight', host.isHidden());
        unwatch = watchPage({
          host,
          keepAwake,
          onHidden: (isHidden) => pauseWhenHidden && hold.hold('sight', isHidden),
        });
      },
      () => {},
    );
  const onDevices = (): void => void runner.events.emit('devices', {});
  host.devices?.addEventListener('devicechange', onDevices);
  void runner.done.then((end) => {
    isOver = true;
    unwatch();
    host.devices?.removeEventListener('devicechange', onDevices);
    options.onEnded?.(end);
  });
}

function checkSession(session: ConversationSession, check: (session: ConversationSession) => void): void {
  if (session.isClosed) throw closed();
  if (session.inConversation)
    throw new AIError(
      'request-error',
      'A conversation runs on this session already. Stop it before you start another.',
    );
  check(session);
}

function checkManual(session: ConversationSession, isPushToTalk: boolean): void {
  const isManual = session.startActivity && session.endActivity && !session[INTERNALS]?.isAutomatic?.();
  if (isPushToTalk && !isManual)
    throw new AIError(
      'unsupported',
      'pushToTalk needs a session that does not look for speech by itself: connect with live: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } }, and a policy that lets the page set it.',
      { field: 'realtimeInputConfig' },
    );
}

function closed(): AIError {
  return new AIError('session-closed', 'This session is closed. Connect a new one.');
}
