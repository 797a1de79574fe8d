/**
 * Token figures: what one turn's `usageMetadata` adds to a connection's totals.
 * @module
 */
import type { ModalityTokenCount, UsageMetadata } from './content.ts';
import { MODALITIES, type Modality } from './content.ts';

/** A modality, or `OTHER` for tokens that a count holds and its details do not name. */
export type CountedModality = Modality | 'OTHER';
/** Tokens by modality; a modality that never occurred is absent. */
export type TokensByModality = { readonly [K in CountedModality]?: number };

/** Sums over turns. Tokens, whole numbers ≥ 0. `cached` is a part of `prompt`, not beside it. */
export interface UsageTotals {
  readonly turns: number;
  readonly prompt: TokensByModality;
  readonly response: TokensByModality;
  readonly toolUse: TokensByModality;
  readonly cached: TokensByModality;
  readonly thoughts: number;
  /** Sum of the service's own `totalTokenCount`, which leaves thoughts out on current models. */
  readonly total: number;
}

/** Nothing used yet. */
export const NO_USAGE: UsageTotals = {
  turns: 0,
  prompt: {},
  response: {},
  toolUse: {},
  cached: {},
  thoughts: 0,
  total: 0,
};

/** `totals` and one more turn. Every turn re-bills the context: the sum is the bill, the last figure is not. */
export function addTurn(totals: UsageTotals, turn: UsageMetadata): UsageTotals {
  return addTotals(totals, {
    turns: 1,
    prompt: byModality(turn.promptTokenCount, turn.promptTokensDetails),
    response: byModality(turn.responseTokenCount, turn.responseTokensDetails),
    toolUse: byModality(turn.toolUsePromptTokenCount, turn.toolUsePromptTokensDetails),
    cached: byModality(turn.cachedContentTokenCount, turn.cacheTokensDetails),
    thoughts: turn.thoughtsTokenCount ?? 0,
    total: turn.totalTokenCount ?? 0,
  });
}

/** The sum of two totals. */
export function addTotals(a: UsageTotals, b: UsageTotals): UsageTotals {
  return {
    turns: a.turns + b.turns,
    prompt: addTokens(a.prompt, b.prompt),
    response: addTokens(a.response, b.response),
    toolUse: addTokens(a.toolUse, b.toolUse),
    cached: addTokens(a.cached, b.cached),
    thoughts: a.thoughts + b.thoughts,
    total: a.total + b.total,
  };
}

function addTokens(a: TokensByModality, b: TokensByModality): TokensByModality {
  const sum: Partial<Record<CountedModality, number>> = { ...a };
  for (const [key, count] of Object.entries(b)) {
    const modality = key as CountedModality;
    sum[modality] = (sum[modality] ?? 0) + count;
  }
  return sum;
}

function byModality(
  count: number | undefined,
  details: readonly ModalityTokenCount[] | undefined,
): TokensByModality {
  const tokens: Partial<Record<CountedModality, number>> = {};
  let named = 0;
  for (const { modality, tokenCount = 0 } of details ?? []) {
    if (tokenCount === 0) continue;
    const key: CountedModality = MODALITIES.find((each) => each === modality) ?? 'OTHER';
    tokens[key] = (tokens[key] ?? 0) + tokenCount;
    named += tokenCount;
  }
  const rest = (count ?? named) - named;
  if (rest > 0) tokens.OTHER = (tokens.OTHER ?? 0) + rest;
  return tokens;
}
