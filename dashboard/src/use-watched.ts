/**
 * Watches Firestore for as long as a view is on screen.
 * @module
 */
import {
  type DocumentData,
  type DocumentReference,
  onSnapshot,
  type Query,
  type QueryDocumentSnapshot,
} from 'firebase/firestore';
import { useEffect, useState } from 'preact/hooks';
import { LOADING, nextWatched, readable, type WatchEvent, type Watched } from './watched.ts';

/** What is watched, and how to begin again after a failure. */
export interface Watching<T> {
  readonly watched: Watched<T>;
  readonly retry: () => void;
}

/** Documents that a list found and could read, and how many of them it could not. */
export interface Listed<T> {
  readonly rows: readonly T[];
  readonly unreadable: number;
  /** As they were read: a cursor for the page after. */
  readonly docs: readonly QueryDocumentSnapshot[];
}

/**
 * Watches a document. `key` names it: another key begins anew. `read` answers `undefined` for what this page cannot
 * read; the value is `null` where there is no such document.
 */
export function useDocument<T>(
  key: string,
  make: () => DocumentReference,
  read: (id: string, data: DocumentData) => T | undefined,
): Watching<T | null> {
  return useListening<T | null>(key, (tell) =>
    onSnapshot(
      make(),
      { includeMetadataChanges: true },
      (snapshot) => {
        const data = snapshot.data();
        const value = data === undefined ? null : (readable(read, snapshot) ?? null);
        tell({
          kind: 'snapshot',
          value,
          empty: data === undefined,
          fromCache: snapshot.metadata.fromCache,
        });
      },
      (error) => tell({ kind: 'error', error }),
    ),
  );
}

/** Watches a query. `key` names it, its filter included: another key begins anew. */
export function useList<T>(
  key: string,
  make: () => Query,
  read: (id: string, data: DocumentData) => T | undefined,
): Watching<Listed<T>> {
  return useListening<Listed<T>>(key, (tell) =>
    onSnapshot(
      make(),
      // So that going offline and coming back are told as well.
      { includeMetadataChanges: true },
      ({ docs, metadata }) => {
        const rows = docs.flatMap((each) => {
          const row = readable(read, each);
          return row === undefined ? [] : [row];
        });
        const value = { rows, unreadable: docs.length - rows.length, docs };
        tell({ kind: 'snapshot', value, empty: docs.length === 0, fromCache: metadata.fromCache });
      },
      (error) => tell({ kind: 'error', error }),
    ),
  );
}

/** What a listener brought under a key; what another key brought is not this one's. */
function useListening<T>(
  key: string,
  listen: (tell: (event: WatchEvent<T>) => void) => () => void,
): Watching<T> {
  const [held, setHeld] = useState<{ readonly of: string; readonly watched: Watched<T> }>();
  const [attempt, setAttempt] = useState(0);
  const of = `${key} ${attempt}`;
  // The key stands for all that `listen` goes by.
  useEffect(() => {
    let watched: Watched<T> = LOADING;
    const tell = (event: WatchEvent<T>): void => {
      watched = nextWatched(watched, event);
      setHeld({ of, watched });
    };
    try {
      return listen(tell);
    } catch (error) {
      // A path that Firestore has not, out of an address that somebody typed.
      tell({ kind: 'error', error });
      return undefined;
    }
  }, [of]);
  return {
    watched: held?.of === of ? held.watched : LOADING,
    retry: () => setAttempt((count) => count + 1),
  };
}
