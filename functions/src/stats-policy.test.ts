import { type LiveStatsShard, NO_USAGE } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { deadSession, TALK } from './books-testing.ts';
import { costOf } from './cost-policy.ts';
import { additionOf, bookedUsage, NO_FIGURES, sumShards } from './stats-policy.ts';

const UNPRICED = costOf(TALK, null);
const PRICED = { ...UNPRICED, microUsd: 4_200, pricedMicroUsd: 4_200, unpriced: [] };

describe('additionOf', () => {
  it('counts a session once for all, its model, its template and its policy, versions aside', () => {
    const figures = {
      sessions: 1,
      leasedSeconds: 120,
      reportedSeconds: 100,
      meteredSeconds: 0,
      microUsd: 4_200,
      unpriced: 0,
      flagged: 0,
      failed: 0,
    };
    expect(additionOf(deadSession(), { cost: PRICED, flags: [] })).toEqual({
      all: figures,
      usage: TALK,
      byModel: { 'gemini-3.8-live': figures },
      byTemplate: { support: figures },
      byTier: { default: figures },
    });
  });

  it('counts a session without a template under -', () => {
    const addition = additionOf(deadSession({ template: null }), { cost: PRICED, flags: [] });
    expect(Object.keys(addition.byTemplate)).toEqual(['-']);
  });

  it('counts an unpriced, a flagged and a failed session as such', () => {
    const { all } = additionOf(deadSession({ state: 'failed' }), {
      cost: { ...UNPRICED, pricedMicroUsd: 30 },
      flags: ['under-reported'],
    });
    expect(all).toMatchObject({ microUsd: 30, unpriced: 1, flagged: 1, failed: 1 });
  });

  it('keeps leased, reported and metered seconds side by side', () => {
    const metered = { seconds: 90, totals: { ...TALK, turns: 7 } };
    const { all, usage } = additionOf(deadSession({ metered }), { cost: PRICED, flags: [] });
    expect(all).toMatchObject({ leasedSeconds: 120, reportedSeconds: 100, meteredSeconds: 90 });
    expect(usage.turns).toBe(7);
  });
});

describe('bookedUsage', () => {
  it('is what the relay measured, and what the page said where there is no relay', () => {
    const totals = { ...TALK, turns: 7 };
    expect(bookedUsage(deadSession({ metered: { seconds: 1, totals } }))).toEqual(totals);
    expect(bookedUsage(deadSession())).toEqual(TALK);
  });
});

describe('sumShards', () => {
  it('adds up figures, tokens and refusals, and fills in what no shard has', () => {
    const shards = [
      { v: 1, all: { sessions: 2, leasedSeconds: 240 }, usage: { turns: 2, prompt: { AUDIO: 5 } } },
      { v: 1, all: { sessions: 1 }, byModel: { 'gemini-3.8-live': { sessions: 1 } } },
      { v: 1, refusals: { rate: 4 } },
      { v: 1, refusals: { rate: 1, blocked: 2 } },
    ] as unknown as readonly Partial<LiveStatsShard>[];
    expect(sumShards(shards)).toEqual({
      v: 1,
      all: { ...NO_FIGURES, sessions: 3, leasedSeconds: 240 },
      usage: { ...NO_USAGE, turns: 2, prompt: { AUDIO: 5 } },
      byModel: { 'gemini-3.8-live': { ...NO_FIGURES, sessions: 1 } },
      byTemplate: {},
      byTier: {},
      refusals: { rate: 5, blocked: 2 },
    });
  });
});
