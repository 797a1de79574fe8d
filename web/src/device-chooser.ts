/**
 * Changes devices in mid-talk: the one somebody chose, or another in place of a lost one. Fetched when it is needed.
 * @module
 */
import { attempt, audioError } from './audio-errors.ts';
import type { Capture } from './capture.ts';
import { AIError } from './errors.ts';
import type { Microphone } from './microphone.ts';
import { microphoneLostError } from './microphone-errors.ts';

/** A context that can play through a device of choice: Chromium 110, not yet in the types of the DOM. */
interface ChoosingContext {
  setSinkId?(id: string): Promise<void>;
}

/** What a {@link DeviceChooser} takes of the graph whose devices it changes. */
export interface DeviceSeat {
  readonly context: AudioContext;
  readonly openMicrophone: (own: MediaTrackConstraints) => Promise<Microphone>;
  readonly openCapture: () => Promise<Capture>;
  /** Listens to this microphone from here on, and closes the one before. */
  readonly use: (opened: Microphone, capture: Capture, isRecovery: boolean) => void;
  /** Turns one off that is not listened to after all. */
  readonly drop: (opened: Microphone) => void;
  readonly microphone: () => Microphone | undefined;
  readonly isClosed: () => boolean;
  readonly onLost: (error: AIError) => void;
}

/** One graph's devices. */
export class DeviceChooser {
  readonly #seat: DeviceSeat;
  #own: MediaTrackConstraints;
  #choosing: Promise<unknown> = Promise.resolve();

  /** `own`: what the microphone was asked for until now. */
  constructor(seat: DeviceSeat, own: MediaTrackConstraints) {
    this.#seat = seat;
    this.#own = own;
  }

  /** Opens the microphone that fits and listens to it instead. One after the other; what fails changes nothing. */
  chooseMicrophone(own: MediaTrackConstraints): Promise<MediaTrackSettings> {
    const chosen = this.#choosing.then(() => this.#listenTo(own, false));
    this.#choosing = chosen.catch(() => {});
    return chosen;
  }

  /** Another microphone in place of a lost one: whichever the browser chooses. */
  recover(lost: Microphone): void {
    const { microphone, isClosed, onLost } = this.#seat;
    const { deviceId: _, ...own } = this.#own;
    const found = this.#choosing.then(() => (lost === microphone() ? this.#listenTo(own, true) : undefined));
    this.#choosing = found.catch((cause: unknown) => {
      if (!isClosed()) onLost(microphoneLostError(cause));
    });
  }

  /** Rejects with {@link AIError} `unsupported` where the browser leaves it to the system, `error` where it fails. */
  async chooseSpeaker(deviceId: string): Promise<void> {
    const context = this.#seat.context as ChoosingContext;
    if (!context.setSinkId)
      throw new AIError(
        'unsupported',
        'This browser plays through the loudspeaker that its system has chosen. Choose it there.',
      );
    try {
      await context.setSinkId(deviceId);
    } catch (cause) {
      throw audioError('The loudspeaker could not be used. Connect it, or choose another.', cause);
    }
  }

  async #listenTo(own: MediaTrackConstraints, isRecovery: boolean): Promise<MediaTrackSettings> {
    const { openMicrophone, openCapture, use, drop } = this.#seat;
    const opening = openMicrophone(own);
    try {
      const [opened, capture] = await Promise.all([opening, openCapture()]);
      attempt('The microphone could not be listened to.', () => use(opened, capture, isRecovery));
      this.#own = own;
      return opened.settings;
    } catch (error) {
      // The user may be asked still.
      opening.then(drop, () => {});
      throw error;
    }
  }
}
