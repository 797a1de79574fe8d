/**
 * The page's half of a line in the live worker: decides when its sound goes past the page. See `uplink.ts` and
 * `downlink.ts` for the worker's half.
 * @module
 */
import type { Level } from './level-meter.ts';
import { bytesOf } from './pcm.ts';
import type { SoundSource, WorkerCommand, WorkerNotice } from './worker-messages.ts';
import type { CaptureCommand, PlaybackCommand } from './worklet-messages.ts';

/** Numbers of {@link SentFrames} a frame: length, RMS, peak. */
const OF_A_FRAME = 3;

/** Hears a line. Samples are 16 kHz PCM16LE mono, the listener's to keep. */
export interface LineEvents {
  /** To be sent. */
  frame(samples: Uint8Array, level: Level): void;
  /** Was sent; `behind` more frames follow in the same breath. */
  sent(samples: Uint8Array, level: Level, behind: number): void;
  /** So much was not, because the network takes nothing. */
  unsent(ms: number): void;
  stopped(): void;
  /** The worker is gone, and the line with it; or the sound of a track cannot be read. */
  failed(what: 'worker' | 'track'): void;
}

/** A line. */
export class RemoteLine {
  readonly #line: number;
  readonly #post: (command: WorkerCommand, transfer?: Transferable[]) => void;
  readonly #events: LineEvents;
  readonly #next: () => number;
  #up: number | undefined;
  #attachedAs = 0;
  #down: number | undefined;
  /** Number of the first `hear`, and of the last that was answered. */
  #heardFrom = Number.POSITIVE_INFINITY;
  #answered = 0;

  /** `next` gives numbers that rise, of all lines of the page. */
  constructor(options: {
    readonly line: number;
    readonly frameSamples: number;
    readonly events: LineEvents;
    readonly post: (command: WorkerCommand, transfer?: Transferable[]) => void;
    readonly next: () => number;
  }) {
    this.#line = options.line;
    this.#events = options.events;
    this.#post = options.post;
    this.#next = options.next;
    this.#post({ kind: 'line', line: this.#line, frameSamples: options.frameSamples });
  }

  /** Makes frames of this sound from here on, and none of another. */
  listen(source: SoundSource): void {
    this.#post({ kind: 'listen', line: this.#line, source }, [source]);
  }

  capture(command: CaptureCommand): void {
    this.#post({ kind: 'capture', line: this.#line, command });
  }

  /** Where commands go from here on that {@link play} gets, and what is heard of a socket. */
  speaker(port: MessagePort): void {
    this.#post({ kind: 'speaker', line: this.#line, port }, [port]);
  }

  play(command: PlaybackCommand): void {
    const transfer = command.kind === 'play' ? [command.samples.buffer] : [];
    this.#post({ kind: 'play', line: this.#line, command }, transfer);
  }

  /** Lets frames go straight to this socket, or come to the page. What was sent on the socket before comes first. */
  sendTo(socket: number | undefined): void {
    if (socket === this.#up) return;
    if (this.#up !== undefined) this.#post({ kind: 'detach', line: this.#line });
    this.#up = socket;
    if (socket === undefined) return;
    this.#attachedAs = this.#next();
    this.#post({ kind: 'attach', line: this.#line, socket, serial: this.#attachedAs });
  }

  /** Lets what comes on this socket be heard without the page. */
  hear(socket: number | undefined): void {
    if (socket === this.#down) return;
    this.#down = socket;
    if (socket === undefined) return;
    const serial = this.#next();
    this.#heardFrom = Math.min(this.#heardFrom, serial);
    this.#post({ kind: 'hear', line: this.#line, socket, serial });
  }

  /**
   * Whether the sound of a message that came with this number is seen to. To be asked of each message in order, once
   * all before are played.
   */
  isHeard(heard: number | undefined): boolean {
    if (heard === undefined || heard < this.#heardFrom) return false;
    if (heard > this.#answered) {
      this.#answered = heard;
      this.#post({ kind: 'heard', line: this.#line, serial: heard });
    }
    return true;
  }

  hangUp(): void {
    this.#post({ kind: 'hang-up', line: this.#line });
  }

  /** The worker says something. */
  hearWorker(notice: Extract<WorkerNotice, { readonly line: number }>): void {
    if (notice.kind === 'captured')
      this.#events.frame(bytesOf(notice.samples), { rms: notice.rms, peak: notice.peak });
    else if (notice.kind === 'sent') this.#sent(notice.samples, notice.frames, notice.unsentMs);
    else if (notice.kind === 'broken') this.#events.failed('track');
    else if (notice.kind === 'stopped') this.#events.stopped();
    else if (notice.kind === 'detached') {
      if (notice.serial === this.#attachedAs) this.#up = undefined;
    } else if (notice.serial === this.#attachedAs && this.#up !== undefined)
      this.#post({ kind: 'go', line: this.#line, serial: notice.serial });
  }

  /** The worker is gone. */
  lost(): void {
    this.#events.failed('worker');
  }

  #sent(samples: Int16Array<ArrayBuffer>, frames: Float32Array, unsentMs: number): void {
    let from = 0;
    for (let at = 0; at < frames.length; at += OF_A_FRAME) {
      const to = from + (frames[at] ?? 0);
      const level = { rms: frames[at + 1] ?? 0, peak: frames[at + 2] ?? 0 };
      const behind = (frames.length - at) / OF_A_FRAME - 1;
      this.#events.sent(bytesOf(samples.subarray(from, to)), level, behind);
      from = to;
    }
    if (unsentMs > 0) this.#events.unsent(unsentMs);
  }
}
