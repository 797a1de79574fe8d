import {
  type CountedModality,
  LIST_PRICES,
  type LivePriceDocument,
  MODALITIES,
  NO_USAGE,
  type UsageTotals,
} from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from './cost-policy.ts';

const PRICE: LivePriceDocument = {
  v: 1,
  version: 1,
  input: { TEXT: 0.75, AUDIO: 3 },
  output: { AUDIO: 12 },
  cached: { AUDIO: 0.3 },
  thoughts: 4.5,
  asOf: '2026-11-21',
  source: 'a test',
};
const used = (usage: Partial<UsageTotals>): UsageTotals => ({ ...NO_USAGE, ...usage });

describe('costOf', () => {
  it('bills prompt and tool use by the input, the response by the output, thoughts by their own price', () => {
    const usage = used({
      prompt: { TEXT: 1_000, AUDIO: 2_000 },
      response: { AUDIO: 500 },
      toolUse: { TEXT: 400 },
      thoughts: 100,
      total: 3_900,
    });
    expect(costOf(usage, PRICE)).toEqual({
      microUsd: 13_500,
      pricedMicroUsd: 13_500,
      parts: {
        'prompt.TEXT': 750,
        'prompt.AUDIO': 6_000,
        'toolUse.TEXT': 300,
        'response.AUDIO': 6_000,
        thoughts: 450,
      },
      unpriced: [],
      asOf: '2026-11-21',
    });
  });

  it('takes cached tokens out of the prompt where a cached price exists, and only there', () => {
    const usage = used({ prompt: { TEXT: 1_000, AUDIO: 1_000 }, cached: { TEXT: 400, AUDIO: 400 } });
    expect(costOf(usage, PRICE).parts).toEqual({
      'prompt.TEXT': 750,
      'prompt.AUDIO': 1_800,
      'cached.AUDIO': 120,
    });
  });

  it('takes no more out of the prompt than it holds', () => {
    const usage = used({ prompt: { AUDIO: 100 }, cached: { AUDIO: 900, OTHER: 50 } });
    expect(costOf(usage, PRICE)).toMatchObject({ microUsd: 30, parts: { 'cached.AUDIO': 30 } });
    expect(costOf(used({ cached: { AUDIO: 900 } }), PRICE).parts).toEqual({});
  });

  it.each([
    ['a modality without a price', { response: { AUDIO: 10, TEXT: 5 } }, 'response.TEXT', 120],
    ['tokens of no named modality', { prompt: { AUDIO: 10, OTHER: 5 } }, 'prompt.OTHER', 30],
    ['tool use of no named modality', { prompt: { AUDIO: 10 }, toolUse: { OTHER: 1 } }, 'toolUse.OTHER', 30],
  ])('is unpriced for %s, and says what the rest costs', (_, usage, part, rest) => {
    const cost = costOf(used(usage), PRICE);
    expect(cost).toMatchObject({ microUsd: null, pricedMicroUsd: rest, unpriced: [part] });
    expect(cost.parts).not.toHaveProperty(part);
  });

  it('has no price for tokens of no named modality, whatever a list says', () => {
    const price = { ...PRICE, input: { AUDIO: 3, OTHER: 3 } } as LivePriceDocument;
    expect(costOf(used({ prompt: { AUDIO: 1, OTHER: 1 } }), price).unpriced).toEqual(['prompt.OTHER']);
  });

  it('is unpriced for thoughts without a price, and not for a price without thoughts', () => {
    const { thoughts: _, ...without } = PRICE;
    expect(costOf(used({ thoughts: 1 }), without)).toMatchObject({ microUsd: null, unpriced: ['thoughts'] });
    expect(costOf(used({ prompt: { AUDIO: 1 } }), without)).toMatchObject({ microUsd: 3, unpriced: [] });
  });

  it('names every part without a price list, and takes a price of nothing for what it is', () => {
    const usage = used({ prompt: { AUDIO: 10 }, response: { AUDIO: 5 }, thoughts: 2 });
    expect(costOf(usage, null)).toEqual({
      microUsd: null,
      pricedMicroUsd: 0,
      parts: {},
      unpriced: ['prompt.AUDIO', 'response.AUDIO', 'thoughts'],
      asOf: null,
    });
    expect(costOf(used({ prompt: { AUDIO: 10 } }), { ...PRICE, input: { AUDIO: 0 } })).toMatchObject({
      microUsd: 0,
      parts: { 'prompt.AUDIO': 0 },
    });
  });

  it('counts a part of no tokens for none', () => {
    const usage = used({ prompt: { AUDIO: 10, OTHER: 0, VIDEO: 0 }, cached: { AUDIO: 0 } });
    expect(costOf(usage, PRICE)).toMatchObject({ microUsd: 30, parts: { 'prompt.AUDIO': 30 }, unpriced: [] });
  });

  it('knows a price for audio in and out of every model of the list that speaks', () => {
    for (const [model, price] of Object.entries(LIST_PRICES)) {
      const response: UsageTotals['response'] =
        model === 'gemini-3.5-transcribe-live' ? { TEXT: 1_000 } : { AUDIO: 1_000 };
      const cost = costOf(used({ prompt: { AUDIO: 1_000, TEXT: 1_000 }, response }), price);
      expect(cost.microUsd, model).toBeGreaterThan(0);
    }
  });
});

