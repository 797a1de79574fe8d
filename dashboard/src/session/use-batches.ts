import { getDocs, type QueryDocumentSnapshot } from 'firebase/firestore';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { useList, type Watching } from '../use-watched.ts';
import { readProblem } from '../watched.ts';
import { BATCHES_PAGE, batchesQuery } from './queries.ts';
import { type Batch, readBatch } from './session-reading.ts';

/** The batches of a session as far as they were asked for. */
export interface Batches {
  /** The first of them, as they come. */
  readonly first: Watching<{ readonly docs: readonly QueryDocumentSnapshot[] }>;
  readonly batches: readonly Batch[];
  /** There may be more. */
  readonly more: boolean;
  readonly loading: boolean;
  /** Why the last ones could not be loaded, in words. */
  readonly problem: string | null;
  loadMore(): void;
}

/** Watches the first batches of a session, and loads more when asked to. For admins. */
export function useBatches(sessionId: string): Batches {
  const { db } = useOperator();
  const first = useList(
    `batches ${sessionId}`,
    () => batchesQuery(db, sessionId),
    (id, data) => readBatch(id, data),
  );
  const listed = first.watched.kind === 'ready' ? first.watched.value : undefined;
  const [rest, setRest] = useState<readonly Batch[]>([]);
  const [last, setLast] = useState<QueryDocumentSnapshot | 'none'>();
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // A batch that a newer one moved out of the first page was seen, and stays.
  const seen = useRef(new Map<string, Batch>());
  for (const batch of [...rest, ...(listed?.rows ?? [])]) seen.current.set(batch.id, batch);
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );

  const next =
    last ?? (listed !== undefined && listed.docs.length === BATCHES_PAGE ? listed.docs.at(-1) : 'none');
  return {
    first,
    batches: [...seen.current.values()],
    more: next !== undefined && next !== 'none',
    loading,
    problem,
    loadMore() {
      if (loading || next === undefined || next === 'none') return;
      setLoading(true);
      setProblem(null);
      getDocs(batchesQuery(db, sessionId, next))
        .then(
          ({ docs }) => {
            if (!isShown.current) return;
            setRest((known) => [...known, ...docs.map((each) => readBatch(each.id, each.data()))]);
            setLast(docs.length === BATCHES_PAGE ? (docs.at(-1) ?? 'none') : 'none');
          },
          (error: unknown) => isShown.current && setProblem(readProblem(error)),
        )
        .finally(() => isShown.current && setLoading(false));
    },
  };
}
