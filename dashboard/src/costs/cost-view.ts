/**
 * Which costs are shown, and their address. Pure.
 * @module
 */
import { monthOf } from '../users/usage-list.ts';

/** What costs are split by. */
export const COST_SPLITS = [
  { id: 'day', title: 'Day' },
  { id: 'model', title: 'Model' },
  { id: 'template', title: 'Template' },
  { id: 'user', title: 'User' },
] as const;

/** Lengths of time, in UTC days, today included. */
export const COST_RANGES = [7, 30] as const;

/** Which costs are shown: of the last days, or, by user, of a UTC month. */
export interface CostView {
  readonly by: (typeof COST_SPLITS)[number]['id'];
  readonly range: (typeof COST_RANGES)[number];
  /** `2026-11`; by user only. */
  readonly month: string;
}

/** Reads the query string of the address; whatever it is not is the last 30 days, by day. */
export function readCostView(query: Readonly<Record<string, string | undefined>>, nowMs: number): CostView {
  const { by, range, month = '' } = query;
  return {
    by: COST_SPLITS.find(({ id }) => id === by)?.id ?? 'day',
    range: COST_RANGES.find((days) => String(days) === range) ?? 30,
    month: /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : monthOf(nowMs),
  };
}

/** Address of a view. */
export function costPath({ by, range, month }: CostView): string {
  const parameters = by === 'user' ? { by, month } : { by, range: String(range) };
  return `/costs?${new URLSearchParams(parameters).toString()}`;
}

const DAY_MS = 86_400_000;

/** The UTC days up to the one of `nowMs`, oldest first: `2026-11-21`. */
export function lastDays(nowMs: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => dayOf(nowMs - (count - 1 - place) * DAY_MS));
}

/** The UTC days of a month, oldest first. */
export function daysOfMonth(month: string): readonly string[] {
  const first = Date.parse(`${month}-01`);
  return Array.from({ length: 31 }, (_, place) => dayOf(first + place * DAY_MS)).filter((day) =>
    day.startsWith(month),
  );
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
