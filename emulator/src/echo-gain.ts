/**
 * How much of what is played comes back, band by band, and how much of a sound that explains. Energies throughout.
 * All figures are ours, tuned with those of `lag-track.ts`.
 * @module
 */
import { BANDS } from './band-energies.ts';

/** How much louder than expected an echo may be. */
const MARGIN = 4;
/** How far above its floor noise may rise. */
const NOISE_MARGIN = 3;
/** What a frame later is left of what was learnt. */
const REMEMBERED = 0.985;
/** Weight of what one assumes of a band, as part of all that was played. */
const PRIOR = 0.003;
/** Frames after which a gain is known well enough. */
const LEARNING_FRAMES = 40;

/** The gain of one echo path. */
export class EchoGain {
  readonly #heard = new Float64Array(BANDS);
  readonly #played = new Float64Array(BANDS);
  #frames = 0;

  /** True until enough was learnt to decide by it alone. */
  get isNew(): boolean {
    return this.#frames < LEARNING_FRAMES;
  }

  /** Learns from a frame that is nothing but echo. */
  learn(heard: Float64Array, played: Float64Array): void {
    this.#frames++;
    for (let band = 0; band < BANDS; band++) {
      this.#heard[band] = (this.#heard[band] ?? 0) * REMEMBERED + (heard[band] ?? 0);
      this.#played[band] = (this.#played[band] ?? 0) * REMEMBERED + (played[band] ?? 0);
    }
  }

  /** Part of what is heard, 0 to 1, that neither the echo nor the noise floor accounts for. */
  unexplained(heard: Float64Array, played: Float64Array, noise: Float64Array): number {
    const gains = this.#gains();
    let all = 0;
    let rest = 0;
    for (const [band, energy] of heard.entries()) {
      const echo = MARGIN * (gains[band] ?? 0) * (played[band] ?? 0);
      all += energy;
      rest += Math.max(0, energy - echo - NOISE_MARGIN * (noise[band] ?? 0));
    }
    return all === 0 ? 0 : rest / all;
  }

  /** A band in which little was played yet is taken to be like the strongest. */
  #gains(): Float64Array {
    const total = this.#played.reduce((sum, energy) => sum + energy, 0) + 1;
    const sure = this.#heard.map((energy, band) => energy / ((this.#played[band] ?? 0) + total * 1e-3));
    const weight = total * PRIOR;
    const assumed = weight * Math.max(...sure);
    return this.#heard.map((energy, band) => (energy + assumed) / ((this.#played[band] ?? 0) + weight));
  }
}
