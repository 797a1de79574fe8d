import { describe, expect, it } from 'vitest';
import { clockText, waitText } from './waiting.ts';

describe('waitText', () => {
  it.each([
    [-1, 'now'],
    [1, '1 s'],
    [89_000, '89 s'],
    [90_001, '2 min'],
    [7_200_001, '3 h'],
  ])('says %d ms as "%s", never less than it is', (ms, text) => {
    expect(waitText(ms)).toBe(text);
  });
});

describe('clockText', () => {
  const now = Date.parse('2026-11-30T21:05:30Z');

  it('rounds up to the minute at which it can be tried', () => {
    expect(clockText(now + 1_000, { now, zone: 'UTC' })).toBe('21:06');
  });

  it('names the day where it is another one, in the zone of the viewer', () => {
    const midnight = Date.parse('2026-12-01T00:00:00Z');
    expect(clockText(midnight, { now, zone: 'UTC' })).toBe('1 Dec 00:00');
    expect(clockText(midnight, { now, zone: 'America/New_York' })).toBe('19:00');
  });
});
