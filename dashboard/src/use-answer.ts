/**
 * Asks a callable for as long as a view is on screen, in the words of {@link Watching}.
 * @module
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ActError } from './acts.ts';
import type { Watching } from './use-watched.ts';
import { LOADING, type Watched } from './watched.ts';

/**
 * What `ask` answered. `key` names the question: another one begins anew. `retry` asks again and shows the last answer
 * meanwhile, and so does a change of `occasion` from one that was known; `null` is one that is not known yet.
 */
export function useAnswer<T>(
  key: string,
  ask: () => Promise<T>,
  { occasion = null }: { readonly occasion?: string | null } = {},
): Watching<T> {
  const [held, setHeld] = useState<{ readonly of: string; readonly watched: Watched<T> }>();
  const [attempt, setAttempt] = useState(0);
  const known = useRef<string | null>(null);
  useEffect(() => {
    if (occasion === null) return;
    if (known.current !== null && known.current !== occasion) setAttempt((count) => count + 1);
    known.current = occasion;
  }, [occasion]);
  useEffect(() => {
    let isAsked = true;
    const tell = (watched: Watched<T>) => {
      if (isAsked) setHeld({ of: key, watched });
    };
    ask().then(
      (value) => tell({ kind: 'ready', value, offline: false }),
      (error: unknown) =>
        tell({
          kind: 'failed',
          problem: error instanceof ActError ? error.message : 'No answer. Try again.',
        }),
    );
    return () => {
      isAsked = false;
    };
  }, [key, attempt]);
  return {
    watched: held?.of === key ? held.watched : LOADING,
    retry: () => setAttempt((count) => count + 1),
  };
}
