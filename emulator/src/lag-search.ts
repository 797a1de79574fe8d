/**
 * Finds a short signal, delayed and changed in level, in a longer one.
 * @module
 */
import { createFourier } from './fourier.ts';

/** Where it was found. */
export interface Match {
  /** Samples from the end of the reference back to the end of the found place. */
  readonly lag: number;
  /** Correlation there, 0 to 1. */
  readonly likeness: number;
}

/** A search for signals of one length in references of another. */
export type LagSearch = (signal: Float64Array, reference: Float64Array) => Match;

/** Places whose energy is below this part of the largest count as if they had it: silence is like nothing. */
const ENERGY_FLOOR = 0.01;

/** Prepares a search; both lengths are in samples. */
export function createLagSearch(signalLength: number, referenceLength: number): LagSearch {
  const size = 2 ** Math.ceil(Math.log2(referenceLength));
  const fourier = createFourier(size);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  return (signal, reference) => {
    // Two real transforms for the price of one: the signal as real part, the reference as imaginary part.
    real.fill(0).set(signal);
    imaginary.fill(0).set(reference);
    fourier.forward(real, imaginary);
    crossSpectrum(real, imaginary, size);
    fourier.inverse(real, imaginary);
    return bestMatch(real, energy(signal), energiesOf(reference, signalLength));
  };
}

/** `conj(signal) × reference` out of the transform of both packed into one. */
function crossSpectrum(real: Float64Array, imaginary: Float64Array, size: number): void {
  for (let k = 0; k <= size / 2; k++) {
    const mirror = (size - k) % size;
    const a = real[k] ?? 0;
    const b = imaginary[k] ?? 0;
    const c = real[mirror] ?? 0;
    const d = imaginary[mirror] ?? 0;
    const signalReal = (a + c) / 2;
    const signalImaginary = (b - d) / 2;
    const referenceReal = (b + d) / 2;
    const referenceImaginary = (c - a) / 2;
    const crossReal = signalReal * referenceReal + signalImaginary * referenceImaginary;
    const crossImaginary = signalReal * referenceImaginary - signalImaginary * referenceReal;
    real[k] = real[mirror] = crossReal;
    imaginary[k] = crossImaginary;
    imaginary[mirror] = k === mirror ? crossImaginary : -crossImaginary;
  }
}

function bestMatch(correlation: Float64Array, signalEnergy: number, energies: Float64Array): Match {
  const floor = Math.max(...energies) * ENERGY_FLOOR;
  let best: Match = { lag: 0, likeness: 0 };
  for (const [place, placeEnergy] of energies.entries()) {
    const likeness =
      Math.abs(correlation[place] ?? 0) / Math.sqrt(signalEnergy * (placeEnergy + floor) + 1e-9);
    if (likeness > best.likeness) best = { lag: energies.length - 1 - place, likeness };
  }
  return best;
}

/** Energy of every stretch of `length` samples, by where it begins. */
function energiesOf(samples: Float64Array, length: number): Float64Array {
  const energies = new Float64Array(samples.length - length + 1);
  let sum = energy(samples.subarray(0, length));
  for (let place = 0; place < energies.length; place++) {
    energies[place] = Math.max(0, sum);
    sum += (samples[place + length] ?? 0) ** 2 - (samples[place] ?? 0) ** 2;
  }
  return energies;
}

function energy(samples: Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}
