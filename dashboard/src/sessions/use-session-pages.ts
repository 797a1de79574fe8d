/**
 * A list of sessions: its first page as it changes, and as many later ones as are asked for.
 * @module
 */
import { getDocs, type QueryDocumentSnapshot } from 'firebase/firestore';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { SESSIONS_LIST } from '../now/read-budget-policy.ts';
import { type BoundedList, useBoundedList } from '../now/use-bounded-list.ts';
import { useOperator } from '../operator.ts';
import { readable, readProblem } from '../watched.ts';
import { planOf } from './filter-policy.ts';
import { type ListRow, readListRow } from './list-row.ts';
import { type LoadedRows, NO_ROWS, rowsOf, withFirstPage, withLaterPage } from './loaded-rows.ts';
import { listQuery, PAGE_ROWS } from './queries.ts';
import { filterParameters, type SessionFilter } from './session-filter.ts';

/** A list, page by page. */
export interface SessionPages {
  /** The first page, with its states. */
  readonly list: BoundedList<ListRow>;
  readonly rows: readonly ListRow[];
  /** Documents that this page cannot read, of all pages. */
  readonly unreadable: number;
  readonly next:
    | { readonly kind: 'none' }
    | { readonly kind: 'idle' | 'loading' }
    | { readonly kind: 'failed'; readonly problem: string };
  /** Reads the next page; does nothing while one is read. */
  readonly loadMore: () => void;
}

interface Later {
  readonly of: string;
  readonly loaded: LoadedRows;
  readonly end: QueryDocumentSnapshot | undefined;
  readonly isMore: boolean;
  readonly unreadable: number;
  readonly state: 'idle' | 'loading' | { readonly problem: string };
}

const nothing = (of: string): Later => ({
  of,
  loaded: NO_ROWS,
  end: undefined,
  isMore: true,
  unreadable: 0,
  state: 'idle',
});

/** Follows the list that a filter asks for. Another filter begins anew. */
export function useSessionPages(filter: SessionFilter): SessionPages {
  const { db } = useOperator();
  const key = JSON.stringify(filterParameters(filter));
  const { source } = planOf(filter);
  const read = (id: string, data: unknown) => readListRow(source, id, data);
  const list = useBoundedList(key, {
    make: () => listQuery(db, filter, { rows: PAGE_ROWS }),
    read,
    budget: SESSIONS_LIST,
  });
  const [held, setHeld] = useState<Later>(() => nothing(key));
  const later = held.of === key ? held : nothing(key);
  const change = (by: (later: Later) => Partial<Later>): void =>
    setHeld((before) => {
      const own = before.of === key ? before : nothing(key);
      return { ...own, ...by(own) };
    });

  const page = list.watched.kind === 'ready' ? list.watched.value : undefined;
  useEffect(() => {
    if (page === undefined) return;
    change(({ loaded }) => ({
      loaded: withFirstPage(loaded, { page: page.rows, most: PAGE_ROWS, sort: filter.sort }),
    }));
  }, [page]);

  // What another filter asked for while this one was chosen is not this one's.
  const current = useRef(key);
  current.current = key;
  const after = later.end ?? page?.docs.at(-1);
  const loadMore = (): void => {
    if (later.state === 'loading' || after === undefined) return;
    change(() => ({ state: 'loading' }));
    getDocs(listQuery(db, filter, { rows: PAGE_ROWS, after })).then(
      ({ docs }) => {
        if (current.current !== key) return;
        const rows = docs.flatMap((each) => readable(read, each) ?? []);
        change(({ loaded, unreadable }) => ({
          loaded: withLaterPage(loaded, rows),
          end: docs.at(-1) ?? after,
          isMore: docs.length === PAGE_ROWS,
          unreadable: unreadable + docs.length - rows.length,
          state: 'idle',
        }));
      },
      (error: unknown) => {
        if (current.current === key) change(() => ({ state: { problem: readProblem(error) } }));
      },
    );
  };

  const rows = useMemo(() => rowsOf(later.loaded, filter.sort), [later.loaded, filter.sort]);
  const isMore = later.end === undefined ? page?.docs.length === PAGE_ROWS : later.isMore;
  return {
    list,
    rows: page === undefined ? [] : later.loaded.first.length === 0 ? page.rows : rows,
    unreadable: later.unreadable + (page?.unreadable ?? 0),
    next: !isMore
      ? { kind: 'none' }
      : typeof later.state === 'string'
        ? { kind: later.state }
        : { kind: 'failed', problem: later.state.problem },
    loadMore,
  };
}
