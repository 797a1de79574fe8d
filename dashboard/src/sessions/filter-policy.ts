/**
 * Which filters and orders Firestore can serve together, and where each list is read. Pure. The table below is the only
 * place that says so: the page greys by it, queries are made of it, and a test derives the indexes from it.
 *
 * Firestore joins indexes that end in the same sort, so one index for each field and sort serves every combination of
 * equalities. Source: firebase.google.com/docs/firestore/query-data/index-overview, "Taking advantage of index
 * merging", read 2026-11-21.
 * @module
 */
import { COLLECTIONS } from '@livegate/protocol';
import {
  FILTER_FIELDS,
  type FilterField,
  leastMicroUsd,
  NO_TEMPLATE,
  rangeOf,
  type SessionFilter,
  type SessionSort,
} from './session-filter.ts';

/**
 * Where a list is read:
 * - `sessions`: the sessions themselves, by their beginning
 * - `flagged`: what operators know of sessions whose books are closed, by their beginning
 * - `costs`: the same, by cost
 */
export type ListSource = 'sessions' | 'flagged' | 'costs';

interface SourceRules {
  readonly fields: readonly FilterField[];
  readonly sorts: readonly SessionSort[];
  /** Why it has no filter by a field, or not this order. */
  readonly without: Readonly<Partial<Record<FilterField | SessionSort, string>>>;
}

const CLOSED_ONLY = 'Flags and costs are kept without the name of the policy. Clear the policy, or this.';

/** What each list can be filtered and sorted by. */
export const SOURCES: Readonly<Record<ListSource, SourceRules>> = {
  sessions: {
    fields: ['uid', 'state', 'model', 'templateId', 'policyId', 'backend', 'from', 'to'],
    sorts: ['newest', 'oldest'],
    without: { day: 'A day by UTC goes with the costliest first. By time of beginning, use From and To.' },
  },
  flagged: {
    fields: ['uid', 'state', 'model', 'templateId', 'backend', 'from', 'to', 'flag'],
    sorts: ['newest'],
    without: {
      policyId: CLOSED_ONLY,
      day: 'A day by UTC goes with the costliest first. By time of beginning, use From and To.',
      oldest: 'There is no index for flagged sessions, oldest first. Clear the flag to sort so.',
    },
  },
  costs: {
    fields: ['uid', 'state', 'model', 'templateId', 'backend', 'day', 'flag', 'costFrom'],
    sorts: ['costliest'],
    without: {
      policyId: CLOSED_ONLY,
      from: 'Firestore sorts by cost or cuts by time, not both. Choose one UTC day instead.',
      to: 'Firestore sorts by cost or cuts by time, not both. Choose one UTC day instead.',
      newest: 'A least cost sorts by cost. Clear it to sort by time.',
      oldest: 'A least cost sorts by cost. Clear it to sort by time.',
    },
  },
};

/** A part of a filter that the list leaves out, and why, in words. */
export interface LeftOut {
  readonly what: FilterField | SessionSort;
  readonly why: string;
}

/** What of a filter is served, and where. */
export interface ServedFilter {
  readonly source: ListSource;
  readonly filter: SessionFilter;
  /** Empty for every filter that the page lets one choose; an address may ask for more. */
  readonly leftOut: readonly LeftOut[];
}

/** The list that a filter asks for, without what no index serves. */
export function servedFilter(filter: SessionFilter): ServedFilter {
  const source = sourceOf(filter);
  const { fields, sorts, without } = SOURCES[source];
  const leftOut: LeftOut[] = [];
  const kept: { [K in FilterField]?: unknown } = {};
  for (const field of FILTER_FIELDS) {
    if (filter[field] === undefined) continue;
    if (fields.includes(field)) kept[field] = filter[field];
    else leftOut.push({ what: field, why: without[field] ?? 'No index serves this here.' });
  }
  const [usual = 'newest'] = sorts;
  const sort = sorts.includes(filter.sort) ? filter.sort : usual;
  if (sort !== filter.sort)
    leftOut.push({ what: filter.sort, why: without[filter.sort] ?? 'No index serves this here.' });
  return { source, filter: { ...(kept as Omit<SessionFilter, 'sort'>), sort }, leftOut };
}

