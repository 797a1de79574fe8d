/**
 * What of the microphone goes to the session: all of it, what is said while a button is held, or nothing; and what is
 * said before there is a session waits for it.
 * @module
 */
import { encodeBase64, INPUT_AUDIO_MIME_TYPE } from '@livegate/protocol';
import { AIError } from './errors.ts';
import { type Level, SILENCE } from './level-meter.ts';
import { INTERNALS, type LiveSession, type LiveSessionInternals } from './live-session.ts';

/** Manual activity: what a session must have for push-to-talk. */
export interface ManualActivity {
  /** The user begins to speak. */
  startActivity(): Promise<void>;
  /** The user has spoken; the model answers. */
  endActivity(): Promise<void>;
}

/** The part of a session that takes the microphone. */
export type MicrophoneSession = Pick<LiveSession, 'sendAudioRealtime'> &
  Partial<ManualActivity> & { readonly [INTERNALS]?: LiveSessionInternals };

/** The microphone's level is told when so much was heard since the last time, in ms. */
const LEVEL_MS = 100;
/** What is said before there is a session, in ms: the oldest of more is lost. */
const EARLY_MS = 10_000;

type Entry = Uint8Array | 'start' | 'end';

/**
 * One conversation's microphone. Its line is open while nothing closes it: muting, a pause, a button that is not
 * held. With push-to-talk opening and closing are the beginning and the end of an activity, else closing is the end of
 * a stream, so that the server's detector does not wait for the rest of an utterance.
 */
export class MicrophoneLine {
  readonly #frameMs: number;
  readonly #isPushToTalk: boolean;
  readonly #onLevel: (level: Level) => void;
  readonly #onEarlyLost: (ms: number) => void;
  readonly #early: Entry[] = [];
  #earlyMs = 0;
  readonly #onSwitch: () => void;
  #session: MicrophoneSession | undefined;
  #isMuted = false;
  #isPaused = false;
  #isPressed = false;
  #isOver = false;
  #peak = 0;
  #squares = 0;
  #heardMs = 0;

  constructor(options: {
    readonly frameMs: number;
    readonly isPushToTalk: boolean;
    readonly onLevel: (level: Level) => void;
    /** It was opened, and the session knows; or closed, and the session is yet to be told. */
    readonly onSwitch?: () => void;
    /** So much of the beginning was lost, because no session was there for too long. */
    readonly onEarlyLost: (ms: number) => void;
  }) {
    this.#frameMs = options.frameMs;
    this.#isPushToTalk = options.isPushToTalk;
    this.#onLevel = options.onLevel;
    this.#onSwitch = options.onSwitch ?? (() => {});
    this.#onEarlyLost = options.onEarlyLost;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isPressed(): boolean {
    return this.#isPressed;
  }

  /** Whether what is said is sent. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#isMuted && !this.#isPaused && (!this.#isPushToTalk || this.#isPressed);
  }

  /** The session is there: what was said before goes to it, in order. */
  connect(session: MicrophoneSession): void {
    this.#session = session;
    for (const entry of this.#early.splice(0)) this.#send(entry, session);
    this.#earlyMs = 0;
  }

  mute(isMuted: boolean): void {
    this.#change(() => {
      this.#isMuted = isMuted;
    });
  }

  pause(isPaused: boolean): void {
    this.#change(() => {
      this.#isPaused = isPaused;
    });
  }

  /** The button of push-to-talk. Throws {@link AIError} `request-error` in a conversation without. */
  press(isPressed: boolean): void {
    if (!this.#isPushToTalk)
      throw new AIError('request-error', 'This conversation listens all the time: start it with pushToTalk.');
    this.#change(() => {
      this.#isPressed = isPressed;
    });
  }

  /** Takes a frame of 16 kHz PCM16LE mono. A closed line takes none. */
  hear(samples: Uint8Array, level: Level): void {
    if (!this.isOpen) return;
    this.#put(samples);
    this.#measure(level);
  }

  /** Takes such a frame that went to the session by itself, while the line was open. */
  sent(samples: Uint8Array, level: Level): void {
    this.#session?.[INTERNALS]?.sentPcm?.(samples);
    if (this.isOpen) this.#measure(level);
  }

  #measure(level: Level): void {
    this.#heardMs += this.#frameMs;
    this.#squares += level.rms ** 2 * this.#frameMs;
    this.#peak = Math.max(this.#peak, level.peak);
    if (this.#heardMs < LEVEL_MS) return;
    this.#onLevel({ rms: Math.sqrt(this.#squares / this.#heardMs), peak: this.#peak });
    this.#heardMs = 0;
    this.#squares = 0;
    this.#peak = 0;
  }

  /** Ends the stream or the activity that is under way; nothing is sent any more. Idempotent. */
  end(): void {
    if (this.#isOver) return;
    const wasOpen = this.isOpen;
    this.#isOver = true;
    this.#onSwitch();
    // A stream is ended once more even where it was closed: it costs nothing, and the session may have moved since.
    if (wasOpen || !this.#isPushToTalk) this.#close();
    this.#early.length = 0;
  }

  #change(how: () => void): void {
    const wasOpen = this.isOpen;
    how();
    if (wasOpen === this.isOpen) return;
    if (this.isOpen) {
      if (this.#isPushToTalk) this.#put('start');
      this.#onSwitch();
      return;
    }
    this.#onSwitch();
    this.#close();
    this.#onLevel(SILENCE);
  }

  #close(): void {
    if (this.#isPushToTalk) this.#put('end');
    else this.#session?.[INTERNALS]?.sendAudioStreamEnd();
  }

  #put(entry: Entry): void {
    if (this.#session) this.#send(entry, this.#session);
    else this.#keep(entry);
  }

  #keep(entry: Entry): void {
    this.#early.push(entry);
    if (typeof entry === 'string') return;
    this.#earlyMs += this.#frameMs;
    if (this.#earlyMs <= EARLY_MS) return;
    this.#early.splice(
      this.#early.findIndex((each) => typeof each !== 'string'),
      1,
    );
    this.#earlyMs -= this.#frameMs;
    this.#onEarlyLost(this.#frameMs);
  }

  // What fails here fails because the session is over; its messages end as well, and with them the conversation.
  #send(entry: Entry, session: MicrophoneSession): void {
    if (entry === 'start') session.startActivity?.().catch(() => {});
    else if (entry === 'end') session.endActivity?.().catch(() => {});
    else if (session[INTERNALS]) session[INTERNALS].sendPcm(entry);
    else
      session
        .sendAudioRealtime({ mimeType: INPUT_AUDIO_MIME_TYPE, data: encodeBase64(entry) })
        .catch(() => {});
  }
}
