import { describe, expect, it } from 'vitest';
import { readSamples, samplesOfBase64, samplesToBase64 } from './pcm.ts';

const samples = Int16Array.of(0, 1, -1, 256, 32_767, -32_768);
const bytes = Buffer.from('000001 00ffff 0001 ff7f 0080'.replaceAll(' ', ''), 'hex');

describe('samples on the wire', () => {
  it('are little-endian', () => {
    expect(readSamples(bytes)).toEqual(samples);
    expect(samplesToBase64(samples)).toBe(bytes.toString('base64'));
    expect(samplesOfBase64(bytes.toString('base64'))).toEqual(samples);
  });

  it('are read wherever they lie, and not tied to what they were read from', () => {
    const shifted = Buffer.concat([Buffer.of(7), bytes]);
    const read = readSamples(shifted.subarray(1));
    shifted.fill(0);
    expect(read).toEqual(samples);
    expect(samplesToBase64(Int16Array.of(5, ...samples).subarray(1))).toBe(samplesToBase64(samples));
  });

  it('are whole', () => {
    expect(readSamples(bytes.subarray(1))).toBeUndefined();
    expect(samplesOfBase64('AAAA')).toBeUndefined();
  });
});
