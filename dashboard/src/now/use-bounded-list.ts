/**
 * Follows a list within a budget of reads: see `read-budget-policy.ts`.
 * @module
 */
import { type DocumentData, getDocs, onSnapshot, type Query, type QuerySnapshot } from 'firebase/firestore';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Listed, Watching } from '../use-watched.ts';
import { LOADING, nextWatched, readable, type WatchEvent, type Watched } from '../watched.ts';
import { afterReads, afterRest, BEGINNING, type Following, type ReadBudget } from './read-budget-policy.ts';
import { useVisible } from './use-visible.ts';

/** A list that is followed. */
export interface BoundedList<T> extends Watching<Listed<T>> {
  /** It changes more than its budget allows to listen to: it is read anew every `refreshMs`. */
  readonly isResting: boolean;
}

/** What a list is made of. */
export interface BoundedSource<T> {
  readonly make: () => Query;
  /** `undefined` for a document that this page cannot read. */
  readonly read: (id: string, data: DocumentData) => T | undefined;
  readonly budget: ReadBudget;
}

/**
 * Follows a list while the page is on screen. `key` names it, its filter included: another key begins anew. What is
 * known stays while nothing is read.
 */
export function useBoundedList<T>(key: string, { make, read, budget }: BoundedSource<T>): BoundedList<T> {
  const [held, setHeld] = useState<{ readonly of: string; readonly watched: Watched<Listed<T>> }>();
  const [resting, setResting] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const visible = useVisible();
  // Over all lists of this view: whoever changes the filter often stays within the budget too.
  const following = useRef<Following>(BEGINNING);
  const latest = useRef<{ readonly of: string; readonly watched: Watched<Listed<T>> }>(undefined);
  const of = `${key} ${attempt}`;

  // The key stands for all that `make` and `read` go by.
  useEffect(() => {
    if (!visible) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop: () => void = () => undefined;
    let isOver = false;
    const tell = (event: WatchEvent<Listed<T>>): void => {
      if (isOver) return;
      const before = latest.current?.of === of ? latest.current.watched : LOADING;
      latest.current = { of, watched: nextWatched(before, event) };
      setHeld(latest.current);
    };
    const show = (snapshot: QuerySnapshot): void => {
      const { docs, metadata } = snapshot;
      const rows = docs.flatMap((each) => {
        const row = readable(read, each);
        return row === undefined ? [] : [row];
      });
      const value = { rows, unreadable: docs.length - rows.length, docs };
      tell({ kind: 'snapshot', value, empty: docs.length === 0, fromCache: metadata.fromCache });
    };
    const count = (reads: number): void => {
      following.current = afterReads(following.current, { count: reads, nowMs: Date.now(), budget });
    };
    const go = (): void => {
      following.current = afterRest(following.current, Date.now());
      const isResting = following.current.mode === 'resting';
      setResting(isResting);
      if (isResting) {
        // A list that is known was read a moment ago; one that is not is read at once.
        const isKnown = latest.current?.of === of && latest.current.watched.kind === 'ready';
        if (isKnown) timer = setTimeout(refresh, budget.refreshMs);
        else refresh();
      } else listen();
    };
    const refresh = (): void => {
      getDocs(make()).then(
        (snapshot) => {
          show(snapshot);
          if (!isOver) go();
        },
        (error: unknown) => tell({ kind: 'error', error }),
      );
    };
    const listen = (): void => {
      stop = onSnapshot(
        make(),
        // So that going offline and coming back are told as well.
        { includeMetadataChanges: true },
        (snapshot) => {
          show(snapshot);
          if (snapshot.metadata.fromCache) return;
          // What left the list counts too: it may have changed, and is billed then.
          count(snapshot.docChanges().length);
          if (following.current.mode === 'listening') return;
          stop();
          go();
        },
        (error) => tell({ kind: 'error', error }),
      );
    };
    go();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stop();
    };
  }, [of, visible]);

  return {
    watched: held?.of === of ? held.watched : LOADING,
    retry: () => setAttempt((number) => number + 1),
    isResting: resting,
  };
}
