import { type Firestore, onSnapshot } from 'firebase/firestore';
import { useEffect, useState } from 'preact/hooks';
import { sessionDocument } from './queries.ts';
import { readSession, type Session } from './session-document.ts';
import { readProblem } from './watched.ts';

/** The time, in epoch ms by the viewer's clock, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** One session as Firestore changes it. */
export type SessionWatch =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly session: Session }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly problem: string };

/** Follows one session's document. */
export function useSession(db: Firestore, sessionId: string): SessionWatch {
  const [watched, setWatched] = useState<{ readonly id: string; readonly watch: SessionWatch }>();
  useEffect(
    () =>
      onSnapshot(
        sessionDocument(db, sessionId),
        (snapshot) => {
          const session = readSession(snapshot.id, snapshot.data());
          const watch: SessionWatch = session ? { kind: 'ready', session } : { kind: 'missing' };
          setWatched({ id: sessionId, watch });
        },
        (error) => setWatched({ id: sessionId, watch: { kind: 'failed', problem: readProblem(error) } }),
      ),
    [db, sessionId],
  );
  return watched?.id === sessionId ? watched.watch : { kind: 'loading' };
}
