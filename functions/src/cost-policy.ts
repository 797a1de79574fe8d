/**
 * What a session's tokens cost by list price. Pure. A price of one dollar for a million tokens is one millionth of a
 * dollar for each, so tokens times price is millionths of a dollar.
 * @module
 */
import type {
  CountedModality,
  LivePriceDocument,
  PriceByModality,
  TokensByModality,
  UsageCost,
  UsageTotals,
} from '@livegate/protocol';

/** One line of a bill; `price` is USD for a million tokens, `undefined` where nobody knows it. */
interface BillLine {
  readonly part: string;
  readonly tokens: number;
  readonly price: number | undefined;
}

/**
 * The cost of `usage`, by part: `prompt.AUDIO`, `cached.TEXT`, `toolUse.TEXT`, `response.AUDIO`, `thoughts`. Each part
 * is a whole number of millionths of a dollar, rounded to the nearest, and `pricedMicroUsd` is their sum. A part
 * without a price is named in `unpriced` and makes `microUsd` null; `OTHER`, tokens whose modality the service did
 * not name, never has one. A part without tokens is none. More tokens never cost less, as long as those that a cache
 * answers cost no more than others.
 *
 * - Prompt and tool use go by the input's price, the response by the output's. A turn's prompt holds the whole
 *   context, which is billed anew each turn: `usage` is the sum over turns.
 * - Cached tokens are a part of the prompt and are taken out of it where a cached price for their modality exists;
 *   cached tokens of no named modality cost as the prompt they stand in.
 * - Thoughts have a price of their own: they are in neither the response nor the total on current models
 *   (Live API, Google AI forum thread 188765, read 2026-11-21).
 */
export function costOf(usage: UsageTotals, price: LivePriceDocument | null): UsageCost {
  const parts: Record<string, number> = {};
  const unpriced: string[] = [];
  let pricedMicroUsd = 0;
  for (const { part, tokens, price: each } of billOf(usage, price)) {
    if (!(tokens > 0)) continue;
    if (each === undefined) {
      unpriced.push(part);
      continue;
    }
    const microUsd = Math.round(tokens * each);
    parts[part] = microUsd;
    pricedMicroUsd += microUsd;
  }
  return {
    microUsd: unpriced.length > 0 ? null : pricedMicroUsd,
    pricedMicroUsd,
    parts,
    unpriced,
    asOf: price?.asOf ?? null,
  };
}

function billOf(usage: UsageTotals, price: LivePriceDocument | null): readonly BillLine[] {
  const cached = cachedOf(usage, price);
  const prompt = Object.fromEntries(
    entriesOf(usage.prompt).map(([modality, tokens]) => [modality, tokens - (cached[modality] ?? 0)]),
  );
  return [
    ...linesOf('prompt', prompt, price?.input),
    ...linesOf('cached', cached, price?.cached),
    ...linesOf('toolUse', usage.toolUse, price?.input),
    ...linesOf('response', usage.response, price?.output),
    { part: 'thoughts', tokens: usage.thoughts, price: price?.thoughts },
  ];
}

/** The cached tokens that have a price of their own. The page says both counts: no more is cached than was asked. */
function cachedOf({ prompt, cached }: UsageTotals, price: LivePriceDocument | null): TokensByModality {
  return Object.fromEntries(
    entriesOf(cached)
      .filter(([modality]) => priceOf(modality, price?.cached) !== undefined)
      .map(([modality, tokens]) => [modality, Math.min(tokens, prompt[modality] ?? 0)]),
  );
}

function linesOf(part: string, tokens: TokensByModality, prices: PriceByModality | undefined): BillLine[] {
  return entriesOf(tokens).map(([modality, count]) => ({
    part: `${part}.${modality}`,
    tokens: count,
    price: priceOf(modality, prices),
  }));
}

function priceOf(modality: CountedModality, prices: PriceByModality | undefined): number | undefined {
  return modality === 'OTHER' ? undefined : prices?.[modality];
}

function entriesOf(tokens: TokensByModality): [CountedModality, number][] {
  return Object.entries(tokens) as [CountedModality, number][];
}
