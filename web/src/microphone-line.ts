/**
 * What of the microphone goes to the session: all of it, what is said while a button is held, or nothing.
 * @module
 */
import { encodeBase64, INPUT_AUDIO_MIME_TYPE } from '@livegate/protocol';
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
export interface MicrophoneSession extends Pick<LiveSession, 'sendAudioRealtime'>, Partial<ManualActivity> {
  readonly sessionId?: string | undefined;
  /** @internal */
  readonly [INTERNALS]?: LiveSessionInternals;
}

/** The microphone's level is told when so much was heard since the last time, in ms. */
const LEVEL_MS = 100;
/** A frame of 16 kHz PCM16LE mono, or where an activity begins or ends. */
export type Entry = Uint8Array | 'start' | 'end';

/** Keeps entries for a session that is not there yet. */
export interface EarlyEntries {
  /** `ms`: how long it is to hear. */
  keep(entry: Entry, ms: number): void;
  /** All that is kept, in order; none is kept any more. */
  take(): readonly Entry[];
}

/** Why a line is closed. */
export type ClosedFor = 'mute' | 'pause' | 'button';

/**
 * One conversation's microphone. Its line is open while nothing closes it: muting, a pause, a button that is not
 * held. With push-to-talk opening and closing are the beginning and the end of an activity, else closing is the end of
 * a stream, so that the server's detector does not wait for the rest of an utterance.
 */
export class MicrophoneLine {
  readonly #frameMs: number;
  readonly #isPushToTalk: boolean;
  readonly #onLevel: (level: Level) => void;
  readonly #early: EarlyEntries | undefined;
  readonly #onSwitch: () => void;
  readonly #closedFor = new Set<ClosedFor>();
  #session: MicrophoneSession | undefined;
  #isOver = false;
  #peak = 0;
  #squares = 0;
  #heardMs = 0;

  constructor(options: {
    readonly frameMs: number;
    readonly isPushToTalk: boolean;
    readonly onLevel: (level: Level) => void;
    /** It was opened, and the session knows; or closed, and the session is yet to be told. */
    readonly onSwitch: () => void;
    /** Takes what comes before there is a session; without, that is nobody's. */
    readonly early: EarlyEntries | undefined;
  }) {
    this.#frameMs = options.frameMs;
    this.#isPushToTalk = options.isPushToTalk;
    this.#onLevel = options.onLevel;
    this.#onSwitch = options.onSwitch;
    this.#early = options.early;
    if (options.isPushToTalk) this.#closedFor.add('button');
  }

  isClosedFor(why: ClosedFor): boolean {
    return this.#closedFor.has(why);
  }

  /** Whether what is said is sent. */
  get isOpen(): boolean {
    return !this.#isOver && this.#closedFor.size === 0;
  }

  /** The session is there: what was said before goes to it, in order. */
  connect(session: MicrophoneSession): void {
    this.#session = session;
    for (const entry of this.#early?.take() ?? []) this.#send(entry, session);
  }

  /** Closes it, or takes back that it was closed for this. */
  close(why: ClosedFor, isClosed: boolean): void {
    const wasOpen = this.isOpen;
    if (isClosed) this.#closedFor.add(why);
    else this.#closedFor.delete(why);
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
    this.#early?.take();
  }

  #close(): void {
    if (this.#isPushToTalk) this.#put('end');
    else this.#session?.[INTERNALS]?.sendAudioStreamEnd();
  }

  #put(entry: Entry): void {
    if (this.#session) this.#send(entry, this.#session);
    else this.#early?.keep(entry, entry instanceof Uint8Array ? this.#frameMs : 0);
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
