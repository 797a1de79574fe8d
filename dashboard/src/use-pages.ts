/**
 * A list that is looked at page by page, each of them watched.
 * @module
 */
import type { DocumentData, Query, QueryDocumentSnapshot } from 'firebase/firestore';
import { useState } from 'preact/hooks';
import { type Listed, useList, type Watching } from './use-watched.ts';

/** The page that is shown, and the ways from it. */
export interface Paged<T> {
  readonly watching: Watching<Listed<T>>;
  /** From 1. */
  readonly page: number;
  /** Absent on the first page. */
  readonly back: (() => void) | undefined;
  /** Absent where the page is not full: nothing comes after it. */
  readonly onward: (() => void) | undefined;
}

/**
 * Watches a page of a query. `key` names the query, its filter included: another key begins at the first page. `make`
 * answers the query after a document, limited to `size`.
 */
export function usePages<T>(
  key: string,
  make: (after: QueryDocumentSnapshot | undefined) => Query,
  { size, read }: { readonly size: number; readonly read: (id: string, data: DocumentData) => T | undefined },
): Paged<T> {
  const [passed, setPassed] = useState<{
    readonly of: string;
    readonly ends: readonly QueryDocumentSnapshot[];
  }>({ of: key, ends: [] });
  const ends = passed.of === key ? passed.ends : [];
  const after = ends.at(-1);
  const watching = useList(`${key} ${ends.length} ${after?.id ?? ''}`, () => make(after), read);
  const docs = watching.watched.kind === 'ready' ? watching.watched.value.docs : [];
  const last = docs.length === size ? docs.at(-1) : undefined;
  return {
    watching,
    page: ends.length + 1,
    back: ends.length === 0 ? undefined : () => setPassed({ of: key, ends: ends.slice(0, -1) }),
    onward: last === undefined ? undefined : () => setPassed({ of: key, ends: [...ends, last] }),
  };
}