const count = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000_000 }));
const usd = fc.double({ min: 0, max: 1_000_000, noNaN: true });
const modalities = (values: fc.Arbitrary<number>, names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), values);
const tokens = modalities(count, [...MODALITIES, 'OTHER']);
const usages = fc.record({
  turns: count,
  prompt: tokens,
  response: tokens,
  toolUse: tokens,
  cached: tokens,
  thoughts: count,
  total: count,
}) as fc.Arbitrary<UsageTotals>;
/** Cached tokens cost no more than others, as everywhere. */
const prices = fc
  .record(
    {
      v: fc.constant(1),
      version: fc.constant(1),
      input: modalities(usd, MODALITIES),
      output: modalities(usd, MODALITIES),
      share: fc.option(modalities(fc.double({ min: 0, max: 1, noNaN: true }), MODALITIES), {
        nil: undefined,
      }),
      thoughts: fc.option(usd, { nil: undefined }),
      asOf: fc.constant('2026-11-21'),
      source: fc.constant('a test'),
    },
    { noNullPrototype: true },
  )
  .map(({ share, thoughts, ...price }) => ({
    ...price,
    ...(thoughts === undefined ? {} : { thoughts }),
    ...(share === undefined
      ? {}
      : {
          cached: Object.fromEntries(
            Object.entries(share).flatMap(([key, each]) =>
              price.input[key] === undefined ? [] : [[key, each * price.input[key]]],
            ),
          ),
        }),
  })) as fc.Arbitrary<LivePriceDocument>;

describe('costOf, for any usage and any price', () => {
  it('is the sum of its parts, in whole millionths, and null exactly where a part is unpriced', () => {
    fc.assert(
      fc.property(usages, fc.option(prices), (usage, price) => {
        const { microUsd, pricedMicroUsd, parts, unpriced } = costOf(usage, price);
        const all = Object.values(parts);
        expect(pricedMicroUsd).toBe(all.reduce((sum, each) => sum + each, 0));
        for (const each of [...all, pricedMicroUsd]) {
          expect(Number.isInteger(each)).toBe(true);
          expect(each).toBeGreaterThanOrEqual(0);
        }
        expect(microUsd).toBe(unpriced.length > 0 ? null : pricedMicroUsd);
        expect(Object.keys(parts).filter((part) => unpriced.includes(part))).toEqual([]);
      }),
    );
  });

  it('has a line, priced or not, for every modality that was used', () => {
    fc.assert(
      fc.property(usages, fc.option(prices), (usage, price) => {
        const cost = costOf(usage, price);
        const named = new Set([...Object.keys(cost.parts), ...cost.unpriced]);
        for (const direction of ['prompt', 'response', 'toolUse'] as const) {
          for (const [modality, tokens] of Object.entries(usage[direction])) {
            if (tokens === 0) continue;
            const lines = direction === 'prompt' ? ['prompt', 'cached'] : [direction];
            expect(lines.some((line) => named.has(`${line}.${modality}`))).toBe(true);
          }
        }
        expect(named.has('thoughts')).toBe(usage.thoughts > 0);
      }),
    );
  });

  it('never falls when a token more is used', () => {
    const more = fc.constantFrom<'prompt' | 'response' | 'toolUse'>('prompt', 'response', 'toolUse');
    const modality = fc.constantFrom<CountedModality>(...MODALITIES, 'OTHER');
    fc.assert(
      fc.property(usages, prices, more, modality, count, (usage, price, direction, each, added) => {
        const before = costOf(usage, price).pricedMicroUsd;
        const grown = { ...usage[direction], [each]: (usage[direction][each] ?? 0) + added };
        // A millionth of slack: what moves from one line to another is rounded in both.
        expect(costOf({ ...usage, [direction]: grown }, price).pricedMicroUsd).toBeGreaterThanOrEqual(
          before - 1,
        );
        const thoughts = usage.thoughts + added;
        expect(costOf({ ...usage, thoughts }, price).pricedMicroUsd).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});
