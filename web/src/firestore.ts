/**
 * Hears that an operator ended a session, on the app's own Firestore: within the listener's latency instead of at the
 * next renewal or report.
 * @module
 */
import { doc, type Firestore, type FirestoreError, onSnapshot } from 'firebase/firestore';
import type { SessionWatch } from './session-watch.ts';
import { stopOf } from './watch-policy.ts';

/** How a session's document is found, and who hears of trouble. */
export interface WatchSessionOptions {
  /** Where the functions keep sessions; `liveSessions` unless they were told another name. */
  readonly collection?: string;
  /**
   * The listener ended: `permission-denied` where the page may not read its own session, which is a rule that is
   * missing; others as Firestore has them. The session goes on, and hears of a stop at its next renewal or report.
   */
  readonly onError?: (error: FirestoreError) => void;
}

/**
 * The option `watchSession` of `getLiveGenerativeModel`, on a Firestore that the app has open:
 * `getLiveGenerativeModel(ai, params, { watchSession: watchSession(getFirestore(app)) })`. One listener for a
 * session and one read for it and for each change of its document. The rules must let the owner `get` it, as
 * Livegate's do.
 *
 * It sees what is written in the session's own document: that an operator ended it (`revoked`), also by blocking its
 * user (`blocked`). The kill switch is one document for everybody that no page may read, and is written into no
 * session: a page hears of it, as of used-up minutes, by the answer to its next report (a turn's end, 120 s apart) or
 * renewal.
 */
export function watchSession(firestore: Firestore, options: WatchSessionOptions = {}): SessionWatch {
  const { collection = 'liveSessions', onError } = options;
  return (sessionId, onStop) => {
    let isOver = false;
    const unsubscribe = onSnapshot(
      doc(firestore, collection, sessionId),
      (snapshot) => {
        const notice = isOver ? undefined : stopOf(snapshot.data());
        if (!notice) return;
        end();
        onStop(notice);
      },
      (error) => {
        if (!isOver) onError?.(error);
      },
    );
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      unsubscribe();
    };
    return end;
  };
}
