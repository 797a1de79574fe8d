/**
 * Figures of days as bars, sums and lines of a table. Costs are millionths of a dollar. Pure.
 * @module
 */
import { isObject, type StatsFigures } from '@livegate/protocol';
import { readFigures, type UsageRow } from '../users/usage-list.ts';

/** A day's figures: whole, and by what they are split by. */
export interface DayFigures {
  readonly day: string;
  /** Sessions made up by `npm run seed` are in it. */
  readonly isSample: boolean;
  readonly all: StatsFigures;
  readonly byModel: Readonly<Record<string, StatsFigures>>;
  readonly byTemplate: Readonly<Record<string, StatsFigures>>;
}

/** A bar in each day, or a row: a model, a template, a user. `figures` has one for each day; `null` where nothing stands. */
export interface CostGroup {
  readonly name: string;
  /** The names that were folded into this one; empty for a group of its own. */
  readonly folded: readonly string[];
  readonly days: readonly (StatsFigures | null)[];
  readonly sum: StatsFigures;
}

/** What the chart and the table show. */
export interface CostSeries {
  readonly days: readonly string[];
  readonly groups: readonly CostGroup[];
  /** By day; `null` for a day without a document: nothing was rolled up. */
  readonly totals: readonly (StatsFigures | null)[];
  readonly sum: StatsFigures;
}

/** Groups with a bar of their own; the others are folded into one. */
export const SHOWN_GROUPS = 6;
/** Name of all others. No model or template can have it. */
export const OTHERS = 'all others';
/** How sessions without a template stand in the figures. */
const NO_TEMPLATE = '-';

const NONE: StatsFigures = {
  sessions: 0,
  leasedSeconds: 0,
  reportedSeconds: 0,
  meteredSeconds: 0,
  microUsd: 0,
  unpriced: 0,
  flagged: 0,
  failed: 0,
};

/** Adds figures up. */
export function sumOf(figures: readonly (StatsFigures | null | undefined)[]): StatsFigures {
  const sum = { ...NONE } as Record<keyof StatsFigures, number>;
  for (const each of figures)
    for (const key of Object.keys(NONE) as (keyof StatsFigures)[]) sum[key] += each?.[key] ?? 0;
  return sum;
}

/** Reads a `liveStats` document; `undefined` for one of some other version. */
export function readDay(day: string, data: unknown): DayFigures | undefined {
  if (!isObject(data)) return undefined;
  const all = readFigures(data.all);
  const byModel = readGroups(data.byModel);
  const byTemplate = readGroups(data.byTemplate);
  return all && byModel && byTemplate
    ? { day, isSample: data.sample === true, all, byModel, byTemplate }
    : undefined;
}

function readGroups(value: unknown): Readonly<Record<string, StatsFigures>> | undefined {
  if (!isObject(value)) return undefined;
  const read = Object.entries(value).map(([name, figures]) => [name, readFigures(figures)] as const);
  return read.every(([, figures]) => figures !== undefined)
    ? (Object.fromEntries(read) as Readonly<Record<string, StatsFigures>>)
    : undefined;
}

/**
 * The figures of `days` split by `by`. The costliest {@link SHOWN_GROUPS} stand alone, the costliest first; where more than
 * one is left they are folded into {@link OTHERS}.
 */
export function costSeries(
  days: readonly string[],
  figures: readonly DayFigures[],
  by: 'day' | 'model' | 'template',
): CostSeries {
  const found = new Map(figures.map((each) => [each.day, each]));
  const known = days.map((day) => found.get(day));
  const totals = known.map((each) => each?.all ?? null);
  const sum = sumOf(totals);
  if (by === 'day')
    return { days, totals, sum, groups: [{ name: 'Cost of all sessions', folded: [], days: totals, sum }] };
  const parts = known.map((each) => (by === 'model' ? each?.byModel : each?.byTemplate));
  const names = [...new Set(parts.flatMap((part) => Object.keys(part ?? {})))];
  const groups = names
    .map((name) => {
      const own = parts.map((part) => (part && Object.hasOwn(part, name) ? (part[name] ?? null) : null));
      return {
        name: by === 'template' && name === NO_TEMPLATE ? 'no template' : name,
        folded: [],
        days: own,
        sum: sumOf(own),
      };
    })
    .sort((a, b) => dearer(a.sum, b.sum) || (a.name < b.name ? -1 : 1));
  return { days, totals, sum, groups: folded(groups) };
}

function dearer(a: StatsFigures, b: StatsFigures): number {
  return b.microUsd - a.microUsd || b.sessions - a.sessions;
}

function folded(groups: readonly CostGroup[]): readonly CostGroup[] {
  if (groups.length <= SHOWN_GROUPS + 1) return groups;
  const rest = groups.slice(SHOWN_GROUPS);
  const days = (rest[0]?.days ?? []).map((_, place) => {
    const own = rest.map((group) => group.days[place] ?? null);
    return own.every((each) => each === null) ? null : sumOf(own);
  });
  const others = {
    name: OTHERS,
    folded: rest.map(({ name }) => name),
    days,
    sum: sumOf(rest.map(({ sum }) => sum)),
  };
  return [...groups.slice(0, SHOWN_GROUPS), others];
}

/** The costliest users of a month, and everybody else of it by what its days add up to; those who were erased are there. */
export function userGroups(
  users: readonly UsageRow[],
  days: readonly DayFigures[],
): { readonly groups: readonly CostGroup[]; readonly sum: StatsFigures } {
  const listed = sumOf(users);
  const whole = sumOf(days.map(({ all }) => all));
  // The days are rolled up a little later than the users are counted.
  const rest = Object.fromEntries(
    (Object.keys(NONE) as (keyof StatsFigures)[]).map((key) => [key, Math.max(0, whole[key] - listed[key])]),
  ) as unknown as StatsFigures;
  const groups = users.map((user) => ({ name: user.uid, folded: [], days: [], sum: sumOf([user]) }));
  return {
    groups: rest.sessions > 0 ? [...groups, { name: OTHERS, folded: [], days: [], sum: rest }] : groups,
    sum: sumOf([listed, rest]),
  };
}
