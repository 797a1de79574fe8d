/**
 * What the sample's talks of today took of the project's caps: added to the shares that real talks pay from, and taken
 * out of them again. Pure.
 * @module
 */
import { DOCUMENTS_VERSION, type LiveBudgetDocument } from '@livegate/protocol';
import { budgetAt } from '../functions/src/budget-policy.ts';

/** What was taken of one share. */
export type SampleCharge = Pick<LiveBudgetDocument, 'day' | 'dayMs' | 'ends'>;

/** The share with a charge of today in it. One of an earlier day adds nothing. */
export function shareWith(
  stored: LiveBudgetDocument | null,
  charge: SampleCharge,
  now: number,
): LiveBudgetDocument | null {
  const budget = budgetAt(stored, now);
  if (budget.day !== charge.day) return stored;
  return { ...budget, dayMs: budget.dayMs + charge.dayMs, ends: addedEnds(budget.ends, charge.ends, 1) };
}

/** The share without it; `null` where nothing is left in it. */
export function shareWithout(
  stored: LiveBudgetDocument | null,
  charge: SampleCharge,
): LiveBudgetDocument | null {
  if (!stored) return null;
  const isOfDay = stored.day === charge.day;
  const ends = addedEnds(stored.ends, charge.ends, -1);
  const dayMs = isOfDay ? Math.max(0, stored.dayMs - charge.dayMs) : stored.dayMs;
  if (isOfDay && dayMs === 0 && Object.keys(ends).length === 0) return null;
  return { ...stored, v: DOCUMENTS_VERSION, dayMs, ends };
}

function addedEnds(
  ends: LiveBudgetDocument['ends'],
  more: LiveBudgetDocument['ends'],
  sign: 1 | -1,
): LiveBudgetDocument['ends'] {
  const minutes = new Set([...Object.keys(ends), ...Object.keys(more)]);
  const sums = [...minutes].map(
    (minute) => [minute, (ends[minute] ?? 0) + sign * (more[minute] ?? 0)] as const,
  );
  return Object.fromEntries(sums.filter(([, count]) => count > 0));
}
