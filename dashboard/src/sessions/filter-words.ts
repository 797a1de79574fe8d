/**
 * A filter as people read it. Pure.
 * @module
 */
import { countText, type Locale } from '../format.ts';
import { COUNT_LIMIT } from './queries.ts';
import { FILTER_FIELDS, type FilterField, type SessionFilter, type SessionSort } from './session-filter.ts';

/** Names of the fields, as the form has them. */
export const FIELD_NAMES: Readonly<Record<FilterField, string>> = {
  uid: 'User id',
  state: 'State',
  model: 'Model',
  templateId: 'Template',
  policyId: 'Policy',
  backend: 'Backend',
  from: 'From',
  to: 'To',
  day: 'UTC day',
  flag: 'Flag',
  costFrom: 'Cost from, USD',
};

/** Names of the orders. */
export const SORT_NAMES: Readonly<Record<SessionSort, string>> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  costliest: 'Costliest first',
};

/** Whether anything is filtered by. */
export function isFiltered(filter: SessionFilter): boolean {
  return FILTER_FIELDS.some((field) => filter[field] !== undefined);
}

/** How many match: counted to a bound, and only once. */
export function matchText(count: number | undefined, options: Locale = {}): string | undefined {
  if (count === undefined) return undefined;
  if (count >= COUNT_LIMIT) return `${countText(COUNT_LIMIT, options)} or more match`;
  return count === 1 ? '1 matches' : `about ${countText(count, options)} match`;
}
