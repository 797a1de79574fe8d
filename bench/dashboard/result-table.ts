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
import type { RowFigures } from './runs/row-run.ts';
import type { ScrollFigures } from './runs/scroll-run.ts';

/** What is aimed at. The reads of an hour are what the page's own policy bounds, and its README states. */
export const AIMS = {
  rowP95Ms: 300,
  longestTaskMs: 50,
  firstLoadKb: 250,
  viewReads: 60,
  nowReadsPerHour: worstReadsAnHour(LIVE_SESSIONS),
} as const;

/** What was measured. One entry a round where there are rounds; what a run left out is absent. */
export interface BenchFigures {
  readonly rows?: readonly RowFigures[];
  readonly scrolls?: readonly ScrollFigures[];
  readonly firstLoadBytes?: number;
  readonly views?: readonly ViewReads[];
  readonly now?: NowReads;
}

/** Some lines of the table, and the aim that is judged in them. */
interface Part {
  readonly aim: Aim;
  readonly lines: readonly (readonly string[])[];
}

/** Price of so many reads, multi-region, in USD. */
export function priceOfReads(reads: number): number {
  return (reads / 100_000) * FIRESTORE_PRICES.multiRegion.reads.usd;
}

/** The aims of what was measured: times by the median of the rounds, tasks and reads by the worst. */
export function aimsOf(figures: BenchFigures): readonly Aim[] {
  return partsOf(figures).map(({ aim }) => aim);
}

/** One row a figure, with the median, the least and the most of the rounds. */
export function resultTable(figures: BenchFigures): Table {
  return {
    title: 'The dashboard',
    head: ['what', 'found', 'aim', ''],
    rows: partsOf(figures).flatMap(({ lines }) => lines),
  };
}

function partsOf({ rows, scrolls, firstLoadBytes, views, now }: BenchFigures): readonly Part[] {
  return [
    ...(rows ? [rowPart(rows)] : []),
    ...(scrolls ? [scrollPart(scrolls)] : []),
    ...(firstLoadBytes === undefined ? [] : [loadPart(firstLoadBytes)]),
    ...(views ? [viewPart(views)] : []),
    ...(now ? [nowPart(now)] : []),
  ];
}

const MS = { unit: ' ms', digits: 0 };
const COUNT = { unit: '', digits: 0 };

function rowPart(rounds: readonly RowFigures[]): Part {
  const of = (share: number): readonly number[] => rounds.map(({ times }) => quantile(times, share));
  const aim = judged('write to row, p95', quantile(of(0.95), 0.5), { most: AIMS.rowP95Ms, unit: ' ms' });
  const bare = rounds.map(({ bareTimes }) => quantile(bareTimes, 0.95));
  const rates = rounds.map(({ writesASecond }) => writesASecond);
  return {
    aim,
    lines: [
      line('write to Firestore to row on screen, median', spreadText(of(0.5), MS)),
      line('the same, p95', spreadText(of(0.95), MS), aim),
      line('write to a bare listener of that list, p95', spreadText(bare, MS)),
      line('writes a second meanwhile', spreadText(rates, { unit: '', digits: 1 })),
    ],
  };
}

function scrollPart(rounds: readonly ScrollFigures[]): Part {
  const each = (figure: keyof ScrollFigures): readonly number[] => rounds.map((round) => round[figure]);
  const most = Math.max(...each('longestTaskMs'));
  const aim = judged('longest task', most, { most: AIMS.longestTaskMs, unit: ' ms' });
  return {
    aim,
    lines: [
      line('rows scrolled through', spreadText(each('rows'), COUNT)),
      line('longest task meanwhile (0: none of 50 ms)', spreadText(each('longestTaskMs'), MS), aim),
      line('rows in the document at a time', spreadText(each('rowsInDocument'), COUNT)),
    ],
  };
}

function loadPart(bytes: number): Part {
  const aim = judged('first load', bytes / 1_000, { most: AIMS.firstLoadKb, unit: ' kB' });
  return { aim, lines: [line('JavaScript until Now stands, gzip', `${(bytes / 1_000).toFixed(1)} kB`, aim)] };
}

function viewPart(views: readonly ViewReads[]): Part {
  const most = Math.max(...views.map(({ reads }) => reads));
  const aim = judged('reads of a view', most, { most: AIMS.viewReads, unit: '' });
  return {
    aim,
    lines: [
      ...views.map(({ path, reads }) => line(`reads to open \`${nameOf(path)}\``, String(reads))),
      line('the most of these', String(most), aim),
    ],
  };
}

/** A path without the ids of a run: `/sessions/:id`. */
function nameOf(path: string): string {
  return path.replace(/^\/(sessions|users)\/[^/?]+/, '/$1/:id');
}

function nowPart({ opening, perHour, writesASecond }: NowReads): Part {
  const aim = judged('reads of Now in an hour', Math.round(perHour), {
    most: AIMS.nowReadsPerHour,
    unit: '',
  });
  const found = `${Math.round(perHour).toLocaleString('en-US')}, $${priceOfReads(perHour).toFixed(4)}`;
  return {
    aim,
    lines: [
      line('reads of Now in an hour over 1,000 live sessions', found, aim),
      line('reads to open it there', String(opening)),
      line('writes a second meanwhile', writesASecond.toFixed(1)),
    ],
  };
}

function judged(
  what: string,
  found: number,
  { most, unit }: { readonly most: number; readonly unit: string },
): Aim {
  return {
    what,
    bound: `≤ ${most.toLocaleString('en-US')}${unit}`,
    found: `${found.toLocaleString('en-US', { maximumFractionDigits: 1 })}${unit}`,
    isMet: found <= most,
  };
}

function line(what: string, found: string, aim?: Aim): readonly string[] {
  return [what, found, aim?.bound ?? '', aim ? (aim.isMet ? 'met' : 'NOT MET') : ''];
}
