/**
 * The day's figures as `Now` shows them, out of the newest daily document. Pure.
 * @module
 */
import { isObject, type LiveStatsDocument, type StatsFigures } from '@livegate/protocol';

/** What `liveStats/{day}` says of a day. */
export interface DayFigures {
  readonly day: string;
  /** Epoch ms: when it was added up. */
  readonly rolledUpAt: number;
  readonly microUsd: number;
  readonly unpriced: number;
  /** Sessions that began in the day and whose books are closed. */
  readonly sessions: number;
  readonly leasedSeconds: number;
  /** Reason → mints refused, the most frequent first. */
  readonly refusals: readonly (readonly [string, number])[];
  /** Sessions by model and by policy, the busiest first. */
  readonly models: readonly string[];
  readonly policies: readonly string[];
  readonly isSample: boolean;
}

/** Reads a daily document; `undefined` for one that this page does not know. */
export function dayFiguresOf(data: Readonly<Record<string, unknown>>): DayFigures | undefined {
  const { day, rolledUpAt, all } = data as Partial<LiveStatsDocument>;
  if (typeof day !== 'string' || typeof rolledUpAt !== 'number' || !isObject(all)) return undefined;
  return {
    day,
    rolledUpAt,
    microUsd: number(all.microUsd),
    unpriced: number(all.unpriced),
    sessions: number(all.sessions),
    leasedSeconds: number(all.leasedSeconds),
    refusals: counts(data.refusals).filter(([, count]) => count > 0),
    models: busiest(data.byModel),
    policies: busiest(data.byTier),
    isSample: data.sample === true,
  };
}

/** The figures of a day that is not over: none where the newest document is of an earlier one. */
export function figuresOn(newest: DayFigures | null, day: string): DayFigures | null {
  return newest?.day === day ? newest : null;
}

/** The UTC day of a moment, by which minutes, refusals and costs are counted. */
export function utcDay(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function counts(value: unknown): readonly (readonly [string, number])[] {
  return isObject(value)
    ? Object.entries(value)
        .map(([name, count]) => [name, number(count)] as const)
        .sort(([, a], [, b]) => b - a)
    : [];
}

function busiest(value: unknown): readonly string[] {
  if (!isObject(value)) return [];
  const sessionsOf = ([, figures]: readonly [string, unknown]): number =>
    number(isObject(figures) ? (figures as Partial<StatsFigures>).sessions : 0);
  return Object.entries(value)
    .sort((a, b) => sessionsOf(b) - sessionsOf(a))
    .map(([name]) => name);
}
