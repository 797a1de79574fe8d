import { describe, expect, it } from 'vitest';
import { readWav } from './wav.ts';

function wav({ channels = 1, bits = 16, extra = '' } = {}): Uint8Array {
  const header = Buffer.alloc(16);
  header.writeUInt16LE(1, 0);
  header.writeUInt16LE(channels, 2);
  header.writeUInt32LE(24_000, 4);
  header.writeUInt16LE(bits, 14);
  const chunk = (name: string, body: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(body.length);
    return Buffer.concat([Buffer.from(name), size, body, Buffer.alloc(body.length % 2)]);
  };
  const samples = Buffer.from(Int16Array.from([0, 32_767, -32_768]).buffer);
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', header),
    ...(extra === '' ? [] : [chunk('LIST', Buffer.from(extra))]),
    chunk('data', samples),
  ]);
  return chunk('RIFF', body);
}

describe('readWav', () => {
  it.each(['', 'odd'])('reads samples and rate, past other chunks (%j)', (extra) => {
    expect(readWav(wav({ extra }))).toEqual({
      samples: Int16Array.from([0, 32_767, -32_768]),
      rateHz: 24_000,
    });
  });

  it.each([{ channels: 2 }, { bits: 8 }])('refuses %j', (format) => {
    expect(() => readWav(wav(format))).toThrow('16-bit mono');
  });

  it('refuses what is no WAV, and one that was cut before its samples', () => {
    expect(() => readWav(Buffer.from('hello, world'))).toThrow('Not a WAV');
    expect(() => readWav(wav().subarray(0, 36))).toThrow('without samples');
  });
});
