import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesOfBase64, decodeBase64, encodeBase64, standardBase64 } from './base64.ts';

const samples = Array.from({ length: 9 }, (_, length) =>
  Uint8Array.from({ length }, (_, index) => (index * 89 + 250) & 255),
);

describe('encodeBase64 and decodeBase64', () => {
  it('agree with the platform on every remainder', () => {
    for (const bytes of samples) {
      const expected = Buffer.from(bytes).toString('base64');
      expect(encodeBase64(bytes)).toBe(expected);
      expect(decodeBase64(expected)).toEqual(bytes);
    }
  });

  it('agree on more than an engine takes at a time', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => (index * index) >> 3);
    const text = encodeBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(decodeBase64(text)).toEqual(bytes);
  });

  it('throw for what is no base64', () => {
    expect(() => decodeBase64('!')).toThrow();
  });

  it('agree where the engine has its own', async () => {
    vi.resetModules();
    const fromBase64 = vi.fn((text: string) => new Uint8Array(Buffer.from(text, 'base64')));
    Object.assign(Uint8Array, { fromBase64 });
    const { decodeBase64: decode } = await import('./base64.ts');
    expect(decode('AAEC')).toEqual(Uint8Array.of(0, 1, 2));
    expect(fromBase64).toHaveBeenCalledOnce();
  });

  afterEach(() => {
    Reflect.deleteProperty(Uint8Array, 'fromBase64');
  });
});

describe('standardBase64', () => {
  it('pads, maps the URL-safe letters and refuses what is no base64', () => {
    expect(standardBase64('-_8')).toBe('+/8=');
    expect(standardBase64('')).toBe('');
    expect(standardBase64('AA==')).toBe('AA==');
    expect(standardBase64('A===')).toBeUndefined();
    expect(standardBase64('AAAAA')).toBeUndefined();
    expect(standardBase64('AA\n')).toBeUndefined();
  });
});

describe('bytesOfBase64', () => {
  it.each(['-_8', '-_8=', '+/8=', '+/8'])('reads %s', (text) => {
    expect(bytesOfBase64(text)).toEqual(Uint8Array.of(251, 255));
  });

  it.each([
    '€€€€',
    'A',
    'AAAAA',
    'AA A',
    'AAAA\n',
    ' AAAA',
    '====',
    'AA====',
    'AA=A',
    'A=AA',
    '=AAA',
    'AA-_=A',
  ])('takes %j as little as standardBase64 does', (text) => {
    expect(standardBase64(text)).toBeUndefined();
    expect(bytesOfBase64(text)).toBeUndefined();
  });

  it('agrees with the platform on every remainder', () => {
    for (const bytes of samples) expect(bytesOfBase64(encodeBase64(bytes))).toEqual(bytes);
  });
});
