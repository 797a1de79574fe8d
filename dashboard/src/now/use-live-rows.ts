import { useEffect, useState } from 'preact/hooks';
import { clockNow } from '../clock.ts';
import type { Session } from '../session-document.ts';
import type { Listed } from '../use-watched.ts';
import type { Watched } from '../watched.ts';
import { type LiveRow, nextLiveRows } from './live-rows.ts';
import { NOW_LIST } from './read-budget-policy.ts';

/** The rows of the list, those that are just over among them. `nowMs` lets those go in their time. */
export function useLiveRows(watched: Watched<Listed<Session>>, nowMs: number): readonly LiveRow[] {
  const [rows, setRows] = useState<readonly LiveRow[]>([]);
  const listed = watched.kind === 'ready' ? watched.value : undefined;
  useEffect(() => {
    if (listed === undefined) return;
    setRows((before) =>
      nextLiveRows(before, { sessions: listed.rows, most: NOW_LIST.rows, nowMs: clockNow() }),
    );
  }, [listed]);
  return rows.filter(
    ({ session, goneAt }) => nextLiveRows([{ session, goneAt }], { sessions: [], most: 1, nowMs }).length > 0,
  );
}
