/**
 * A Live session for as long as a component is there. The only file that names React, which is the page's own.
 * @module
 */
import { useCallback, useEffect, useReducer, useState } from 'react';
import { systemClock } from './clock.ts';
import type { LiveGenerativeModel } from './live-generative-model.ts';
import type { LiveSession } from './live-session.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import { SessionParking, type SessionView } from './session-parking.ts';

/** How long a session outlives its component, in ms: React's remounts come at once. Ours. */
const GRACE_MS = 500;

const parking = new SessionParking<LiveSession>({ clock: systemClock, graceMs: GRACE_MS });
const IDLE: SessionView<LiveSession> = { status: 'idle' };

/** Options of {@link useLiveSession}. */
export interface UseLiveSessionOptions {
  /** For an app that resumes by itself: what `connect()` takes. Read when a session is opened. */
  readonly sessionResumption?: SessionResumptionConfig;
  /**
   * Names the session where the model is made anew by a hot reload, in the component's own file for one: under the
   * same name the running session is taken over. The name must be the page's only one of its kind and stand for one
   * user. Without it the model object itself counts.
   */
  readonly id?: string;
}

/** What {@link useLiveSession} answers. */
export type LiveSessionView = SessionView<LiveSession> & {
  /** Opens another session once this one is `closed` or `failed`; does nothing before. */
  readonly reconnect: () => void;
};

/**
 * Opens a session when the component is mounted and closes it when it is gone. Takes one lease for a component that
 * stays: StrictMode's second mount, a hot reload, and an unmount that is taken back within 500 ms go on with the
 * session there is. Unmounted before the session is open, it is closed as soon as it is.
 *
 * `model` must be the same object at each render (made outside, or by `useMemo`): another one is another session.
 * With `null` nothing is opened: a page that is to talk at a click passes the model from then on. Never throws;
 * `connect()`'s errors come as `failed`.
 */
export function useLiveSession(
  model: LiveGenerativeModel | null,
  options: UseLiveSessionOptions = {},
): LiveSessionView {
  const { sessionResumption, id } = options;
  const [view, show] = useState(IDLE);
  const [round, next] = useReducer((count: number) => count + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new config alone must not open a new session.
  useEffect(() => {
    if (!model) {
      show(IDLE);
      return;
    }
    const hold = parking.take(id ?? model, () => model.connect(sessionResumption));
    hold.listen(show);
    show(hold.view);
    return () => hold.release();
  }, [model, id, round]);
  const isOver = view.status === 'closed' || view.status === 'failed';
  const reconnect = useCallback(() => {
    if (isOver) next();
  }, [isOver]);
  return { ...view, reconnect };
}
