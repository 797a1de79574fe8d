/**
 * The list of live sessions from one reading to the next: what came, what changed, and for a moment what is over. Pure.
 * @module
 */
import type { Session } from '../session-document.ts';
import { leaseLines } from '../session-figures.ts';

/** A row. `goneAt`: when it was seen to be over, epoch ms; `null` while it is live. */
export interface LiveRow {
  readonly session: Session;
  readonly goneAt: number | null;
}

/** How long a row stays that is over, in ms: long enough to be seen. Ours. */
export const GONE_MS = 15_000;

/**
 * The rows after a reading. `most` is what the list holds: in a full list the oldest may have been pushed out by newer
 * ones, which says nothing of how they are, so they go without a word.
 */
export function nextLiveRows(
  rows: readonly LiveRow[],
  {
    sessions,
    most,
    nowMs,
  }: { readonly sessions: readonly Session[]; readonly most: number; readonly nowMs: number },
): readonly LiveRow[] {
  const here = new Set(sessions.map(({ id }) => id));
  const oldest = sessions.at(-1)?.document.createdAt ?? 0;
  const isFull = sessions.length >= most;
  const over = rows.flatMap(({ session, goneAt }): readonly LiveRow[] => {
    if (here.has(session.id)) return [];
    if (goneAt === null && isFull && session.document.createdAt <= oldest) return [];
    return [{ session, goneAt: goneAt ?? nowMs }];
  });
  return [...sessions.map((session) => ({ session, goneAt: null })), ...over]
    .filter(({ goneAt }) => goneAt === null || goneAt > nowMs - GONE_MS)
    .sort((a, b) => b.session.document.createdAt - a.session.document.createdAt);
}

/** Number of a session's newest lease, from 1; 0 where none was handed out. */
export function leaseNumber({ document }: Session): number {
  return leaseLines(document).filter(({ state }) => state !== 'refused').length;
}
