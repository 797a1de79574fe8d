/**
 * Counts what is live, now and then, while the page is on screen.
 * @module
 */
import { type Firestore, getAggregateFromServer, getCountFromServer, sum } from 'firebase/firestore';
import { useEffect, useRef, useState } from 'preact/hooks';
import { clockNow } from '../clock.ts';
import { LOADING, readProblem, type Watched } from '../watched.ts';
import { utcDay } from './day-figures.ts';
import { type CountedField, capsQuery, liveQuery } from './queries.ts';
import { TOTALS_MS } from './read-budget-policy.ts';
import { useVisible } from './use-visible.ts';

/** What was counted, and when (epoch ms). */
export interface Totals {
  readonly at: number;
  readonly live: number;
  readonly models: ReadonlyMap<string, number>;
  readonly policies: ReadonlyMap<string, number>;
  /** Seconds that the shares of the caps leased in the UTC day of `at`; nothing where no cap is set. */
  readonly capSeconds: number;
}

/** Names that are counted each by itself. */
export interface CountedNames {
  readonly models: readonly string[];
  readonly policies: readonly string[];
}

/**
 * Counts once the names are known (`null` until then) and every {@link TOTALS_MS}. Other names count from the next time
 * on, so that a list that changes often costs no more.
 */
export function useTotals(
  db: Firestore,
  names: CountedNames | null,
): { readonly watched: Watched<Totals>; readonly retry: () => void } {
  const [watched, setWatched] = useState<Watched<Totals>>(LOADING);
  const [attempt, setAttempt] = useState(0);
  const visible = useVisible();
  const latest = useRef(names);
  latest.current = names;
  const isKnown = names !== null;
  useEffect(() => {
    if (!isKnown || !visible) return;
    let isOver = false;
    const countNow = (): void => {
      countTotals(db, latest.current ?? { models: [], policies: [] }).then(
        (value) => !isOver && setWatched({ kind: 'ready', value, offline: false }),
        (error: unknown) => {
          if (isOver) return;
          // What was counted last stays, and is marked as old.
          setWatched((before) =>
            before.kind === 'ready'
              ? { ...before, offline: true }
              : { kind: 'failed', problem: readProblem(error) },
          );
        },
      );
    };
    countNow();
    const timer = setInterval(countNow, TOTALS_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [db, isKnown, visible, attempt]);
  return { watched, retry: () => setAttempt((number) => number + 1) };
}

async function countTotals(db: Firestore, { models, policies }: CountedNames): Promise<Totals> {
  const at = clockNow();
  const count = async (of?: { readonly field: CountedField; readonly name: string }): Promise<number> =>
    (await getCountFromServer(liveQuery(db, at, of))).data().count;
  const each = async (field: CountedField, named: readonly string[]): Promise<ReadonlyMap<string, number>> =>
    new Map(await Promise.all(named.map(async (name) => [name, await count({ field, name })] as const)));
  const [live, byModel, byPolicy, leased] = await Promise.all([
    count(),
    each('model', models),
    each('policyId', policies),
    getAggregateFromServer(capsQuery(db, utcDay(at)), { ms: sum('dayMs') }),
  ]);
  return { at, live, models: byModel, policies: byPolicy, capSeconds: leased.data().ms / 1_000 };
}
