/**
 * WAV files as 16-bit mono samples.
 * @module
 */
import type { PcmAudio } from './answer.ts';

/** Why a file is not taken. The message says what it is and what would do. */
export class WavProblem extends Error {
  override readonly name = 'WavProblem';
}

/** What a `fmt ` chunk says. */
interface Format {
  readonly kind: 'integer' | 'float';
  readonly channels: number;
  readonly rateHz: number;
  readonly bits: number;
}

/** Codes of a `fmt ` chunk. Source: Microsoft's mmreg.h and RFC 2361, as commonly used. */
const PCM = 1;
const IEEE_FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Names of what is met in practice and not taken. */
const OTHER_FORMATS: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  85: 'MP3',
};
const REMEDY = 'Save it as PCM of 8, 16, 24 or 32 bits or as float of 32 or 64 bits.';
/** Rates that a file can be resampled from; anything else is a broken header. */
const RATES_HZ = [1_000, 384_000] as const;
/** Longest audio taken, in s: an answer longer than this is a mistake, and holds 2 bytes for each sample. */
const LONGEST_SECONDS = 600;

/**
 * Reads a RIFF WAVE file: PCM of 8, 16, 24 or 32 bits or float of 32 or 64, any rate, any number of channels, which
 * are averaged. A `data` chunk cut short, or of length 0 or 2³² − 1 as streaming writers leave it, is read as far as
 * it goes. Throws {@link WavProblem} for anything else.
 */
export function readWav(bytes: Uint8Array): PcmAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE')
    throw new WavProblem('It is not a WAV file (no RIFF WAVE header).');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const tag = tagAt(view, at);
    const length = view.getUint32(at + 4, true);
    const from = at + 8;
    if (tag === 'fmt ') format = readFormat(view, from, length);
    if (tag === 'data') {
      if (!format) throw new WavProblem('Its sound stands before its format.');
      const isOpenEnded = length === 0 || length === 0xffff_ffff;
      const end = isOpenEnded ? bytes.length : Math.min(from + length, bytes.length);
      return { samples: readFrames(view, from, end, format), rateHz: format.rateHz };
    }
    at = from + length + (length % 2);
  }
  throw new WavProblem(format ? 'It holds no sound (no data chunk).' : 'It says no format (no fmt chunk).');
}

/** Mono 16-bit PCM as a WAV file. */
export function writeWav({ samples, rateHz }: PcmAudio): Uint8Array {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(PCM, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, 44 + index * 2);
  return bytes;
}

function readFormat(view: DataView, at: number, length: number): Format {
  if (length < 16 || at + length > view.byteLength) throw new WavProblem('Its format chunk is cut short.');
  const named = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const rateHz = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  // An extensible header keeps the real code in the first two bytes of its GUID.
  const code = named === EXTENSIBLE && length >= 26 ? view.getUint16(at + 24, true) : named;
  if (code !== PCM && code !== IEEE_FLOAT)
    throw new WavProblem(`It is ${OTHER_FORMATS[code] ?? `of format ${code}`}. ${REMEDY}`);
  const kind = code === PCM ? 'integer' : 'float';
  const known = kind === 'integer' ? [8, 16, 24, 32] : [32, 64];
  if (!known.includes(bits)) throw new WavProblem(`It is ${kind} of ${bits} bits. ${REMEDY}`);
  if (channels === 0) throw new WavProblem('It has no channels.');
  const [least, most] = RATES_HZ;
  if (rateHz < least || rateHz > most)
    throw new WavProblem(`Its rate is ${rateHz} Hz; expected ${least} to ${most}.`);
  return { kind, channels, rateHz, bits };
}

function readFrames(view: DataView, from: number, end: number, format: Format): Int16Array {
  const { channels, bits, rateHz } = format;
  const step = bits / 8;
  const count = Math.floor((end - from) / (step * channels));
  if (count === 0) throw new WavProblem('It holds no sound (its data chunk is empty).');
  if (count > LONGEST_SECONDS * rateHz)
    throw new WavProblem(`It is ${Math.round(count / rateHz)} s long; expected at most ${LONGEST_SECONDS}.`);
  const read = readerOf(view, format);
  const samples = new Int16Array(count);
  for (let frame = 0; frame < count; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += read(from + (frame * channels + channel) * step);
    samples[frame] = clip((sum / channels) * 32_768);
  }
  return samples;
}

/** Reads one sample as −1 to 1. */
function readerOf(view: DataView, { kind, bits }: Format): (at: number) => number {
  if (kind === 'float') return (at) => (bits === 32 ? view.getFloat32(at, true) : view.getFloat64(at, true));
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 2 ** 7;
    case 16:
      return (at) => view.getInt16(at, true) / 2 ** 15;
    case 24:
      return (at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 2 ** 23;
    default:
      return (at) => view.getInt32(at, true) / 2 ** 31;
  }
}

function clip(value: number): number {
  return Number.isFinite(value) ? Math.max(-32_768, Math.min(32_767, Math.round(value))) : 0;
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));
}
