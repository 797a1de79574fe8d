/**
 * Costs as a file of comma-separated values. A line for each group of each day, with plain numbers.
 * @module
 */

import type { StatsFigures } from '@livegate/protocol';
import { CSV_FORM } from '../csv-form.ts';
import type { CostGroup, CostSeries } from './cost-series.ts';

/** First line of the file. */
export const CSV_FIELDS = [
  'day_or_month_utc',
  'name',
  'sessions',
  'leased_minutes',
  'reported_minutes',
  'metered_minutes',
  'cost_usd',
  'unpriced_sessions',
] as const;

/** Lines of a chart of days. A day that was not rolled up has none. */
export function seriesLines({ days, groups }: CostSeries): readonly (readonly (string | number)[])[] {
  return days.flatMap((day, place) =>
    groups.flatMap(({ name, days: own }) => {
      const figures = own[place];
      return figures ? [line(day, name, figures)] : [];
    }),
  );
}

/** Lines of the users of a month. */
export function userLines(
  month: string,
  groups: readonly CostGroup[],
): readonly (readonly (string | number)[])[] {
  return groups.map(({ name, sum }) => line(month, name, sum));
}

/** What has no known price has no figure: an empty field, never 0. */
function line(
  when: string,
  name: string,
  { sessions, leasedSeconds, reportedSeconds, meteredSeconds, microUsd, unpriced }: StatsFigures,
): readonly (string | number)[] {
  const cost = microUsd === 0 && unpriced > 0 ? '' : microUsd / 1_000_000;
  return [
    when,
    name,
    sessions,
    minutes(leasedSeconds),
    minutes(reportedSeconds),
    minutes(meteredSeconds),
    cost,
    unpriced,
  ];
}

function minutes(seconds: number): number {
  return Math.round((seconds / 60) * 100) / 100;
}

/** The text of the file. A name that a spreadsheet would take for a formula is put behind an apostrophe. */
export async function csvText(lines: readonly (readonly (string | number)[])[]): Promise<string> {
  const { default: papa } = await import('papaparse');
  return papa.unparse({ fields: [...CSV_FIELDS], data: lines.map((each) => [...each]) }, CSV_FORM);
}

/** Hands the browser a file to save. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
