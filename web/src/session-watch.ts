/**
 * Somebody who hears of an operator's word sooner than the next renewal or report brings it.
 * @module
 */
import type { StopNotice } from '@livegate/protocol';
import type { LiveSessionState } from './session-events.ts';

/**
 * Watches one session and calls `onStop` when it is to end, once at most. Answers what ends the watching; calling
 * that again does nothing.
 */
export type SessionWatch = (sessionId: string, onStop: (notice: StopNotice) => void) => () => void;

/** What is watched of a session, and told it. */
export interface WatchedSession {
  readonly sessionId: string | undefined;
  readonly events: {
    on(type: 'state', listener: (event: { readonly state: LiveSessionState }) => void): () => void;
    emit(type: 'warning', event: { readonly message: string }): boolean;
  };
  stop(notice: StopNotice): void;
}

/**
 * Watches a session that is open until it is closed; again, under the id it has then, where the app resumes it. A
 * watch that throws is a warning: the session goes on without it.
 */
export function keepWatch(session: WatchedSession, watch: SessionWatch): void {
  let watched: string | undefined;
  let end: () => void = () => {};
  const begin = (): void => {
    const { sessionId } = session;
    if (sessionId === undefined || sessionId === watched) return;
    end();
    watched = sessionId;
    try {
      end = watch(sessionId, (notice) => {
        if (watched === sessionId) session.stop(notice);
      });
    } catch {
      end = () => {};
      session.events.emit('warning', { message: 'watchSession threw; a stop comes with the next renewal.' });
    }
  };
  session.events.on('state', ({ state }) => {
    if (state === 'open') begin();
    if (state !== 'closed') return;
    watched = undefined;
    end();
    end = () => {};
  });
  begin();
}
