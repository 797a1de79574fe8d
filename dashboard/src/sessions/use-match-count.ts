import { getCountFromServer } from 'firebase/firestore';
import { useEffect, useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { countedQuery } from './queries.ts';
import { filterParameters, type SessionFilter } from './session-filter.ts';

/** How many sessions match, counted once for a filter, to `COUNT_LIMIT` at most; `undefined` until that is known, or where it cannot be. */
export function useMatchCount(filter: SessionFilter): number | undefined {
  const { db } = useOperator();
  const key = JSON.stringify(filterParameters(filter));
  const [held, setHeld] = useState<{ readonly of: string; readonly count: number }>();
  useEffect(() => {
    let isOver = false;
    getCountFromServer(countedQuery(db, filter)).then(
      (snapshot) => {
        if (!isOver) setHeld({ of: key, count: snapshot.data().count });
      },
      // The list itself says what is the matter.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [db, key]);
  return held?.of === key ? held.count : undefined;
}
