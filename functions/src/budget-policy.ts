/**
 * Bounds that several users pay from: the caps of the project, split over shards, and the pool of an origin's
 * anonymous users. Pure; what a token is worth is charged here as in the user's own quota.
 * @module
 */
import { DOCUMENTS_VERSION, type LiveBudgetDocument, type LiveCaps } from '@livegate/protocol';
import { dayOf, nextDay } from './quota-window.ts';

/** What one share holds. `null` for no bound. */
export interface BudgetLimits {
  readonly dayMs: number | null;
  readonly liveTokens: number | null;
}

/** What is left of a share. */
export interface BudgetRoom {
  readonly leftMs: number;
  readonly tokensLeft: number;
  /** Until the day's minutes begin anew, and until the first live token is dead, in ms. */
  readonly newDayInMs: number;
  readonly tokenFreeInMs: number;
}

const MINUTE_MS = 60_000;

/** One share of the project's caps. Shares add up to the caps; which share a token is paid from is left to chance. */
export function shareOf({ minutesPerDay, liveTokens, shards }: LiveCaps): BudgetLimits {
  return {
    dayMs: minutesPerDay === null ? null : (minutesPerDay * MINUTE_MS) / shards,
    liveTokens: liveTokens === null ? null : liveTokens / shards,
  };
}

/** The share as it is now: a new day is empty, tokens that are dead are gone. A clock that went back opens nothing. */
export function budgetAt(budget: LiveBudgetDocument | null, nowMs: number): LiveBudgetDocument {
  const today = dayOf(nowMs);
  const begins = budget === null || today > budget.day;
  return {
    v: DOCUMENTS_VERSION,
    day: begins ? today : budget.day,
    dayMs: begins ? 0 : budget.dayMs,
    ends: Object.fromEntries(
      Object.entries(budget?.ends ?? {}).filter(([minute]) => Number(minute) * MINUTE_MS > nowMs),
    ),
  };
}

/** The room of a share that {@link budgetAt} brought up to now. */
export function roomIn(budget: LiveBudgetDocument, limits: BudgetLimits, nowMs: number): BudgetRoom {
  const alive = Object.values(budget.ends).reduce((sum, count) => sum + count, 0);
  const leftMs = limits.dayMs === null ? Number.POSITIVE_INFINITY : Math.max(0, limits.dayMs - budget.dayMs);
  const tokensLeft =
    limits.liveTokens === null ? Number.POSITIVE_INFINITY : Math.max(0, limits.liveTokens - alive);
  const newDayInMs = nextDay(nowMs) - nowMs;
  const ends = Object.keys(budget.ends).map((minute) => Number(minute) * MINUTE_MS - nowMs);
  return { leftMs, tokensLeft, newDayInMs, tokenFreeInMs: Math.min(newDayInMs, ...ends) };
}

/** The share with a token charged to it. */
export function budgetWith(
  budget: LiveBudgetDocument,
  token: { readonly mintedAt: number; readonly expiresAt: number },
): LiveBudgetDocument {
  const minute = minuteOf(token.expiresAt);
  return {
    ...budget,
    dayMs: budget.dayMs + token.expiresAt - token.mintedAt,
    ends: { ...budget.ends, [minute]: (budget.ends[minute] ?? 0) + 1 },
  };
}

/** The share without a token that the service refused to make; without its charge where the day is still open. */
export function budgetWithout(
  budget: LiveBudgetDocument,
  token: { readonly mintedAt: number; readonly expiresAt: number },
): LiveBudgetDocument {
  const minute = minuteOf(token.expiresAt);
  const { [minute]: count = 0, ...others } = budget.ends;
  return {
    ...budget,
    dayMs:
      budget.day === dayOf(token.mintedAt)
        ? Math.max(0, budget.dayMs - (token.expiresAt - token.mintedAt))
        : budget.dayMs,
    ends: count > 1 ? { ...others, [minute]: count - 1 } : others,
  };
}

/** Tokens are counted by the minute in which they die, rounded up: never fewer than are alive, and few numbers. */
function minuteOf(expiresAt: number): string {
  return String(Math.ceil(expiresAt / MINUTE_MS));
}
