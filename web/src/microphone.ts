/**
 * The microphone: what is asked of it, and which one it is.
 * @module
 */
import { audioError } from './audio-errors.ts';
import type { AudioHost } from './audio-host.ts';
import { fetched } from './late.ts';

/** Echo cancellation in the words of https://www.w3.org/TR/mediacapture-streams/ (read 2026-11), ahead of the types. */
interface SpokenConstraints extends Omit<MediaTrackConstraints, 'echoCancellation'> {
  readonly echoCancellation?: ConstrainBoolean | { readonly ideal: 'all' };
  readonly voiceIsolation?: ConstrainBoolean;
}

/**
 * The constraints of a conversation: mono, echo cancelled (of all that this machine plays, where the browser can),
 * noise and level evened out, no voice isolation: each asked for by name because browsers differ in what they do
 * unasked. `own` overrides them one by one, and adds others (`deviceId`).
 */
export function microphoneConstraints(
  own: MediaTrackConstraints = {},
  echoCancellation: SpokenConstraints['echoCancellation'] = { ideal: 'all' },
): MediaStreamConstraints {
  const audio: SpokenConstraints = {
    channelCount: { ideal: 1 },
    echoCancellation,
    noiseSuppression: { ideal: true },
    autoGainControl: { ideal: true },
    // It takes the voices of others away, and with some drivers the beginnings of words: the page may want it.
    voiceIsolation: { ideal: false },
    ...(own as SpokenConstraints),
  };
  return { audio: audio as MediaTrackConstraints };
}

/** What {@link Microphone.open} takes. */
export interface MicrophoneOptions {
  readonly host: AudioHost;
  readonly own?: MediaTrackConstraints | undefined;
  /** The device was unplugged or taken away. */
  readonly onLost: () => void;
}

/** An open microphone. Owns its tracks. */
export class Microphone {
  readonly stream: MediaStream;
  readonly #tracks: readonly MediaStreamTrack[];
  readonly #onLost: () => void;

  private constructor(stream: MediaStream, onLost: () => void) {
    this.stream = stream;
    this.#tracks = stream.getTracks();
    this.#onLost = onLost;
    for (const track of this.#tracks) track.addEventListener('ended', onLost);
  }

  /**
   * Asks for it. Rejects with {@link AIError} `error`, whose `customErrorData.audio` and message say what a person
   * can do; `cause` is the browser's own.
   */
  static async open({ host, own, onLost }: MicrophoneOptions): Promise<Microphone> {
    const asked = host.openMicrophone(microphoneConstraints(own)).catch((cause: unknown) => {
      // A browser that knows no such word; one that merely has no such canceller goes by `ideal`.
      if (!isUnknownWord(cause) || own?.echoCancellation !== undefined) throw cause;
      return host.openMicrophone(microphoneConstraints(own, { ideal: true }));
    });
    const stream = await asked.catch(async (cause: unknown) => {
      // Without the words for it the browser's own error has to do.
      const words = await fetched(() => import('./microphone-errors.ts'), {
        after: host.after,
        tries: 2,
      }).catch(() => undefined);
      throw words && cause instanceof DOMException
        ? words.microphoneError(cause)
        : audioError('The microphone could not be opened.', cause);
    });
    const microphone = new Microphone(stream, onLost);
    await microphone.#cancelEcho(own);
    return microphone;
  }

  /** What the browser really does, echo cancellation among it. */
  get settings(): MediaTrackSettings {
    return this.stream.getAudioTracks()[0]?.getSettings() ?? {};
  }

  /** Turns it off. Idempotent. */
  close(): void {
    for (const track of this.#tracks) {
      track.removeEventListener('ended', this.#onLost);
      track.stop();
    }
  }

  /** A browser that took `all` for nothing at all is asked for the plain canceller. */
  async #cancelEcho(own: MediaTrackConstraints | undefined): Promise<void> {
    if (own?.echoCancellation !== undefined || this.settings.echoCancellation !== false) return;
    const [track] = this.stream.getAudioTracks();
    const { audio } = microphoneConstraints(own, { ideal: true });
    // It is as it was where this fails, and `settings` says so.
    if (typeof audio === 'object') await track?.applyConstraints(audio).catch(() => {});
  }
}

function isUnknownWord(cause: unknown): boolean {
  return (
    cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'OverconstrainedError')
  );
}
