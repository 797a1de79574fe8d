/**
 * The door: microphone in, loudspeaker out, with one call.
 * @module
 */
import { AudioGraph } from './audio-graph.ts';
import { type AudioHost, browserHost } from './audio-host.ts';
import type {
  AudioConversation,
  AudioConversationController,
  AudioConversationOptions,
  StartAudioConversationOptions,
} from './conversation-options.ts';
import { ConversationRunner, type ConversationSession } from './conversation-runner.ts';
import { AIError } from './errors.ts';
import { fetched } from './late.ts';

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
      host,
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
 *   AudioWorklet, or `pushToTalk` on a session without manual activity; the message says which.
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
  const { runner, sound } = await begin(session, options, host);
  attend(runner, options, host);
  return handleOf(runner, sound, host);
}

/** What both ways share. Who starts a conversation by firebase/ai's gets no code of what its handle cannot do. */
async function begin(
  session: ConversationSession | PromiseLike<ConversationSession>,
  options: AudioConversationOptions,
  host: AudioHost,
): Promise<{ readonly runner: ConversationRunner; readonly sound: AudioGraph }> {
  const promised = 'then' in session ? Promise.resolve(session) : undefined;
  // It may reject while the user is asked; the rejection is this function's.
  promised?.catch(() => {});
  if (!('then' in session)) checkSession(session, options);
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

  // Before anything is awaited: of two calls at the same time one must find the other.
  if (!('then' in session)) session.inConversation = true;
  const { functionCallingHandler, workletUrls, microphone, onGraph } = options;
  const runner = new ConversationRunner({
    frameMs,
    isPushToTalk: options.pushToTalk === true,
    functionCallingHandler,
    echo: options.echo ?? 'plain',
    now: () => host.now(),
    after: (ms, wake) => host.after(ms, wake),
    tools: options.tools,
  });
  let sound: AudioGraph | undefined;
  let taken = 'then' in session ? undefined : session;
  try {
    sound = await AudioGraph.open({ host, listener: runner, frameMs, workletUrls, microphone, onGraph });
    if (options.speaker !== undefined) await sound.chooseSpeaker(options.speaker);
    runner.hear(sound);
    options.onListening?.();
    if (promised) {
      const connected = await promised;
      checkSession(connected, options);
      connected.inConversation = true;
      taken = connected;
    }
    if (!taken || taken.isClosed) throw closed();
    runner.start(taken);
  } catch (error) {
    await sound?.close();
    if (taken) taken.inConversation = false;
    throw error;
  }
  return { runner, sound };
}

/** What goes on beside the sound until the conversation is over. */
function attend(runner: ConversationRunner, options: AudioConversationOptions, host: AudioHost): void {
  let isOver = false;
  let unwatch = (): void => {};
  const { keepAwake = false, pauseWhenHidden = false } = options;
  // Whoever starts to talk out of sight is not heard until the watch is there either.
  if (pauseWhenHidden) runner.hide(host.isHidden());
  if (keepAwake || pauseWhenHidden)
    fetched(() => import('./page-watch.ts'), { after: host.after, isOver: () => isOver }).then(
      ({ watchPage }) => {
        if (isOver) return;
        if (pauseWhenHidden) runner.hide(host.isHidden());
        unwatch = watchPage({
          host,
          keepAwake,
          onHidden: (isHidden) => pauseWhenHidden && runner.hide(isHidden),
        });
      },
      () => {},
    );
  const onDevices = (): void => runner.devices();
  host.devices?.addEventListener('devicechange', onDevices);
  void runner.done.then((end) => {
    isOver = true;
    unwatch();
    host.devices?.removeEventListener('devicechange', onDevices);
    options.onEnded?.(end);
  });
}

function handleOf(runner: ConversationRunner, sound: AudioGraph, host: AudioHost): AudioConversation {
  return {
    stop: () => runner.stop(),
    done: runner.done,
    get isMuted() {
      return runner.line.isMuted;
    },
    get isPaused() {
      return runner.isPaused;
    },
    get isPressed() {
      return runner.line.isPressed;
    },
    get figures() {
      return runner.figures;
    },
    get microphoneSettings() {
      return sound.microphoneSettings;
    },
    mute: (isMuted) => runner.mute(isMuted),
    press: () => runner.press(true),
    release: () => runner.press(false),
    pause: (isPaused) => runner.pause(isPaused),
    setVolume(volume) {
      if (!(volume >= 0 && volume <= 1))
        throw new AIError('request-error', 'A volume is a number from 0 to 1.');
      sound.setVolume(volume);
    },
    listDevices: () => host.listDevices(),
    chooseMicrophone: (microphone) =>
      sound.chooseMicrophone(
        typeof microphone === 'string' ? { deviceId: { exact: microphone } } : microphone,
      ),
    chooseSpeaker: (deviceId) => sound.chooseSpeaker(deviceId),
    on: (type, listener) => runner.on(type, listener),
  };
}

function checkSession(
  session: ConversationSession,
  { pushToTalk }: Pick<AudioConversationOptions, 'pushToTalk'>,
): void {
  if (session.isClosed) throw closed();
  if (session.inConversation)
    throw new AIError(
      'request-error',
      'A conversation runs on this session already. Stop it before you start another.',
    );
  if (pushToTalk && !(session.startActivity && session.endActivity))
    throw new AIError(
      'unsupported',
      'pushToTalk needs a session with startActivity() and endActivity(), whose automatic activity detection is off.',
    );
}

function closed(): AIError {
  return new AIError('session-closed', 'This session is closed. Connect a new one.');
}
