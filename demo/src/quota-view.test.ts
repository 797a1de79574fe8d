import type { QuotaAnswer } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { leaseText, secondsText, timeLeft } from './quota-view.ts';

const answer: QuotaAnswer = {
  v: 1,
  serverTime: 0,
  policy: 'default',
  day: { usedSeconds: 600, limitSeconds: 3_600, resetsAt: 0 },
  month: { usedSeconds: 600, limitSeconds: null, resetsAt: 0 },
  sessions: { live: 0, limit: 1 },
  blocked: false,
};

describe('timeLeft', () => {
  it('says before a talk what the server answered, and of no bound nothing', () => {
    expect(timeLeft(null, answer)).toEqual([
      { name: 'day', text: '50 min left today', share: 3_000 / 3_600 },
    ]);
  });

  it('says in a talk what the last token left, of the limit that the server answered', () => {
    expect(timeLeft({ daySeconds: 1_800, monthSeconds: null }, answer)).toEqual([
      { name: 'day', text: '30 min left today', share: 0.5 },
    ]);
  });

  it('says what is left in whole minutes, never more than there is, and no share of an unknown limit', () => {
    expect(timeLeft({ daySeconds: 359, monthSeconds: 7_260 }, null)).toEqual([
      { name: 'day', text: '5 min left today', share: undefined },
      { name: 'month', text: '121 min left this month', share: undefined },
    ]);
    expect(secondsText(119.6)).toBe('119 s');
  });

  it('says nothing where nothing bounds it or nothing is known', () => {
    expect(timeLeft({ daySeconds: null, monthSeconds: null }, answer)).toEqual([]);
    expect(timeLeft(null, null)).toEqual([]);
  });

  it('never shows a bar below empty or above full', () => {
    expect(timeLeft({ daySeconds: -5, monthSeconds: null }, answer)[0]?.share).toBe(0);
    expect(timeLeft({ daySeconds: 9_999, monthSeconds: null }, answer)[0]?.share).toBe(1);
  });
});

describe('leaseText', () => {
  it.each([
    [65_900, '1:05'],
    [-1, '0:00'],
  ])('reads %d ms as %s', (ms, text) => {
    expect(leaseText(ms)).toBe(text);
  });
});
