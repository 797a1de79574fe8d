/**
 * 16-bit mono PCM as bytes and as samples.
 * @module
 */
import { endianness } from 'node:os';
import { BYTES_PER_SAMPLE } from '@livegate/protocol';

/** Whether samples lie in memory as they go over the wire: on all but a few machines. */
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Whole little-endian samples out of bytes; `undefined` for an odd number of them. */
export function readSamples(bytes: Uint8Array): Int16Array | undefined {
  if (bytes.length % BYTES_PER_SAMPLE !== 0) return undefined;
  const samples = new Int16Array(bytes.length / BYTES_PER_SAMPLE);
  const own = Buffer.from(samples.buffer);
  own.set(bytes);
  if (!IS_LITTLE_ENDIAN) own.swap16();
  return samples;
}

/** Samples out of standard base64; `undefined` where they are not whole. */
export function samplesOfBase64(data: string): Int16Array | undefined {
  return readSamples(Buffer.from(data, 'base64'));
}

/** Samples as standard base64 of little-endian bytes. */
export function samplesToBase64(samples: Int16Array): string {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return (IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap16()).toString('base64');
}

/** One array out of several. */
export function joinSamples(pieces: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
