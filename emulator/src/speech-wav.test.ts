import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { speech } from '../test-support/speech.ts';
import { readWav, WavProblem, writeWav } from './speech-wav.ts';

interface Written {
  readonly code?: number;
  readonly bits: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly extensible?: boolean;
  readonly dataLength?: number;
  readonly before?: Buffer;
}

/** A WAV file of those frames, each a list of raw sample bytes. */
function wav(data: Buffer, { code = 1, bits, channels = 1, rateHz = 8_000, ...rest }: Written): Buffer {
  const { extensible = false, dataLength = data.length, before = Buffer.alloc(0) } = rest;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rateHz, 4);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(code, 24);
  const chunk = (tag: string, body: Buffer, length = body.length) => {
    const head = Buffer.alloc(8);
    head.write(tag, 0, 'latin1');
    head.writeUInt32LE(length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const body = Buffer.concat([before, chunk('fmt ', format), chunk('data', data, dataLength)]);
  return Buffer.concat([chunk('RIFF', Buffer.alloc(0), body.length + 4), Buffer.from('WAVE'), body]);
}

const int16 = (...values: number[]) => Buffer.from(Int16Array.from(values).buffer);
const float32 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const samplesOf = (bytes: Buffer) => [...readWav(bytes).samples];
const problemOf = (bytes: Uint8Array): string => {
  try {
    readWav(bytes);
  } catch (error) {
    if (error instanceof WavProblem) return error.message;
  }
  return 'none';
};

describe('readWav', () => {
  it('gives back what writeWav wrote', () => {
    const samples = Int16Array.of(0, 1, -1, 32_767, -32_768, 12_345);
    expect(readWav(writeWav({ samples, rateHz: 22_050 }))).toEqual({ samples, rateHz: 22_050 });
  });

  it('reads a recorded file sample for sample', () => {
    const bytes = readFileSync(new URL('../test-assets/question.wav', import.meta.url));
    expect(readWav(bytes)).toEqual({ samples: speech('question'), rateHz: 16_000 });
  });

  it.each<readonly [string, Buffer, Written]>([
    ['8-bit', Buffer.from([128, 192, 64, 0]), { bits: 8 }],
    ['16-bit', int16(0, 16_384, -16_384, -32_768), { bits: 16 }],
    ['24-bit', Buffer.from([0, 0, 0, 0, 0, 0x40, 0, 0, 0xc0, 0, 0, 0x80]), { bits: 24 }],
    ['32-bit', Buffer.from(Int32Array.of(0, 2 ** 30, -(2 ** 30), -(2 ** 31)).buffer), { bits: 32 }],
    ['float', float32(0, 0.5, -0.5, -1), { bits: 32, code: 3 }],
    ['double', Buffer.from(Float64Array.of(0, 0.5, -0.5, -1).buffer), { bits: 64, code: 3 }],
    ['extensible float', float32(0, 0.5, -0.5, -1), { bits: 32, code: 3, extensible: true }],
    [
      'after other chunks',
      int16(0, 16_384, -16_384, -32_768),
      { bits: 16, before: Buffer.from('LIST\u0003\0\0\0abc\0') },
    ],
    ['of unknown length', int16(0, 16_384, -16_384, -32_768), { bits: 16, dataLength: 0xffff_ffff }],
    ['cut short', int16(0, 16_384, -16_384, -32_768), { bits: 16, dataLength: 4_000 }],
  ])('reads %s sound', (_, data, format) => {
    expect(samplesOf(wav(data, format))).toEqual([0, 16_384, -16_384, -32_768]);
  });

  it('keeps the finest step of 24 bits, sign and all', () => {
    const data = Buffer.from([0xff, 0xff, 0x3f, 0x80, 0xff, 0xff, 0x7f, 0xff, 0xff]);
    expect(samplesOf(wav(data, { bits: 24 }))).toEqual([16_384, 0, -1]);
  });

  it('averages channels and clips what is too loud', () => {
    const stereo = int16(1_000, 3_000, -500, 500, 32_767, 32_767);
    expect(samplesOf(wav(stereo, { bits: 16, channels: 2 }))).toEqual([2_000, 0, 32_767]);
    expect(samplesOf(wav(float32(2, -2, Number.NaN), { bits: 32, code: 3 }))).toEqual([32_767, -32_768, 0]);
  });

  it.each<readonly [string, Uint8Array]>([
    ['It is not a WAV file (no RIFF WAVE header).', Buffer.from('ID3 and so on, an MP3')],
    ['It is not a WAV file (no RIFF WAVE header).', new Uint8Array(0)],
    [
      'It is µ-law. Save it as PCM of 8, 16, 24 or 32 bits or as float of 32 or 64 bits.',
      wav(int16(1), { bits: 8, code: 7 }),
    ],
    [
      'It is of format 99. Save it as PCM of 8, 16, 24 or 32 bits or as float of 32 or 64 bits.',
      wav(int16(1), { bits: 16, code: 99 }),
    ],
    [
      'It is integer of 12 bits. Save it as PCM of 8, 16, 24 or 32 bits or as float of 32 or 64 bits.',
      wav(int16(1), { bits: 12 }),
    ],
    ['It has no channels.', wav(int16(1), { bits: 16, channels: 0 })],
    ['Its rate is 12 Hz; expected 1000 to 384000.', wav(int16(1), { bits: 16, rateHz: 12 })],
    ['It holds no sound (its data chunk is empty).', wav(Buffer.alloc(0), { bits: 16 })],
    ['It is 601 s long; expected at most 600.', wav(Buffer.alloc(601 * 8_000), { bits: 8 })],
    ['It holds no sound (no data chunk).', wav(int16(1, 2), { bits: 16 }).subarray(0, 36)],
    ['It says no format (no fmt chunk).', wav(int16(1, 2), { bits: 16 }).subarray(0, 12)],
    ['Its format chunk is cut short.', wav(int16(1, 2), { bits: 16 }).subarray(0, 30)],
  ])('says "%s"', (message, bytes) => {
    expect(problemOf(bytes)).toBe(message);
  });
});
