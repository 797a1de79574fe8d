/**
 * The fast Fourier transform, in place, for lengths that are powers of two.
 * @module
 */

/** A transform of one length. */
export interface Fourier {
  readonly length: number;
  /** Transforms `real + i·imaginary` in place, unscaled. */
  forward(real: Float64Array, imaginary: Float64Array): void;
  /** The inverse, scaled by 1 / length. */
  inverse(real: Float64Array, imaginary: Float64Array): void;
}

/** Prepares the tables of a length; it must be a power of two of 2 or more. */
export function createFourier(length: number): Fourier {
  const cosines = Float64Array.from({ length: length / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / length));
  const sines = Float64Array.from({ length: length / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / length));
  const forward = (real: Float64Array, imaginary: Float64Array): void => {
    swapBitReversed(real, imaginary, length);
    for (let half = 1; half < length; half *= 2) {
      const stride = length / (2 * half);
      for (let start = 0; start < length; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const low = start + k;
          const high = low + half;
          const cosine = cosines[k * stride] ?? 1;
          const sine = sines[k * stride] ?? 0;
          const highReal = real[high] ?? 0;
          const highImaginary = imaginary[high] ?? 0;
          const turnedReal = highReal * cosine + highImaginary * sine;
          const turnedImaginary = highImaginary * cosine - highReal * sine;
          const lowReal = real[low] ?? 0;
          const lowImaginary = imaginary[low] ?? 0;
          real[low] = lowReal + turnedReal;
          imaginary[low] = lowImaginary + turnedImaginary;
          real[high] = lowReal - turnedReal;
          imaginary[high] = lowImaginary - turnedImaginary;
        }
      }
    }
  };
  return {
    length,
    forward,
    inverse(real, imaginary) {
      forward(imaginary, real);
      for (let k = 0; k < length; k++) {
        real[k] = (real[k] ?? 0) / length;
        imaginary[k] = (imaginary[k] ?? 0) / length;
      }
    },
  };
}

function swapBitReversed(real: Float64Array, imaginary: Float64Array, length: number): void {
  for (let from = 1, to = 0; from < length; from++) {
    let bit = length >> 1;
    for (; to & bit; bit >>= 1) to ^= bit;
    to ^= bit;
    if (from >= to) continue;
    [real[from], real[to]] = [real[to] ?? 0, real[from] ?? 0];
    [imaginary[from], imaginary[to]] = [imaginary[to] ?? 0, imaginary[from] ?? 0];
  }
}
