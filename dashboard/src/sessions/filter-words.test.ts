import { describe, expect, it } from 'vitest';
import { isFiltered, matchText } from './filter-words.ts';
import { COUNT_LIMIT } from './queries.ts';

describe('matchText', () => {
  it('says how many were counted, and that it is no more than a bound', () => {
    expect(matchText(1)).toBe('1 matches');
    expect(matchText(1_234, { locale: 'en-US' })).toBe('about 1,234 match');
    expect(matchText(COUNT_LIMIT, { locale: 'en-US' })).toBe('5,000 or more match');
    expect(matchText(undefined)).toBeUndefined();
  });
});

describe('isFiltered', () => {
  it('does not take an order for a filter', () => {
    expect(isFiltered({ sort: 'oldest' })).toBe(false);
    expect(isFiltered({ sort: 'newest', uid: 'u' })).toBe(true);
  });
});
