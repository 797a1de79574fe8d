import { describe, expect, it } from 'vitest';
import { bytesOf, floatOf, int16Of, samplesOf } from './pcm.ts';

describe('int16Of and floatOf', () => {
  it('bring every 16-bit value back as it was', () => {
    for (let value = -32_768; value <= 32_767; value += 13) expect(int16Of(floatOf(value))).toBe(value);
  });

  it('clip what is louder than full scale, and take what is no number for silence', () => {
    expect([1, 1.5, -1, -7].map(int16Of)).toEqual([32_767, 32_767, -32_768, -32_768]);
    expect(int16Of(Number.NaN)).toBe(0);
  });
});

describe('samplesOf', () => {
  it('reads little-endian samples out of base64', () => {
    expect(samplesOf('AQD//wCA')).toEqual(Int16Array.of(1, -1, -32_768));
  });

  it('leaves out half a sample at the end', () => {
    expect(samplesOf('AQD//wA=')).toEqual(Int16Array.of(1, -1));
    expect(samplesOf('AQ==')).toHaveLength(0);
  });
});

describe('bytesOf', () => {
  it('gives the samples as the wire has them', () => {
    expect(bytesOf(Int16Array.of(1, -2))).toEqual(Uint8Array.of(1, 0, 254, 255));
    expect(bytesOf(Int16Array.of(9, 1, -2).subarray(1))).toEqual(Uint8Array.of(1, 0, 254, 255));
  });
});
