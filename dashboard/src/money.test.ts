import { describe, expect, it } from 'vitest';
import { costText, minutesText, shareText } from './money.ts';

const english = { locale: 'en-US' };

describe('minutesText', () => {
  it.each([
    [0, '0 min'],
    [150, '2.5 min'],
    [5_999, '100 min'],
    [72_060, '1,201 min'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(minutesText(seconds, english)).toBe(text);
  });
});

describe('costText', () => {
  it('never says 0 for what has no price', () => {
    expect(costText({ sessions: 2, microUsd: 0, unpriced: 2 }, english)).toBe('2 unpriced');
    expect(costText({ sessions: 2, microUsd: 0, unpriced: 0 }, english)).toBe('$0.00');
  });

  it('counts the unpriced beside what is known', () => {
    expect(costText({ sessions: 3, microUsd: 500_000, unpriced: 1 }, english)).toBe('$0.50 + 1 unpriced');
  });

  it('says nothing of no sessions', () => {
    expect(costText({ sessions: 0, microUsd: 0, unpriced: 0 }, english)).toBe('—');
  });
});

describe('shareText', () => {
  it.each([
    [1, 4, '25 %'],
    [1, 1_000, '< 1 %'],
    [0, 4, '0 %'],
    [0, 0, '—'],
  ])('writes %d of %d as %s', (part, whole, text) => {
    expect(shareText(part, whole, english)).toBe(text);
  });
});
