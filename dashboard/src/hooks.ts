import { type Firestore, onSnapshot } from 'firebase/firestore';
import { useEffect, useState } from 'preact/hooks';
import { type ListState, nextListState, readProblem } from './list-state.ts';
import { sessionDocument, sessionsQuery } from './queries.ts';
import { type Route, readRoute, routeHash } from './route.ts';
import { readSession, type Session } from './session-document.ts';

/** The time, in epoch ms by the viewer's clock, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** What the address bar says, and how to change it. The browser's back and forward work. */
export function useRoute(): readonly [Route, (route: Route) => void] {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(readRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [
    route,
    (next) => {
      location.hash = routeHash(next);
    },
  ];
}

/** The list of sessions in one state or in all, as Firestore changes it. `retry` listens anew after a failure. */
export function useSessionList(
  db: Firestore,
  state: Route['state'],
): { readonly list: ListState; readonly retry: () => void } {
  const [listened, setListened] = useState<{ readonly of: string; readonly list: ListState }>();
  const [attempt, setAttempt] = useState(0);
  const key = `${state} ${attempt}`;
  useEffect(() => {
    let list: ListState = { kind: 'loading', offline: false };
    const show = (next: ListState) => {
      list = next;
      setListened({ of: key, list });
    };
    return onSnapshot(
      sessionsQuery(db, state),
      // So that going offline and coming back are told as well.
      { includeMetadataChanges: true },
      ({ docs, metadata }) => {
        const sessions = docs.flatMap((each) => readSession(each.id, each.data()) ?? []);
        const unreadable = docs.length - sessions.length;
        show(nextListState(list, { kind: 'snapshot', sessions, unreadable, fromCache: metadata.fromCache }));
      },
      (error) => show(nextListState(list, { kind: 'error', error })),
    );
  }, [db, state, key]);
  // What another filter brought is not this one's.
  const list = listened?.of === key ? listened.list : ({ kind: 'loading', offline: false } as const);
  return { list, retry: () => setAttempt((count) => count + 1) };
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
