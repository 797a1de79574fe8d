/**
 * 16-bit mono PCM as bytes and as samples.
 * @module
 */
import { BYTES_PER_SAMPLE } from '@livegate/protocol';

/** Whole little-endian samples out of bytes; `undefined` for an odd number of them. */
export function readSamples(bytes: Uint8Array): Int16Array | undefined {
  if (bytes.length % BYTES_PER_SAMPLE !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int16Array.from({ length: bytes.length / BYTES_PER_SAMPLE }, (_, index) =>
    view.getInt16(index * BYTES_PER_SAMPLE, true),
  );
}

/** Samples as standard base64 of little-endian bytes. */
export function samplesToBase64(samples: Int16Array): string {
  const bytes = Buffer.alloc(samples.length * BYTES_PER_SAMPLE);
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * BYTES_PER_SAMPLE);
  return bytes.toString('base64');
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
