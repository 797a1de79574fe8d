/**
 * The level of steady noise in each band: the least that was heard there for a while.
 * @module
 */
import { BANDS } from './band-energies.ts';

/** Frames of one stretch; the floor is the least of the last stretch and the one under way: 1 to 2 s. Ours. */
const STRETCH_FRAMES = 50;
/** A frame below this in every band, as energy, is digital silence: a muted microphone says nothing of the room. */
const SILENCE = 1_000;

/** Follows the noise floor of one stream. */
export class NoiseFloor {
  #last = new Float64Array(BANDS);
  #under = new Float64Array(BANDS).fill(Number.POSITIVE_INFINITY);
  #frames = 0;

  /** Takes in the band energies of a frame; gives the floor with it. */
  hear(bands: Float64Array): Float64Array {
    if (Math.max(...bands) < SILENCE) return this.#last;
    this.#under = this.#under.map((least, band) => Math.min(least, bands[band] ?? 0));
    if (this.#frames === 0) this.#last = this.#under;
    const floor = this.#last.map((least, band) => Math.min(least, this.#under[band] ?? 0));
    if (++this.#frames % STRETCH_FRAMES === 0) {
      this.#last = this.#under;
      this.#under = bands.slice();
    }
    return floor;
  }
}
