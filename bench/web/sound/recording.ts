/**
 * A recording whose samples have a time on the wall.
 * @module
 */

/** Samples of one rate. */
export interface Sound {
  readonly samples: Float32Array;
  readonly rateHz: number;
}

/** Frames that the audio thread renders at once. https://www.w3.org/TR/webaudio-1.1/#render-quantum (read 2026-11). */
export const QUANTUM_FRAMES = 128;
/**
 * Blocks are rendered in bursts, three or four at once when the device asks. The first of a burst cannot be played before
 * it is rendered, and the device plays steadily: this share of blocks around a sample is no later than their first ones
 * usually are.
 */
const FIRST_OF_BURSTS = 0.85;
const AROUND_MS = 1_000;
/** `Date.now()` is cut to whole milliseconds: half of one is missing on average. */
const CUT_MS = 0.5;

/** What the ear heard. The stamp of a block is when it was rendered, in whole epoch ms. */
export class Recording implements Sound {
  readonly samples: Float32Array;
  readonly rateHz: number;
  /** For each block, how far its stamp is ahead of the time its frames count; in ms. */
  readonly #offsets: Float64Array;

  constructor({ samples, rateHz, stamps }: Sound & { readonly stamps: Float64Array }) {
    this.samples = samples;
    this.rateHz = rateHz;
    this.#offsets = stamps.map((stamp, block) => stamp + CUT_MS - (block * QUANTUM_FRAMES * 1_000) / rateHz);
  }

  /** When a frame is out, in epoch ms: at the earliest a device could play it. Jitter of single bursts is left out. */
  timeOf(frame: number): number {
    return (frame * 1_000) / this.rateHz + this.#offsetAt(frame / QUANTUM_FRAMES);
  }

  /** The frame that is out at a time in epoch ms. */
  frameAt(at: number): number {
    const rough = ((at - this.#offsetAt(0)) * this.rateHz) / 1_000;
    return Math.round(((at - this.#offsetAt(rough / QUANTUM_FRAMES)) * this.rateHz) / 1_000);
  }

  /** What was heard from one time to another, in epoch ms. */
  between(from: number, to: number): Sound & { readonly startFrame: number } {
    const startFrame = Math.max(0, this.frameAt(from));
    return { samples: this.samples.subarray(startFrame, this.frameAt(to)), rateHz: this.rateHz, startFrame };
  }

  #offsetAt(block: number): number {
    const reach = (AROUND_MS * this.rateHz) / (1_000 * QUANTUM_FRAMES);
    const last = this.#offsets.length - 1;
    const middle = Math.min(Math.max(block, 0), last);
    const near = this.#offsets.slice(Math.max(0, Math.floor(middle - reach)), Math.ceil(middle + reach));
    return near.toSorted()[Math.floor((near.length - 1) * FIRST_OF_BURSTS)] ?? 0;
  }
}
