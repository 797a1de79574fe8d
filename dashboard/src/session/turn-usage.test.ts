import { NO_USAGE, type UsageTotals } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { lineOf, sessionOf } from './testing.ts';
import { toldLines } from './told-lines.ts';
import { differenceWords, sumOfTurns, turnRows, usageColumns } from './turn-usage.ts';

const usage = { prompt: { AUDIO: 100, TEXT: 20 }, response: { AUDIO: 50 }, thoughts: 3, total: 170 };
const turns = turnRows(
  toldLines(sessionOf(), [
    lineOf('connected', 0, { detail: { leaseIndex: 0 } }),
    lineOf('turn', 1, { detail: { usage, answerMs: 420 } }),
    lineOf('turn', 2, { detail: { usage: { prompt: { AUDIO: 200 }, total: 200 }, interrupted: true } }),
    lineOf('turn', 3),
  ]),
);
const reported: UsageTotals = {
  ...NO_USAGE,
  turns: 2,
  prompt: { AUDIO: 300, TEXT: 20 },
  response: { AUDIO: 50 },
  thoughts: 3,
  total: 370,
};

describe('turnRows', () => {
  it('numbers the turns and says of each what it used, how soon it was answered and whether it was cut short', () => {
    expect(turns).toMatchObject([
      { number: 1, connection: 1, usage, answerMs: 420, interrupted: false, cut: false },
      { number: 2, usage: { total: 200 }, answerMs: null, interrupted: true },
      { number: 3, usage: null },
    ]);
  });
});

describe('sumOfTurns', () => {
  it('adds every modality up', () => {
    expect(sumOfTurns(turns)).toEqual(reported);
  });
});

describe('usageColumns', () => {
  it('has a column for each modality that occurs anywhere, and the total always', () => {
    expect(usageColumns([reported]).map(({ title }) => title)).toEqual([
      'In, audio',
      'In, text',
      'Out, audio',
      'Thoughts',
      'Total',
    ]);
    expect(usageColumns([NO_USAGE]).map(({ title }) => title)).toEqual(['Total']);
  });
});

describe('differenceWords', () => {
  const order = { turns, reported, unread: 'none', open: false } as const;
  const more = { ...reported, total: 400 };

  it('says nothing where turns and reports agree', () => {
    expect(differenceWords(order)).toBeNull();
  });

  it.each([
    ['more lines can be loaded', { ...order, reported: more, unread: 'loadable' }, 'not loaded yet'],
    ['more lines are for admins', { ...order, reported: more, unread: 'forbidden' }, 'admins alone'],
    ['no turn was told', { ...order, turns: [] }, 'an older version of the web module'],
    ['a turn is not reported yet', { ...order, reported: NO_USAGE, open: true }, 'a report is under way'],
    ['a turn was never reported', { ...order, reported: NO_USAGE }, 'do not fit together'],
    ['usage has no turn', { ...order, reported: more }, 'a line was lost'],
  ] as const)('explains a difference where %s', (_, given, words) => {
    expect(differenceWords(given)).toContain(words);
  });
});
