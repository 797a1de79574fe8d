/**
 * What sessions add to their user's month. Pure; times in epoch ms.
 * @module
 */
import type { LiveUsageDocument, StatsFigures } from '@livegate/protocol';
import { addTrees } from './stats-tree.ts';

/** What one session, or several of one user and month, add to a `LiveUsageDocument`. */
export interface UsageAddition
  extends Pick<LiveUsageDocument, 'uid' | 'month' | 'closedAt'>,
    Partial<Pick<LiveUsageDocument, 'sample'>> {
  readonly figures: StatsFigures;
}

/** One addition for each user and month. */
export function usageOf(additions: readonly UsageAddition[]): readonly UsageAddition[] {
  const sums = new Map<string, UsageAddition>();
  for (const each of additions) {
    const key = `${each.month}/${each.uid}`;
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, ...each, figures: added(sum.figures, each.figures) } : each);
  }
  return [...sums.values()];
}

function added(a: StatsFigures, b: StatsFigures): StatsFigures {
  return addTrees({ ...a }, { ...b }) as unknown as StatsFigures;
}

/** Whole months that a user's month is kept beyond its end, so that it stands beside that of a year later. Ours. */
const MONTHS_KEPT = 13;

/** When a user's month is removed. */
export function usagePurgedAt(month: string): number {
  const begin = new Date(`${month}-01T00:00:00Z`);
  return Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1 + MONTHS_KEPT, 1);
}
