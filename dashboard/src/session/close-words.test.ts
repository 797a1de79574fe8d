import { CLOSE_CODE } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { closeRemedyWords, closeWords } from './close-words.ts';

describe('closeWords', () => {
  it.each(Object.values(CLOSE_CODE))('has words of its own for %i', (code) => {
    expect(closeWords(code)).toMatch(new RegExp(`^${code}: `));
    expect(closeWords(code)).not.toContain('not known');
  });

  it('says so of a code that nobody has seen', () => {
    expect(closeWords(4000)).toBe('4000: a code that the Live API is not known to send');
  });
});

describe('closeRemedyWords', () => {
  it('tells a close that a page comes back after from one that ends the talk', () => {
    expect(closeRemedyWords(1000)).toBeNull();
    expect(closeRemedyWords(1011)).toBe('a page comes back after it');
    expect(closeRemedyWords(1007)).toBe('coming back does not help');
  });
});
