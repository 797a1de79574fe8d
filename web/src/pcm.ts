/**
 * Samples in their three forms: floats of Web Audio in [−1, 1], 16-bit integers of the wire, base64 in messages.
 * 16-bit arrays are in the host's byte order; every host that runs a browser is little-endian, as the wire is.
 * @module
 */
import { BYTES_PER_SAMPLE, decodeBase64 } from '@livegate/protocol';

/** What one step of a 16-bit sample is worth. */
const STEPS = 32_768;

/** The nearest 16-bit value; louder than full scale is full scale, and what is no number is silence. */
export function int16Of(sample: number): number {
  const value = Math.round(sample * STEPS);
  if (value >= STEPS) return STEPS - 1;
  return value < -STEPS ? -STEPS : value || 0;
}

/** The float of a 16-bit value, in [−1, 1). */
export function floatOf(value: number): number {
  return value / STEPS;
}

/**
 * Reads PCM16LE out of standard base64. A last odd byte is half a sample and left out.
 * Throws `SyntaxError`, where the engine checks, for text that is no base64.
 */
export function samplesOf(base64: string): Int16Array<ArrayBuffer> {
  return samplesIn(decodeBase64(base64));
}

/** PCM16LE that has its memory for itself, as samples. A last odd byte is half a sample and left out. */
export function samplesIn(bytes: Uint8Array<ArrayBuffer>): Int16Array<ArrayBuffer> {
  return new Int16Array(bytes.buffer, 0, Math.floor(bytes.byteLength / BYTES_PER_SAMPLE));
}

/** The same memory as bytes, for the wire. */
export function bytesOf(samples: Int16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
