/**
 * What a user's pages report in a UTC day, kept where a policy bounds it. Advisory: pages say it. Pure.
 * @module
 */
import type { LiveQuotaDocument, UsageTotals } from '@livegate/protocol';
import { dayOf } from './quota-window.ts';

/** What one report adds. */
export interface Spend {
  /** Epoch ms. */
  readonly at: number;
  readonly tokens: number;
  /** Millionths of a US dollar, of what has a known price. */
  readonly microUsd: number;
}

/** All tokens of these totals: prompt, response, tool use and thoughts. */
export function tokensOf({ prompt, response, toolUse, thoughts }: UsageTotals): number {
  return [prompt, response, toolUse]
    .flatMap((tokens) => Object.values(tokens))
    .reduce((sum, count) => sum + count, thoughts);
}

/** The day's figures with `spend` in them. Figures that shrink take nothing back: a page would empty them so. */
export function spendOn(
  before: LiveQuotaDocument['reported'],
  { at, tokens, microUsd }: Spend,
): NonNullable<LiveQuotaDocument['reported']> {
  const day = dayOf(at);
  const known = before && before.day >= day ? before : { day, tokens: 0, microUsd: 0 };
  return {
    day: known.day,
    tokens: known.tokens + Math.max(0, tokens),
    microUsd: known.microUsd + Math.max(0, microUsd),
  };
}
