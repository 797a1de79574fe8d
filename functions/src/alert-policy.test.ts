import type { AlertThresholds } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { alertFigures, newCrossings } from './alert-policy.ts';
import { NO_FIGURES } from './stats-policy.ts';

const NONE: AlertThresholds = { usd: null, refusals: null, flaggedSessions: null, mintErrors: null };

describe('alertFigures', () => {
  it('are dollars of what is priced, refusals of every reason, and those of the Live API apart', () => {
    const all = { ...NO_FIGURES, microUsd: 2_500_000, unpriced: 3, flagged: 4 };
    const refusals = { rate: 5, 'upstream-refused': 2, 'upstream-unavailable': 1 };
    expect(alertFigures({ all, refusals })).toEqual({
      usd: 2.5,
      refusals: 8,
      flaggedSessions: 4,
      mintErrors: 3,
    });
  });
});

describe('newCrossings', () => {
  const figures = { usd: 10, refusals: 0, flaggedSessions: 3, mintErrors: 2 };

  it('names a threshold from the value on that reaches it', () => {
    expect(newCrossings(figures, { ...NONE, usd: 10 }, {})).toEqual([
      { kind: 'usd', value: 10, threshold: 10 },
    ]);
    expect(newCrossings(figures, { ...NONE, usd: 10.01 }, {})).toEqual([]);
  });

  it('names each threshold of its own, and none that is not set', () => {
    const crossings = newCrossings(figures, { ...NONE, flaggedSessions: 1, mintErrors: 2 }, {});
    expect(crossings.map(({ kind }) => kind)).toEqual(['flaggedSessions', 'mintErrors']);
    expect(newCrossings(figures, null, {})).toEqual([]);
  });

  it('names none a second time', () => {
    const thresholds = { ...NONE, usd: 5, mintErrors: 2 };
    expect(newCrossings(figures, thresholds, { usd: 1 }).map(({ kind }) => kind)).toEqual(['mintErrors']);
  });

  it('takes a threshold of nothing for one that is always reached', () => {
    expect(newCrossings(figures, { ...NONE, refusals: 0 }, {})).toHaveLength(1);
  });
});
