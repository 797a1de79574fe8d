/**
 * The model's voice on its way through the worker: straight from a socket to the loudspeaker.
 *
 * The page marks from where: with `hear` the frames of a socket are marked and their sound is kept; when the page's
 * own reading comes to the first marked frame it has played all before (through {@link Downlink.play}) and says
 * `heard`. So nothing is played twice or out of order.
 * @module
 */
import { soundOfFrame } from './sound-of-frame.ts';
import type { PlaybackCommand } from './worklet-messages.ts';

/** Commands kept at most for a page that does not answer; more, and they are played. */
const KEPT = 4_096;

/** One line's way to its loudspeaker. */
export class Downlink {
  #port: Pick<MessagePort, 'postMessage' | 'close'> | undefined;
  #socket: number | undefined;
  #serial = 0;
  #isKeeping = false;
  readonly #kept: { readonly serial: number; readonly command: PlaybackCommand }[] = [];

  speaker(port: Pick<MessagePort, 'postMessage' | 'close'>): void {
    this.#port = port;
  }

  /** The page's own command: it comes before all that is kept. */
  play(command: PlaybackCommand): void {
    this.#port?.postMessage(command, command.kind === 'play' ? [command.samples.buffer] : []);
  }

  hear(socket: number, serial: number): void {
    this.#socket = socket;
    this.#serial = serial;
    this.#isKeeping = true;
  }

  heard(serial: number): void {
    this.#release(serial);
  }

  /**
   * Plays a frame's sound, now or when the page is ready; answers the serial it goes under, and whether the page can
   * wait for it: it holds sound that is played already.
   */
  frame(socket: number, text: string): { readonly heard: number; readonly canWait: boolean } | undefined {
    if (socket !== this.#socket || !this.#port) return undefined;
    const commands = soundOfFrame(text);
    const canWait = !this.#isKeeping && commands.length > 0 && commands.every(({ kind }) => kind === 'play');
    for (const command of commands)
      if (this.#isKeeping) this.#kept.push({ serial: this.#serial, command });
      else this.play(command);
    if (this.#kept.length > KEPT) this.#release(this.#serial);
    return { heard: this.#serial, canWait };
  }

  close(): void {
    this.#socket = undefined;
    this.#port?.close();
    this.#port = undefined;
  }

  /** What was kept under this number and those before it. */
  #release(serial: number): void {
    if (serial === this.#serial) this.#isKeeping = false;
    const later = this.#kept.findIndex((kept) => kept.serial > serial);
    for (const { command } of this.#kept.splice(0, later < 0 ? this.#kept.length : later)) this.play(command);
  }
}
