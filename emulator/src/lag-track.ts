/**
 * Believes in a lag when it is seen again and again in one place. Likenesses are 0 to 1. All figures are ours, tuned
 * on synthetic rooms: lags of 0 to 500 ms, reverberation up to 0.4 s, noise up to 10 dB below the echo.
 * @module
 */

/** Sightings this close are of one lag, in ms. */
const TOLERANCE_MS = 15;
/** Likeness from which a place counts as a sighting, and from which one alone convinces. */
const SIGHTING = 0.4;
const CONVINCING = 0.6;
/** Sum of sightings from which a lag is believed, and the most that is remembered. */
const BELIEVED = 0.8;
const MOST_BELIEF = 6;
/** What a sighting elsewhere takes away, and what seeing nothing does. */
const DOUBT = 0.3;
const SLIGHT_DOUBT = 0.15;
/** Part of the usual likeness from which a place is as like as an echo gets. */
const ALIKE = 0.85;
const TYPICAL_FADE = 0.98;

/** The lag of one echo, as far as it is known. */
export class LagTrack {
  #lag: { ms: number; belief: number; likeness: number; typical: number } | undefined;

  /** The lag in ms; `undefined` while none is believed. */
  get lagMs(): number | undefined {
    return this.#lag && this.#lag.belief >= BELIEVED ? this.#lag.ms : undefined;
  }

  /** True where the last search found nothing but the echo: as like as it ever is. */
  get isClean(): boolean {
    return this.#lag !== undefined && this.#lag.likeness > ALIKE * this.#lag.typical;
  }

  /** Takes in where a search found most likeness. */
  see(ms: number, likeness: number): void {
    const lag = this.#lag;
    const isHere = lag !== undefined && Math.abs(lag.ms - ms) <= TOLERANCE_MS;
    if (lag) {
      lag.likeness = isHere ? likeness : 0;
      lag.typical = Math.max(lag.typical * TYPICAL_FADE, lag.likeness);
    }
    if (likeness < SIGHTING) this.#doubt(SLIGHT_DOUBT);
    else if (lag && isHere) {
      lag.belief = Math.min(MOST_BELIEF, lag.belief + likeness);
      lag.ms += (ms - lag.ms) * 0.3;
    } else if (lag && lag.belief > likeness) this.#doubt(DOUBT);
    else
      this.#lag = { ms, belief: likeness >= CONVINCING ? BELIEVED : likeness, likeness, typical: likeness };
  }

  #doubt(by: number): void {
    if (this.#lag) this.#lag.belief -= by;
    if (this.#lag && this.#lag.belief <= 0) this.#lag = undefined;
  }
}
