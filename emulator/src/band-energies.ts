/**
 * Energy of a short piece of sound in bands as wide as the ear's.
 * @module
 */
import { GUARD_RATE_HZ } from './echo-reference.ts';
import { createFourier } from './fourier.ts';

/** Samples of one piece at {@link GUARD_RATE_HZ}: 32 ms. */
export const BAND_WINDOW = 256;

/** Edges of the bands, in Hz. */
const EDGES_HZ = [
  150, 250, 350, 450, 570, 700, 840, 1_000, 1_170, 1_370, 1_600, 1_850, 2_150, 2_500, 2_900, 3_400, 3_900,
] as const;

/** How many bands there are. */
export const BANDS = EDGES_HZ.length - 1;

const fourier = createFourier(BAND_WINDOW);
const WINDOW = Float64Array.from(
  { length: BAND_WINDOW },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / BAND_WINDOW),
);
const BINS = EDGES_HZ.map((hz) => Math.round((hz * BAND_WINDOW) / GUARD_RATE_HZ));

/** Energies of {@link BAND_WINDOW} samples, low bands first. */
export function bandEnergies(samples: Float64Array): Float64Array {
  const real = samples.map((sample, index) => sample * (WINDOW[index] ?? 0));
  const imaginary = new Float64Array(BAND_WINDOW);
  fourier.forward(real, imaginary);
  const energies = new Float64Array(BANDS);
  for (let band = 0; band < BANDS; band++) {
    let sum = 0;
    for (let bin = BINS[band] ?? 0; bin < (BINS[band + 1] ?? 0); bin++)
      sum += (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
    energies[band] = sum;
  }
  return energies;
}