/**
 * Why a field cannot be filtered by beside what is chosen already; `undefined` where it can, or where it is chosen and
 * served: then it can be changed or cleared.
 */
export function reasonAgainst(filter: SessionFilter, field: FilterField): string | undefined {
  if (filter[field] !== undefined) return undefined;
  const sample = SAMPLES[field];
  const sort = field === 'costFrom' ? 'costliest' : filter.sort;
  return servedFilter({ ...filter, [field]: sample, sort }).leftOut[0]?.why;
}

/** Why an order cannot be chosen beside the filter; `undefined` where it can. */
export function reasonAgainstSort(filter: SessionFilter, sort: SessionSort): string | undefined {
  if (filter.sort === sort) return undefined;
  return servedFilter({ ...filter, sort }).leftOut[0]?.why;
}

function sourceOf(filter: SessionFilter): ListSource {
  if (filter.costFrom !== undefined || filter.sort === 'costliest') return 'costs';
  return filter.flag === undefined ? 'sessions' : 'flagged';
}

/** One condition of a query. */
export interface Condition {
  readonly field: string;
  readonly op: '==' | '>=' | '<' | 'array-contains';
  readonly value: string | number | null;
}

/** A query over sessions, as data. */
export interface ListPlan {
  readonly source: ListSource;
  readonly collection: string;
  readonly scope: 'collection' | 'group';
  readonly conditions: readonly Condition[];
  readonly order: { readonly field: string; readonly direction: 'asc' | 'desc' };
}

/** Fields that both documents name alike. */
const EQUALITIES = ['uid', 'state', 'model', 'templateId', 'policyId', 'backend', 'day'] as const;

/** The query for a filter; what is not served is left out of it. */
export function planOf(filter: SessionFilter): ListPlan {
  const { source, filter: served } = servedFilter(filter);
  const conditions: Condition[] = [];
  for (const field of EQUALITIES) {
    const value = served[field];
    if (value === undefined) continue;
    const isNone = field === 'templateId' && value === NO_TEMPLATE;
    conditions.push({ field, op: '==', value: isNone ? null : value });
  }
  if (served.flag !== undefined)
    conditions.push({ field: 'flags', op: 'array-contains', value: served.flag });
  const { fromMs, beforeMs } = rangeOf(served);
  if (fromMs !== undefined) conditions.push({ field: 'createdAt', op: '>=', value: fromMs });
  if (beforeMs !== undefined) conditions.push({ field: 'createdAt', op: '<', value: beforeMs });
  const least = leastMicroUsd(served);
  if (least !== undefined) conditions.push({ field: COST_FIELD, op: '>=', value: least });
  const direction = served.sort === 'oldest' ? 'asc' : 'desc';
  return {
    source,
    collection: source === 'sessions' ? COLLECTIONS.sessions : COLLECTIONS.ops,
    scope: source === 'sessions' ? 'collection' : 'group',
    conditions,
    order: { field: source === 'costs' ? COST_FIELD : 'createdAt', direction },
  };
}

const COST_FIELD = 'cost.microUsd';

/** A value of each field, for trying. */
const SAMPLES = {
  uid: 'u',
  state: 'ended',
  model: 'm',
  templateId: 't',
  policyId: 'p',
  backend: 'google-ai',
  from: '2026-01-01',
  to: '2026-01-01',
  day: '2026-01-01',
  flag: 'under-reported',
  costFrom: 1,
} as const satisfies Required<Omit<SessionFilter, 'sort'>>;

/** Every combination that is served, each once, with a value for each of its fields. */
export function everyServedFilter(): readonly SessionFilter[] {
  return (Object.keys(SOURCES) as ListSource[]).flatMap((source) =>
    subsets(SOURCES[source].fields)
      .flatMap((subset) => SOURCES[source].sorts.map((sort) => sampleFilter(subset, sort)))
      .filter((filter) => sourceOf(filter) === source),
  );
}

function sampleFilter(fields: readonly FilterField[], sort: SessionSort): SessionFilter {
  const values = Object.fromEntries(fields.map((field) => [field, SAMPLES[field]]));
  return { ...(values as Omit<SessionFilter, 'sort'>), sort };
}

function subsets<T>(of: readonly T[]): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [[]];
  for (const each of of) found.push(...found.map((subset) => [...subset, each]));
  return found;
}
