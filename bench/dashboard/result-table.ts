/**
 * The figures of a run, its aims, and what was met.
 * @module
 */
import { worstReadsAnHour } from '../../dashboard/src/now/read-budget-policy.ts';
import type { Aim } from '../functions/aims.ts';
import { quantile } from '../functions/statistics.ts';
import type { Table } from '../functions/table.ts';
import { FIRESTORE_PRICES } from '../functions/unit-prices.ts';
import { spreadText } from '../web/result-table.ts';
import { LIVE_SESSIONS, type NowReads, type ViewReads } from './runs/reads-run.ts';
import type { ScrollFigures } from './runs/scroll-run.ts';

/** What is aimed at. The reads of an hour are what the page's own policy bounds, and its README states. */
export const AIMS = {
  rowP95Ms: 300,
  longestTaskMs: 50,
  firstLoadKb: 250,
  viewReads: 60,
  nowReadsPerHour: worstReadsAnHour(LIVE_SESSIONS),
} as const;

/** All that was measured. One entry a round where there are rounds. */
export interface BenchFigures {
  readonly firstLoadBytes: number;
  /** Each round's times, in ms. */
  readonly rowTimes: readonly (readonly number[])[];
  readonly writesASecond: readonly number[];
  readonly scrolls: readonly ScrollFigures[];
  readonly views: readonly ViewReads[];
  readonly now: NowReads;
}

/** Price of so many reads, multi-region, in USD. */
export function priceOfReads(reads: number): number {
  return (reads / 100_000) * FIRESTORE_PRICES.multiRegion.reads.usd;
}

/** The aims, judged: times by the median of the rounds, tasks and reads by the worst. */
export function aimsOf({ firstLoadBytes, rowTimes, scrolls, views, now }: BenchFigures): readonly Aim[] {
  const aim = (what: string, most: number, found: number, unit: string): Aim => ({
    what,
    bound: `≤ ${most.toLocaleString('en-US')}${unit}`,
    found: `${found.toLocaleString('en-US', { maximumFractionDigits: 1 })}${unit}`,
    isMet: found <= most,
  });
  const p95 = quantile(
    rowTimes.map((times) => quantile(times, 0.95)),
    0.5,
  );
  return [
    aim('write to row, p95', AIMS.rowP95Ms, p95, ' ms'),
    aim(
      'longest task',
      AIMS.longestTaskMs,
      Math.max(...scrolls.map(({ longestTaskMs }) => longestTaskMs)),
      ' ms',
    ),
    aim('first load', AIMS.firstLoadKb, firstLoadBytes / 1_000, ' kB'),
    aim('reads of a view', AIMS.viewReads, Math.max(...views.map(({ reads }) => reads)), ''),
    aim('reads of Now in an hour', AIMS.nowReadsPerHour, now.perHour, ''),
  ];
}

/** One row a figure, with the median, the least and the most of the rounds. */
export function resultTable(
  { firstLoadBytes, rowTimes, writesASecond, scrolls, views, now }: BenchFigures,
  [row, task, load, view, hour]: readonly Aim[],
): Table {
  const line = (what: string, found: string, aim?: Aim): readonly string[] => [
    what,
    found,
    aim?.bound ?? '',
    aim ? (aim.isMet ? 'met' : 'NOT MET') : '',
  ];
  const ms = { unit: ' ms', digits: 0 };
  const count = { unit: '', digits: 0 };
  const of = (share: number): readonly number[] => rowTimes.map((times) => quantile(times, share));
  const each = (figure: keyof ScrollFigures): readonly number[] => scrolls.map((scroll) => scroll[figure]);
  return {
    title: 'The dashboard',
    head: ['what', 'found', 'aim', ''],
    rows: [
      line('write to Firestore to row on screen, median', spreadText(of(0.5), ms)),
      line('the same, p95', spreadText(of(0.95), ms), row),
      line('writes a second meanwhile', spreadText(writesASecond, { unit: '', digits: 1 })),
      line('rows scrolled through', spreadText(each('rows'), count)),
      line('longest task while scrolling (0: none of 50 ms)', spreadText(each('longestTaskMs'), ms), task),
      line('rows in the document at a time', spreadText(each('rowsInDocument'), count)),
      line('JavaScript until Now stands, gzip', `${(firstLoadBytes / 1_000).toFixed(1)} kB`, load),
      ...views.map(({ path, reads }) => line(`reads to open ${path}`, String(reads))),
      line('the most of these', String(Math.max(...views.map(({ reads }) => reads))), view),
      line(
        'reads of Now in an hour over 1,000 live sessions',
        `${Math.round(now.perHour).toLocaleString('en-US')}, $${priceOfReads(now.perHour).toFixed(4)}`,
        hour,
      ),
      line('writes a second meanwhile', now.writesASecond.toFixed(1)),
    ],
  };
}
