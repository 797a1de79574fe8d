/**
 * The door: microphone in, loudspeaker out, with one call.
 * @module
 */
import { AudioGraph, type AudioGraphNodes } from './audio-graph.ts';
import { type AudioHost, browserHost } from './audio-host.ts';
import type {
  AudioConversationEvents,
  AudioConversationListener,
  ConversationEnd,
  PlaybackFigures,
} from './conversation-events.ts';
import { ConversationRunner, type ConversationSession } from './conversation-runner.ts';
import { AIError } from './errors.ts';
import type { FunctionCallingHandler } from './tool-desk.ts';
import type { WorkletUrls } from './worklet-urls.ts';

/** Bounds of `frameMs`: below, messages cost more than they save; above, one hears the delay. */
const SHORTEST_FRAME_MS = 10;
const LONGEST_FRAME_MS = 40;
const DEFAULT_FRAME_MS = 20;

/** What {@link startAudioConversation} takes. All but the first are ours; firebase/ai knows only that one. */
export interface StartAudioConversationOptions {
  /**
   * Runs a function that the model calls and answers with its result. It is called once for each call of a message,
   * with that one call, beside the audio; ids are filled in. What it throws is told to the model as the result
   * `{ error }`, and to the page as event `toolFailed`.
   */
  functionCallingHandler?: FunctionCallingHandler;
  /** Called once, when the conversation is over and everything of it is closed, however it ended. */
  onEnded?: (end: ConversationEnd) => void;
  /** Where the page hosts the worklets, if not beside this module. */
  workletUrls?: Partial<WorkletUrls>;
  /** Overrides of what the microphone is asked for: mono, echo cancellation, noise suppression, automatic gain. */
  microphone?: MediaTrackConstraints;
  /** Length of a frame to the model in ms, 10 to 40: shorter is heard sooner, longer is fewer messages. 20 if unset. */
  frameMs?: number;
  /**
   * Called once with the nodes of the conversation, connected, before anything is heard or said: for a visualiser or
   * a recorder after the loudspeaker's node. They are closed with the conversation.
   */
  onGraph?: (nodes: AudioGraphNodes) => void;
}

/** firebase/ai's handle of a conversation. */
export interface AudioConversationController {
  /**
   * Ends the conversation: microphone off, nodes and context closed; the session stays open. Resolves when that is
   * done. Idempotent. Rejects with {@link AIError} if the conversation had failed before.
   */
  stop: () => Promise<void>;
}

/** A conversation that runs, with what we have beyond firebase/ai's handle. */
export interface AudioConversation extends AudioConversationController {
  /** How the conversation ended, once everything is closed. Never rejects. */
  readonly done: Promise<ConversationEnd>;
  readonly isMuted: boolean;
  readonly figures: PlaybackFigures;
  /** Stops sending the microphone (`true`), or sends it again. */
  mute(isMuted: boolean): void;
  /** Loudness of the model: 0 to 1, which it begins with. Throws {@link AIError} `request-error` for other numbers. */
  setVolume(volume: number): void;
  /** Listens to an event; the answer stops it. */
  on<K extends keyof AudioConversationEvents>(type: K, listener: AudioConversationListener<K>): () => void;
}

/**
 * Opens microphone and loudspeaker and lets user and model talk. Call it from a click or a tap: browsers make no
 * sound otherwise (it starts all the same then, and is heard after the next one: event `blocked`).
 *
 * Rejects, with everything closed again:
 * - {@link AIError} `session-closed`: connect a new session.
 * - {@link AIError} `request-error`: a conversation runs on this session (stop it first), or `frameMs` is out of
 *   bounds.
 * - {@link AIError} `unsupported`: no secure context, or a browser without AudioWorklet; the message says which.
 * - `DOMException` of `getUserMedia`, untouched: `NotAllowedError` (refused), `NotFoundError` (no microphone),
 *   `NotReadableError` (in use elsewhere).
 * - {@link AIError} `error`: a worklet could not be loaded, or the browser gave no audio; read `cause`.
 */
export function startAudioConversation(
  liveSession: ConversationSession,
  options: StartAudioConversationOptions = {},
): Promise<AudioConversation> {
  return openConversation(liveSession, options, browserHost);
}

/** {@link startAudioConversation} on any host. */
export async function openConversation(
  session: ConversationSession,
  options: StartAudioConversationOptions,
  host: AudioHost,
): Promise<AudioConversation> {
  if (session.isClosed) throw closed();
  if (session.inConversation)
    throw new AIError(
      'request-error',
      'A conversation runs on this session already. Stop it before you start another.',
    );
  const obstacle = host.obstacle();
  if (obstacle !== undefined) throw new AIError('unsupported', obstacle);
  const frameMs = options.frameMs ?? DEFAULT_FRAME_MS;
  if (!(frameMs >= SHORTEST_FRAME_MS && frameMs <= LONGEST_FRAME_MS))
    throw new AIError('request-error', 'frameMs is a number from 10 to 40.');

  // Before anything is awaited: of two calls at the same time one must find the other.
  session.inConversation = true;
  const { functionCallingHandler, workletUrls, microphone, onGraph, onEnded } = options;
  const runner = new ConversationRunner({ session, frameMs, functionCallingHandler });
  try {
    const sound = await AudioGraph.open({
      host,
      listener: runner,
      frameMs,
      workletUrls,
      microphone,
      onGraph,
    });
    if (session.isClosed) {
      await sound.close();
      throw closed();
    }
    runner.start(sound);
  } catch (error) {
    session.inConversation = false;
    throw error;
  }
  if (onEnded) void runner.done.then(onEnded);
  return handleOf(runner);
}

function handleOf(runner: ConversationRunner): AudioConversation {
  return {
    // Pages pass it on by itself, as firebase/ai's can be.
    stop: () => runner.stop(),
    done: runner.done,
    get isMuted() {
      return runner.isMuted;
    },
    get figures() {
      return runner.figures;
    },
    mute: (isMuted) => runner.mute(isMuted),
    setVolume: (volume) => runner.setVolume(volume),
    on: (type, listener) => runner.on(type, listener),
  };
}

function closed(): AIError {
  return new AIError('session-closed', 'This session is closed. Connect a new one.');
}
