/**
 * What an audio conversation can be asked for, and what can be done with one.
 * @module
 */
import type { AudioGraphNodes } from './audio-graph.ts';
import type {
  AudioConversationEvents,
  AudioConversationListener,
  ConversationEnd,
  PlaybackFigures,
} from './conversation-events.ts';
import type { EchoStrategy } from './echo-gate.ts';
import type { FunctionCallingHandler, LiveTools } from './tool-desk.ts';
import type { WorkletUrls } from './worklet-urls.ts';

/** What firebase/ai's `startAudioConversation` takes. */
export interface StartAudioConversationOptions {
  /**
   * Runs a function that the model calls and answers with its result. It is called once for each call of a message,
   * with that one call, beside the audio; ids are filled in. What it throws is told to the model as the result
   * `{ error }`, and, in a conversation of `openAudioConversation`, to the page as event `toolFailed`.
   */
  functionCallingHandler?: FunctionCallingHandler;
}

/** What {@link openAudioConversation} takes beyond that. */
export interface AudioConversationOptions extends StartAudioConversationOptions {
  /**
   * Functions of the page by name, run beside the audio, each with a time limit and a signal that is aborted when the
   * model cancels the call. Calls of others go to `functionCallingHandler`; without one the model is told that there
   * is no such function.
   */
  readonly tools?: LiveTools;
  /** Called once, when the conversation is over and everything of it is closed, however it ended. */
  readonly onEnded?: (end: ConversationEnd) => void;
  /** Called once the microphone is heard, which may be before the session is there: now the user may speak. */
  readonly onListening?: () => void;
  /** Where the page hosts the worklets, if not beside this module. */
  readonly workletUrls?: Partial<WorkletUrls>;
  /**
   * Overrides of what the microphone is asked for: mono, echo cancellation, noise suppression, automatic gain, no voice
   * isolation. `false`: no microphone and no question about one, until `chooseMicrophone()`; for talks in writing.
   */
  readonly microphone?: MediaTrackConstraints | false;
  /** What is done about an echo that the browser leaves; `plain` if unset. */
  readonly echo?: EchoStrategy;
  /** The loudspeaker, by `deviceId`. The system's own if unset. */
  readonly speaker?: string;
  /**
   * Nothing is sent but between `press()` and `release()`. For sessions whose automatic activity detection is off and
   * that have `startActivity()` and `endActivity()`.
   */
  readonly pushToTalk?: boolean;
  /** Pauses while the page is out of sight. */
  readonly pauseWhenHidden?: boolean;
  /** Keeps the screen from going dark while the page is in sight, where the browser can. */
  readonly keepAwake?: boolean;
  /** Length of a frame to the model in ms, 10 to 40: shorter is heard sooner, longer is fewer messages. 10 if unset. */
  readonly frameMs?: number;
  /**
   * Called once with the nodes of the conversation, connected, before anything is heard or said: for a visualiser or
   * a recorder after the loudspeaker's node. They are closed with the conversation.
   */
  readonly onGraph?: (nodes: AudioGraphNodes) => void;
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
  readonly isPaused: boolean;
  /** The button of push-to-talk is held. */
  readonly isPressed: boolean;
  readonly figures: PlaybackFigures;
  /** What the browser really does with the microphone; `undefined` while there is none. */
  readonly microphoneSettings: MediaTrackSettings | undefined;
  /** Stops sending the microphone (`true`), or sends it again. */
  mute(isMuted: boolean): void;
  /** The user begins to speak. Throws {@link AIError} `request-error` where `pushToTalk` was not asked for. */
  press(): void;
  /** The user has spoken; the model answers. Throws as {@link AudioConversation.press}. */
  release(): void;
  /** Holds both sides, `true`, or goes on: nothing is sent, and what the model says waits. */
  pause(isPaused: boolean): void;
  /** Loudness of the model: 0 to 1, which it begins with. Throws {@link AIError} `request-error` for other numbers. */
  setVolume(volume: number): void;
  /** Microphones and loudspeakers; their names only once a microphone was allowed. */
  listDevices(): Promise<readonly MediaDeviceInfo[]>;
  /**
   * Listens to another microphone, without a break in what is played; the answer is what the browser does with it. A
   * conversation that began without gets one. Rejects as {@link openAudioConversation} does, and listens on to the one
   * before.
   */
  chooseMicrophone(microphone: string | MediaTrackConstraints): Promise<MediaTrackSettings>;
  /**
   * Plays through another loudspeaker; `''` is the system's own. Rejects with {@link AIError} `unsupported` where the
   * browser leaves that to the system (Firefox, Safari), `error` where it cannot be used.
   */
  chooseSpeaker(deviceId: string): Promise<void>;
  /** Listens to an event; the answer stops it. */
  on<K extends keyof AudioConversationEvents>(type: K, listener: AudioConversationListener<K>): () => void;
}
