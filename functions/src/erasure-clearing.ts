/**
 * What an erasure removes. Each step may be repeated, and stops where its allowance is used up.
 * @module
 */
import type { LiveAuditDocument, LiveErasureDocument, LiveSessionDocument } from '@livegate/protocol';
import type { DocumentSnapshot, Query } from 'firebase-admin/firestore';
import { dataOf, type EraseDependencies } from './erasure-job.ts';
import { mayGo, pseudonymised, strippedSession } from './erasure-policy.ts';
import type { LivePaths } from './paths.ts';
import {
  auditsByActorQuery,
  auditsBySubjectQuery,
  auditsOfSelfQuery,
  ERASE_PAGE,
  eventsQuery,
  userSessionsQuery,
  userUsageQuery,
} from './queries.ts';

/** What is left of the documents that one call may change, and what it did. */
export interface Progress {
  left: number;
  sessions: number;
  events: number;
  auditEntries: number;
}

/** Queries that are under way at the same time. */
const AT_ONCE = 10;

/**
 * Removes the user's sessions with all that is below them. One whose books are open, or that nobody was told of yet,
 * loses what was said and asked, gets no further token, and stays; the answer has those.
 */
export async function clearSessions(
  dependencies: EraseDependencies,
  { uid }: LiveErasureDocument,
  progress: Progress,
): Promise<{ readonly done: boolean; readonly waiting: readonly LiveSessionDocument[] }> {
  const waiting: LiveSessionDocument[] = [];
  for await (const docs of pagesOf(userSessionsQuery(dependencies.paths, uid, ERASE_PAGE))) {
    const staying = docs.filter((each) => !mayGo(sessionIn(each)));
    for (const each of staying) {
      if (!sessionIn(each).erased && !(await stripSession(dependencies, each.id, progress)))
        return { done: false, waiting };
      waiting.push(sessionIn(each));
    }
    for (let from = 0; from < docs.length; from += AT_ONCE) {
      const some = docs.slice(from, from + AT_ONCE);
      const cleared = await all(some.map(({ id }) => clearEvents(dependencies, id, progress)));
      const going = some.filter((each) => !staying.includes(each));
      if (cleared.includes(false) || !(await removeSessions(dependencies, going, progress)))
        return { done: false, waiting };
    }
  }
  return { done: true, waiting };
}

/** Removes sessions below which nothing is left but their flags; false where the allowance is used up. */
async function removeSessions(
  { paths, run }: EraseDependencies,
  sessions: readonly DocumentSnapshot[],
  progress: Progress,
): Promise<boolean> {
  const going = sessions.slice(0, Math.max(0, progress.left));
  progress.left -= going.length;
  if (going.length > 0)
    await run(async (tx) => {
      for (const { id } of going) {
        tx.delete(paths.ops(id));
        tx.delete(paths.session(id));
      }
    });
  progress.sessions += going.length;
  return going.length === sessions.length;
}

/** False where the allowance is used up. */
async function stripSession(
  { paths, run, now }: EraseDependencies,
  id: string,
  progress: Progress,
): Promise<boolean> {
  if (progress.left < 1) return false;
  progress.left -= 1;
  await run(async (tx) => {
    const session = dataOf<LiveSessionDocument>(await tx.get(paths.session(id)));
    const change = session && strippedSession(session, now());
    if (change) tx.update(paths.session(id), { ...change });
  });
  return true;
}

/** Removes what was said in a session; false where the allowance is used up. */
async function clearEvents(
  { paths, run }: EraseDependencies,
  sessionId: string,
  progress: Progress,
): Promise<boolean> {
  for (;;) {
    const { docs } = await eventsQuery(paths, sessionId, ERASE_PAGE).get();
    // Taken before it is waited for: others take from the same allowance meanwhile.
    const going = docs.slice(0, Math.max(0, progress.left));
    progress.left -= going.length;
    if (going.length > 0)
      await run(async (tx) => {
        for (const { ref } of going) tx.delete(ref);
      });
    progress.events += going.length;
    if (going.length < docs.length) return false;
    if (docs.length < ERASE_PAGE) return true;
  }
}

/**
 * Removes what the user's months added up to; false where the allowance is used up. To be called once no session of the
 * user can add to them any more: {@link clearSessions} has marked all of them.
 */
export async function clearUsage(
  { paths, run }: EraseDependencies,
  { uid }: LiveErasureDocument,
  progress: Progress,
): Promise<boolean> {
  for (;;) {
    const { docs } = await userUsageQuery(paths, uid, ERASE_PAGE).get();
    const going = docs.slice(0, Math.max(0, progress.left));
    progress.left -= going.length;
    if (going.length > 0)
      await run(async (tx) => {
        for (const { ref } of going) tx.delete(ref);
      });
    if (going.length < docs.length) return false;
    if (docs.length < ERASE_PAGE) return true;
  }
}

/** Puts the pseudonym into the audit's entries about the user, and by the user; false where more are left. */
export async function clearAudit(
  { paths, run }: EraseDependencies,
  { uid, pseudonym }: LiveErasureDocument,
  progress: Progress,
): Promise<boolean> {
  const who = { uid, pseudonym, sessions: paths.names.sessions };
  const clear = async (query: (limit: number) => Query): Promise<boolean> => {
    for (;;) {
      const { docs } = await query(ERASE_PAGE).get();
      const changing = docs.slice(0, Math.max(0, progress.left));
      progress.left -= changing.length;
      if (changing.length > 0)
        await run(async (tx) => {
          for (const each of changing)
            tx.update(each.ref, { ...pseudonymised(each.data() as LiveAuditDocument, who) });
        });
      progress.auditEntries += changing.length;
      if (changing.length < docs.length) return false;
      if (docs.length < ERASE_PAGE) return true;
    }
  };
  return (
    (await clear((limit) => auditsBySubjectQuery(paths, uid, limit))) &&
    (await clear((limit) => auditsByActorQuery(paths, uid, limit)))
  );
}

/** What would go: counted, not read. */
export async function previewErasure(paths: LivePaths, uid: string): Promise<Omit<Progress, 'left'>> {
  const count = async (query: Query): Promise<number> => (await query.count().get()).data().count;
  const [sessions, aboutThem, byThem, both] = await Promise.all([
    count(userSessionsQuery(paths, uid)),
    count(auditsBySubjectQuery(paths, uid)),
    count(auditsByActorQuery(paths, uid)),
    count(auditsOfSelfQuery(paths, uid)),
  ]);
  let events = 0;
  for await (const docs of pagesOf(userSessionsQuery(paths, uid, ERASE_PAGE).select())) {
    for (let from = 0; from < docs.length; from += AT_ONCE) {
      const some = docs.slice(from, from + AT_ONCE);
      const counts = await Promise.all(some.map(({ id }) => count(eventsQuery(paths, id))));
      events += counts.reduce((sum, each) => sum + each, 0);
    }
  }
  return { sessions, events, auditEntries: aboutThem + byThem - both };
}

/** What a query finds, a page of {@link ERASE_PAGE} at a time; what was read may be removed meanwhile. */
async function* pagesOf(query: Query): AsyncGenerator<readonly DocumentSnapshot[]> {
  for (let page = query; ; ) {
    const { docs } = await page.get();
    yield docs;
    const last = docs.at(-1);
    if (last === undefined || docs.length < ERASE_PAGE) return;
    page = query.startAfter(last);
  }
}

function sessionIn(snapshot: DocumentSnapshot): LiveSessionDocument {
  return snapshot.data() as LiveSessionDocument;
}

/** Waits for all, also where one fails: nothing goes on behind the caller's back. */
async function all<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
