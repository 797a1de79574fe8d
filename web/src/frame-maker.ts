/**
 * Turns what a microphone gives, in blocks of any rate and length, into frames for the wire. Pure; runs wherever
 * samples come out: on the audio thread today.
 * @module
 */
import { INPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { LevelMeter } from './level-meter.ts';
import { int16Of } from './pcm.ts';
import { Resampler } from './resampler.ts';

/** Frames that are kept for reuse; a page that is stalled for longer makes more of them, once. */
const SPARE_FRAMES = 64;
/** Samples resampled at a time, in the microphone's rate. */
const BLOCK = 1_024;

/** Gets a frame when it is full. It owns `samples` until it gives them back with {@link FrameMaker.recycle}. */
export type FrameSink = (samples: Int16Array<ArrayBuffer>, count: number, rms: number, peak: number) => void;

/**
 * 16 kHz PCM16 mono in frames of `frameSamples`. Allocates nothing once as many frames as are under way at a time
 * have come back.
 */
export class FrameMaker {
  readonly #resampler: Resampler;
  readonly #frameSamples: number;
  readonly #sink: FrameSink;
  readonly #meter = new LevelMeter();
  readonly #input = new Float32Array(BLOCK);
  readonly #resampled: Float32Array;
  readonly #spare: Int16Array<ArrayBuffer>[] = [];
  #frame: Int16Array<ArrayBuffer>;
  #filled = 0;
  #muted = false;
  #block = 0;

  /** Throws `RangeError` for a rate that {@link Resampler} does not take. */
  constructor(options: {
    readonly inputRateHz: number;
    readonly frameSamples: number;
    readonly sink: FrameSink;
  }) {
    this.#resampler = new Resampler({
      inputRateHz: options.inputRateHz,
      outputRateHz: INPUT_SAMPLE_RATE_HZ,
    });
    this.#resampled = new Float32Array(this.#resampler.outputsFor(BLOCK) + 1);
    this.#frameSamples = options.frameSamples;
    this.#sink = options.sink;
    this.#frame = new Int16Array(options.frameSamples);
  }

  /** While muted nothing is made of what comes. What was said before is sent, in a frame that may be short. */
  mute(muted: boolean): void {
    if (muted) this.flush();
    this.#muted = muted;
  }

  /**
   * Takes mono floats in [−1, 1]. `undefined` is a block of silence as long as the last one, and nothing before the
   * first: Firefox gives a worklet no channel at all while a track is silent, and a stream that stops would leave the
   * service's detector waiting.
   */
  push(samples: Float32Array | undefined): void {
    if (samples) this.#block = samples.length;
    for (let start = 0; start < this.#block; start += BLOCK) {
      const count = Math.min(BLOCK, this.#block - start);
      if (!samples) this.#input.fill(0, 0, count);
      else this.#input.set(samples.length === count ? samples : samples.subarray(start, start + count));
      // Muted samples still go through: the filter's position in the stream must not jump.
      const made = this.#resampler.process(this.#input, count, this.#resampled);
      if (!this.#muted) this.#fill(made);
    }
  }

  /** Sends what there is of a frame. */
  flush(): void {
    if (this.#filled > 0) this.#emit();
  }

  /** Takes a frame back that is no longer read. */
  recycle(frame: Int16Array<ArrayBuffer>): void {
    if (frame.length === this.#frameSamples && this.#spare.length < SPARE_FRAMES) this.#spare.push(frame);
  }

  #fill(count: number): void {
    this.#meter.hear(this.#resampled, count);
    const resampled = this.#resampled;
    for (let at = 0; at < count; ) {
      const frame = this.#frame;
      const end = Math.min(count, at + this.#frameSamples - this.#filled);
      let filled = this.#filled;
      while (at < end) frame[filled++] = int16Of(resampled[at++] as number);
      this.#filled = filled;
      if (filled === this.#frameSamples) this.#emit();
    }
  }

  #emit(): void {
    const frame = this.#frame;
    const count = this.#filled;
    this.#frame = this.#spare.pop() ?? new Int16Array(this.#frameSamples);
    this.#filled = 0;
    this.#sink(frame, count, this.#meter.rms, this.#meter.peak);
    this.#meter.reset();
  }
}
