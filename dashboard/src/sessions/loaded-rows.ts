/**
 * The rows that are loaded: a first page that changes under one's eyes, and later pages that were read once. Pure.
 * @module
 */
import { inOrder, type ListRow } from './list-row.ts';
import type { SessionSort } from './session-filter.ts';

/** What is loaded. */
export interface LoadedRows {
  /** The first page, as it was last. */
  readonly first: readonly ListRow[];
  /** Read once: later pages, and rows that newer ones pushed out of the first. */
  readonly later: readonly ListRow[];
}

/** Nothing yet. */
export const NO_ROWS: LoadedRows = { first: [], later: [] };

/**
 * After the first page changed. Once later pages are loaded, a row that newer ones pushed over its end is kept as it was
 * last; one that left from its midst does not match any more, and goes.
 */
export function withFirstPage(
  { first, later }: LoadedRows,
  {
    page,
    most,
    sort,
  }: { readonly page: readonly ListRow[]; readonly most: number; readonly sort: SessionSort },
): LoadedRows {
  const end = page.at(-1);
  if (later.length === 0 || end === undefined || page.length < most) return { first: page, later };
  const here = new Set(page.map(({ id }) => id));
  const compare = inOrder(sort);
  const pushed = first.filter((row) => !here.has(row.id) && compare(row, end) > 0);
  return { first: page, later: pushed.length === 0 ? later : [...pushed, ...later] };
}

/** After one more page was read. */
export function withLaterPage({ first, later }: LoadedRows, page: readonly ListRow[]): LoadedRows {
  return { first, later: [...later, ...page] };
}

/** All rows, each session once, as fresh as it is known, in the order of the list. */
export function rowsOf({ first, later }: LoadedRows, sort: SessionSort): readonly ListRow[] {
  if (later.length === 0) return first;
  const found = new Map<string, ListRow>();
  for (const row of [...later, ...first]) found.set(row.id, row);
  return [...found.values()].sort(inOrder(sort));
}
