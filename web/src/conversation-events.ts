/**
 * What an audio conversation tells beside the session's own events.
 * @module
 */
import type { AIError } from './errors.ts';
import type { Level } from './level-meter.ts';
import type { ToolCallEvent } from './tool-desk.ts';

/** How a conversation ended. `failed`: `error` says why; the session may still be open. */
export type ConversationEnd =
  | { readonly reason: 'stopped' }
  | { readonly reason: 'session-ended' }
  | { readonly reason: 'failed'; readonly error: AIError };

/** Events of an audio conversation. Times in ms. None of them holds what was said. */
export interface AudioConversationEvents {
  /** How loud a side is: ten times a second, the model's only while it speaks, with a last silence. */
  level: Level & { readonly side: 'microphone' | 'speaker' };
  /** The model's voice begins to be heard, or has been heard to its end. */
  speaking: { readonly isSpeaking: boolean };
  /** The user cut in: so much of the turn was heard, so much was thrown away. */
  interrupted: { readonly playedMs: number; readonly discardedMs: number };
  /** The model's speech broke off for so long, because the rest of it was late. */
  gap: { readonly ms: number };
  /**
   * After each break and interruption: their sums since the conversation began, as the session reports them. Times in ms.
   */
  quality: Pick<PlaybackFigures, 'gaps' | 'gapMs' | 'interruptions'>;
  /**
   * The model heard its own voice and stopped: `count` times so far. `isGating`: from here on its voice is kept from it
   * (`echo: 'plain'`, after the second time).
   */
  selfInterruption: { readonly count: number; readonly isGating: boolean };
  /** The browser lets the page make no sound until somebody clicks, taps or types in it; then it goes on by itself. */
  blocked: { readonly isBlocked: boolean };
  /**
   * A microphone is listened to: the first, one that was chosen, or (`isRecovery`) one in place of a lost one.
   * `settings` is what the browser really does: device, rate, echo cancellation, noise suppression, gain.
   */
  microphoneOpened: { readonly settings: MediaTrackSettings; readonly isRecovery: boolean };
  /**
   * The microphone was unplugged or taken away, and no other could be opened: `error` says why. The model is heard on;
   * `chooseMicrophone()` goes on with another.
   */
  microphoneLost: { readonly error: AIError };
  /** A microphone or loudspeaker came or went; `listDevices()` has what there is. */
  devices: Record<string, never>;
  /** The conversation was paused, or goes on: by `pause()`, or because the page was hidden. */
  paused: { readonly isPaused: boolean };
  /** So much of what was said before the session was there is lost: it took too long to connect. */
  earlyLost: { readonly ms: number };
  /**
   * A call that the conversation runs began, ended, failed or was cancelled: name, id, state and ms, nothing of what it
   * was about. Without `tools` and `functionCallingHandler` it runs none.
   */
  toolCall: ToolCallEvent;
  /** The handler of a function call failed. The model was told, and the conversation goes on. */
  toolFailed: { readonly name: string; readonly error: unknown };
}

/** Listens to one kind of event. */
export type AudioConversationListener<K extends keyof AudioConversationEvents> = (
  event: AudioConversationEvents[K],
) => void;

/** Figures since a conversation began. Times in ms. */
export interface PlaybackFigures {
  /** Speech that was heard. */
  readonly playedMs: number;
  /** Speech that waits to be heard. */
  readonly queuedMs: number;
  /** Breaks inside turns, and their sum. */
  readonly gaps: number;
  readonly gapMs: number;
  /** Times the user cut in. */
  readonly interruptions: number;
}
