/**
 * How loud a stream of samples is.
 * @module
 */

/** Loudness over a stretch of samples, as shares of full scale: 0 is silence, 1 the loudest there is. */
export interface Level {
  /** Root mean square: what the ear takes for loudness. */
  readonly rms: number;
  /** The largest sample. 1 means that it was probably clipped. */
  readonly peak: number;
}

/** No sound. */
export const SILENCE: Level = { rms: 0, peak: 0 };

/** Adds samples up between two readings. Allocates nothing. */
export class LevelMeter {
  #squares = 0;
  #samples = 0;
  #peak = 0;

  /** Loudness since the last {@link reset}. */
  get rms(): number {
    return this.#samples === 0 ? 0 : Math.sqrt(this.#squares / this.#samples);
  }

  /** Largest sample since the last {@link reset}. */
  get peak(): number {
    return this.#peak;
  }

  /** Hears the first `count` samples, floats in [−1, 1]. */
  hear(samples: Float32Array, count: number): void {
    let squares = this.#squares;
    let peak = this.#peak;
    for (let at = 0; at < count; at++) {
      const sample = samples[at] as number;
      squares += sample * sample;
      if (sample > peak) peak = sample;
      else if (-sample > peak) peak = -sample;
    }
    this.#squares = squares;
    this.#peak = peak;
    this.#samples += count;
  }

  /** Starts over. */
  reset(): void {
    this.#squares = 0;
    this.#samples = 0;
    this.#peak = 0;
  }
}
