/**
 * The microphone's way out of the worker: to the page, or straight to a socket.
 *
 * The page is the authority, and may take the way back at any time. To give it away it says `attach`; frames are
 * kept from there on, and by the time `attached` reaches the page all frames before have. What it still held goes to
 * the socket before its `go`, and what was kept after it. So nothing is lost, sent twice or overtaken.
 * @module
 */
import { audioWire } from './audio-wire.ts';
import { bytesOf } from './pcm.ts';
import { STALLED_BYTES } from './uplink-limits.ts';
import type { WorkerNotice } from './worker-messages.ts';

/** Samples of 16 kHz after which the page is told of what was sent: 100 ms. */
const REPORT_SAMPLES = 1_600;
/** Frames kept at most for a page that does not answer: 30 s, as the page itself would. In samples. */
const KEPT_SAMPLES = 480_000;
const SAMPLES_PER_MS = 16;

/** What an {@link Uplink} goes out through. */
export interface UplinkWays {
  readonly line: number;
  readonly post: (notice: WorkerNotice, transfer?: Transferable[]) => void;
  /** Hands text to a socket; false where that is not open. */
  readonly send: (socket: number, text: string) => boolean;
  /** Bytes that it has not sent yet. */
  readonly buffered: (socket: number) => number;
}

interface Frame {
  readonly samples: Int16Array<ArrayBuffer>;
  readonly rms: number;
  readonly peak: number;
}

/** One line's way out. */
export class Uplink {
  readonly #ways: UplinkWays;
  readonly #frame: Int16Array<ArrayBuffer>;
  readonly #frameBytes: Uint8Array<ArrayBuffer>;
  readonly #batch: Int16Array<ArrayBuffer>;
  readonly #levels: number[] = [];
  #batched = 0;
  #unsent = 0;
  readonly #kept: Frame[] = [];
  #keptSamples = 0;
  #mode: 'page' | 'keeping' | 'direct' = 'page';
  #socket = 0;
  #serial = 0;

  constructor(ways: UplinkWays, frameSamples: number) {
    this.#ways = ways;
    this.#frame = new Int16Array(frameSamples);
    this.#frameBytes = bytesOf(this.#frame);
    this.#batch = new Int16Array(REPORT_SAMPLES + frameSamples);
  }

  /** Takes the first `count` samples, and keeps no hold of the array. */
  frame(samples: Int16Array<ArrayBuffer>, count: number, rms: number, peak: number): void {
    if (this.#mode === 'direct' && this.#send(samples, count, rms, peak)) return;
    const own = samples.slice(0, count);
    if (this.#mode === 'keeping') this.#keep(own, rms, peak);
    else this.#toPage(own, rms, peak);
  }

  attach(socket: number, serial: number): void {
    this.detach();
    this.#mode = 'keeping';
    this.#socket = socket;
    this.#serial = serial;
    this.#ways.post({ kind: 'attached', line: this.#ways.line, serial });
  }

  go(serial: number): void {
    if (this.#mode !== 'keeping' || serial !== this.#serial) return;
    this.#mode = 'direct';
    for (const { samples, rms, peak } of this.#takeKept()) this.frame(samples, samples.length, rms, peak);
  }

  /** What was kept becomes the page's, after it is told what was sent. */
  detach(): void {
    this.report();
    this.#mode = 'page';
    for (const { samples, rms, peak } of this.#takeKept()) this.#toPage(samples, rms, peak);
  }

  /** A socket is gone. */
  lost(socket: number): void {
    if (this.#mode === 'page' || socket !== this.#socket) return;
    const serial = this.#serial;
    this.report();
    this.#ways.post({ kind: 'detached', line: this.#ways.line, serial });
    this.detach();
  }

  /** Tells the page what was sent and it does not know of yet. */
  report(): void {
    if (this.#batched === 0) return;
    const samples = this.#batch.slice(0, this.#batched);
    const frames = Float32Array.from(this.#levels);
    const unsentMs = this.#unsent / SAMPLES_PER_MS;
    this.#batched = 0;
    this.#levels.length = 0;
    this.#unsent = 0;
    const { post, line } = this.#ways;
    post({ kind: 'sent', line, samples, frames, unsentMs }, [samples.buffer, frames.buffer]);
  }

  #send(samples: Int16Array, count: number, rms: number, peak: number): boolean {
    const { send, buffered } = this.#ways;
    const isWhole = count === samples.length && count === this.#frame.length;
    this.#frame.set(isWhole ? samples : samples.subarray(0, count));
    const bytes = isWhole ? this.#frameBytes : this.#frameBytes.subarray(0, count * 2);
    if (buffered(this.#socket) > STALLED_BYTES) this.#unsent += count;
    else if (!send(this.#socket, audioWire(bytes))) {
      this.lost(this.#socket);
      return false;
    }
    this.#batch.set(isWhole ? this.#frame : this.#frame.subarray(0, count), this.#batched);
    this.#batched += count;
    this.#levels.push(count, rms, peak);
    if (this.#batched >= REPORT_SAMPLES) this.report();
    return true;
  }

  #keep(samples: Int16Array<ArrayBuffer>, rms: number, peak: number): void {
    this.#kept.push({ samples, rms, peak });
    this.#keptSamples += samples.length;
    while (this.#keptSamples > KEPT_SAMPLES) {
      const lost = this.#kept.shift()?.samples.length ?? this.#keptSamples;
      this.#keptSamples -= lost;
      this.#unsent += lost;
    }
  }

  #takeKept(): readonly Frame[] {
    this.#keptSamples = 0;
    return this.#kept.splice(0);
  }

  #toPage(samples: Int16Array<ArrayBuffer>, rms: number, peak: number): void {
    const { post, line } = this.#ways;
    post({ kind: 'captured', line, samples, rms, peak }, [samples.buffer]);
  }
}
