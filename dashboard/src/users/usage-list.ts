/**
 * What the list of users goes by, its address, and the documents it shows. Pure.
 * @module
 */
import { isObject, type LiveUsageDocument, type StatsFigures } from '@livegate/protocol';

/** What the list can be sorted by, highest first; each has an index. */
export const USAGE_SORTS = [
  { id: 'minutes', field: 'leasedSeconds', title: 'Minutes leased' },
  { id: 'cost', field: 'microUsd', title: 'Cost' },
  { id: 'sessions', field: 'sessions', title: 'Sessions' },
  { id: 'seen', field: 'closedAt', title: 'Seen last' },
] as const satisfies readonly {
  readonly id: string;
  readonly field: keyof LiveUsageDocument;
  readonly title: string;
}[];

/** One of {@link USAGE_SORTS}. */
export type UsageSort = (typeof USAGE_SORTS)[number];

/** Which users are listed. */
export interface UsageList {
  /** UTC month, `2026-11`. */
  readonly month: string;
  readonly sort: UsageSort;
}

/** The UTC month of a moment in epoch ms, `2026-11`. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** A UTC month and those before it, the newest first. */
export function monthsBack(ms: number, count: number): readonly string[] {
  const now = new Date(ms);
  return Array.from({ length: count }, (_, back) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)),
  );
}

/** `2026-11` → `November 2026`, in the viewer's language. */
export function monthText(month: string, { locale }: { readonly locale?: string } = {}): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01`),
  );
}

/** Reads the query string of the address; whatever it is not is this month by minutes. */
export function readUsageList(query: Readonly<Record<string, string | undefined>>, nowMs: number): UsageList {
  const { month = '', sort } = query;
  return {
    month: /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : monthOf(nowMs),
    sort: USAGE_SORTS.find(({ id }) => id === sort) ?? USAGE_SORTS[0],
  };
}

/** Address of a list. */
export function usageListPath({ month, sort }: { readonly month: string; readonly sort: string }): string {
  return `/users?${new URLSearchParams({ month, sort }).toString()}`;
}

const FIGURES = [
  'sessions',
  'leasedSeconds',
  'reportedSeconds',
  'meteredSeconds',
  'microUsd',
  'unpriced',
  'flagged',
  'failed',
] as const satisfies readonly (keyof StatsFigures)[];

/** Sums as a document has them; a figure that was never counted is 0. `undefined` where one is no number. */
export function readFigures(value: unknown): StatsFigures | undefined {
  if (!isObject(value)) return undefined;
  const figures = FIGURES.map((name) => [name, value[name] ?? 0] as const);
  return figures.every(([, figure]) => typeof figure === 'number' && Number.isFinite(figure))
    ? (Object.fromEntries(figures) as unknown as StatsFigures)
    : undefined;
}

/** A user's month as the list shows it. */
export interface UsageRow extends StatsFigures {
  readonly uid: string;
  readonly month: string;
  readonly closedAt: number;
  /** Made up by `npm run seed`. */
  readonly isSample: boolean;
}

/** Reads a `liveUsage` document; `undefined` for one of some other version. */
export function readUsage(_id: string, data: unknown): UsageRow | undefined {
  if (!isObject(data)) return undefined;
  const { uid, month, closedAt } = data;
  const figures = readFigures(data);
  return figures && typeof uid === 'string' && typeof month === 'string' && typeof closedAt === 'number'
    ? { ...figures, uid, month, closedAt, isSample: data.sample === true }
    : undefined;
}
