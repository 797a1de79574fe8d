/**
 * What a list of sessions is filtered and sorted by, and how an address says it. Pure.
 * @module
 */
import type { LiveBackend, SessionFlag, SessionState } from '@livegate/protocol';

/** The states there are, in the order of a session's life. */
export const SESSION_STATES = [
  'reserved',
  'active',
  'ended',
  'expired',
  'revoked',
  'failed',
] as const satisfies readonly SessionState[];

/** Where models are served. */
export const BACKENDS = ['google-ai', 'vertex-ai'] as const satisfies readonly LiveBackend[];

/** What can be odd about a session. */
export const FLAGS = ['under-reported'] as const satisfies readonly SessionFlag[];

/** The orders there are: by beginning, or by cost. */
export const SORTS = ['newest', 'oldest', 'costliest'] as const;
/** One of {@link SORTS}. */
export type SessionSort = (typeof SORTS)[number];

/** Stands for "no template" in a filter, as in the daily figures. */
export const NO_TEMPLATE = '-';

/** A filter. What is absent is not filtered by. */
export interface SessionFilter {
  readonly uid?: string;
  readonly state?: SessionState;
  readonly model?: string;
  /** {@link NO_TEMPLATE} for sessions without one. */
  readonly templateId?: string;
  readonly policyId?: string;
  readonly backend?: LiveBackend;
  /** First and last day of the beginning, in the viewer's zone: `2026-11-21`. */
  readonly from?: string;
  readonly to?: string;
  /** UTC day of the beginning, as the daily figures have it. */
  readonly day?: string;
  readonly flag?: SessionFlag;
  /** Least cost, in USD. */
  readonly costFrom?: number;
  readonly sort: SessionSort;
}

/** What can be filtered by. */
export type FilterField = Exclude<keyof SessionFilter, 'sort'>;

/** No filter: all sessions, newest first. */
export const ALL_SESSIONS: SessionFilter = { sort: 'newest' };

/** The fields, in the order in which an address names them. */
export const FILTER_FIELDS = [
  'uid',
  'state',
  'model',
  'templateId',
  'policyId',
  'backend',
  'from',
  'to',
  'day',
  'flag',
  'costFrom',
] as const satisfies readonly FilterField[];

/** Reads the query string of an address. What it does not know is left out, so that an old link opens a list. */
export function readFilter(parameters: Readonly<Record<string, string | undefined>>): SessionFilter {
  const sort = SORTS.find((each) => each === parameters.sort);
  const found: { [K in FilterField]?: unknown } = {};
  for (const field of FILTER_FIELDS) {
    const value = READERS[field](parameters[field]?.trim() ?? '');
    if (value !== undefined) found[field] = value;
  }
  const filter = found as Omit<SessionFilter, 'sort'>;
  // A least cost sorts by cost: Firestore sorts by what it compares first.
  return { ...filter, sort: filter.costFrom === undefined ? (sort ?? 'newest') : 'costliest' };
}

/** The parameters that {@link readFilter} reads back. */
export function filterParameters(filter: SessionFilter): Readonly<Record<string, string>> {
  const named = FILTER_FIELDS.flatMap((field) => {
    const value = filter[field];
    return value === undefined ? [] : [[field, String(value)] as const];
  });
  const isUsual = filter.sort === 'newest' || filter.costFrom !== undefined;
  return Object.fromEntries(isUsual ? named : [...named, ['sort', filter.sort]]);
}

/** The filter with one field set, or cleared where the value is empty or makes no sense. */
export function withField(filter: SessionFilter, field: FilterField | 'sort', value: string): SessionFilter {
  return readFilter({ ...filterParameters(filter), [field]: value });
}

/** Millionths of a dollar that a session costs at least. */
export function leastMicroUsd({ costFrom }: SessionFilter): number | undefined {
  return costFrom === undefined ? undefined : Math.round(costFrom * 1_000_000);
}

/** The filter's days as moments, epoch ms: from the first midnight until before the last, in the viewer's zone. */
export function rangeOf({ from, to }: SessionFilter): {
  readonly fromMs?: number;
  readonly beforeMs?: number;
} {
  return {
    ...(from === undefined ? {} : { fromMs: midnight(from, 0) }),
    ...(to === undefined ? {} : { beforeMs: midnight(to, 1) }),
  };
}

function midnight(day: string, daysLater: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).getTime();
}

/** Longest name that is looked for: a uid has 128 characters at most. */
const LONGEST_NAME = 128;

const name = (text: string): string | undefined =>
  text === '' || text.length > LONGEST_NAME ? undefined : text;

const oneOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): T | undefined =>
    known.find((each) => each === text);

/** A day that exists. */
function day(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : text;
}

/** Dollars, to the millionth, below a million. */
function dollars(text: string): number | undefined {
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(text)) return undefined;
  return Number(text);
}

const READERS: { readonly [K in FilterField]: (text: string) => SessionFilter[K] } = {
  uid: name,
  state: oneOf(SESSION_STATES),
  model: name,
  templateId: name,
  policyId: name,
  backend: oneOf(BACKENDS),
  from: day,
  to: day,
  day,
  flag: oneOf(FLAGS),
  costFrom: dollars,
};
