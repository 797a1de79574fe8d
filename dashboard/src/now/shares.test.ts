import { describe, expect, it } from 'vitest';
import { namesToCount, sharesOf } from './shares.ts';

describe('namesToCount', () => {
  it('takes those on the list first, the most frequent before others, then the day’s', () => {
    expect(namesToCount(['a', 'b', 'b'], { known: ['c', 'a', 'd'], most: 3 })).toEqual(['b', 'a', 'c']);
  });
});

describe('sharesOf', () => {
  it('puts the largest first, leaves out what has none, and counts the rest as others', () => {
    const counts = new Map([
      ['a', 1],
      ['b', 5],
      ['c', 0],
    ]);
    expect(sharesOf(8, counts)).toEqual([
      { name: 'b', count: 5 },
      { name: 'a', count: 1 },
      { name: null, count: 2 },
    ]);
  });

  it('has no others where the names make up the total, or more of it since', () => {
    expect(sharesOf(4, new Map([['a', 5]]))).toEqual([{ name: 'a', count: 5 }]);
  });
});
