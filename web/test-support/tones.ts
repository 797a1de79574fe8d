/** Tones for the tests of the audio engine, and what can be measured of them. */

/** A sine of `hz` at amplitude `level`, floats at `rateHz`. */
export function tone(
  hz: number,
  options: { readonly rateHz: number; readonly seconds: number; readonly level?: number },
): Float32Array {
  const { rateHz, seconds, level = 1 } = options;
  return Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, at) => level * Math.sin((2 * Math.PI * hz * at) / rateHz),
  );
}

/** The same as 16-bit samples. */
export function pcmTone(hz: number, options: Parameters<typeof tone>[1]): Int16Array<ArrayBuffer> {
  return Int16Array.from(tone(hz, options), (sample) => Math.round(sample * 32_767));
}

/** Root mean square as the amplitude of a sine, in dB below full scale. */
export function levelDb(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return 10 * Math.log10(2 * power);
}

/** Frequency by the zero crossings, in Hz. */
export function frequencyOf(samples: Float32Array, rateHz: number): number {
  const crossings: number[] = [];
  for (let at = 1; at < samples.length; at++) {
    const [before = 0, after = 0] = [samples[at - 1], samples[at]];
    if (before < 0 && after >= 0) crossings.push(at - 1 + before / (before - after));
  }
  return ((crossings.length - 1) * rateHz) / ((crossings.at(-1) ?? 0) - (crossings[0] ?? 0));
}

/** The largest step from one sample to the next. */
export function steepestStep(samples: Float32Array): number {
  let most = 0;
  for (let at = 1; at < samples.length; at++)
    most = Math.max(most, Math.abs((samples[at] ?? 0) - (samples[at - 1] ?? 0)));
  return most;
}

/** One after the other. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}
