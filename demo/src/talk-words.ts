/**
 * What goes on, in words: for the state line, for the connection, and for who hears the page instead of seeing it. Pure.
 * @module
 */
import { type Activity, activityOf, type TalkView } from './talk-view.ts';
import type { CutBy } from './transcript.ts';

const ACTIVITY = {
  idle: 'Ready',
  connecting: 'Connecting…',
  listening: 'Listening',
  waiting: 'Waiting',
  speaking: 'Speaking',
  reconnecting: 'Reconnecting…',
  ended: 'Ended',
  error: 'Stopped',
} as const satisfies Readonly<Record<Activity, string>>;

/** The state line: what goes on, and what the talk waits for where nothing is heard. */
export function activityText(view: TalkView): string {
  const activity = activityOf(view);
  if (activity === 'waiting') {
    if (!view.hasMicrophone) return 'Type a message';
    return view.muted ? 'Microphone muted' : 'Hold to talk';
  }
  const isMuted = activity === 'speaking' && view.hasMicrophone && view.muted;
  return isMuted ? `${ACTIVITY.speaking} · microphone muted` : ACTIVITY[activity];
}

/** How the connection stands, and what the last new one meant. */
export function connectionText({ phase, link, resumed }: TalkView): string {
  if (phase === 'connecting') return 'Connecting…';
  if (phase !== 'talking') return 'Closed';
  if (link === 'renewing') return 'Renewing the lease…';
  if (link === 'reconnecting') return 'Lost; reconnecting…';
  if (resumed === null) return 'Connected';
  const how = resumed.after === 'renewing' ? 'Renewed' : 'Resumed';
  return resumed.stateRestored
    ? `${how}; the model remembers`
    : `${how}; the model forgot and goes on from the words`;
}

/** Why an answer breaks off. */
export const CUT_TEXT: Readonly<Record<CutBy, string>> = {
  lease: 'cut off: the lease ended',
  goAway: 'cut off: the server moved the connection',
  drop: 'cut off: the connection broke',
};

/**
 * What is said aloud after a change: turns once they are whole, calls once they are over, and what happens to the
 * connection. `undefined`: nothing, so that a screen reader is not flooded with pieces.
 */
export function announcement(before: TalkView, after: TalkView): string | undefined {
  if (after.remark !== before.remark && after.remark !== null) return after.remark;
  if (before.phase !== after.phase && after.phase !== 'error')
    return after.phase === 'talking' ? activityText(after) : ACTIVITY[after.phase];
  if (after.phase === 'talking' && (before.link === 'reconnecting') !== (after.link === 'reconnecting'))
    return connectionText(after);
  if (after.resumed !== before.resumed && after.resumed?.stateRestored === false)
    return connectionText(after);
  if ((before.picture === null) !== (after.picture === null))
    return after.picture === null ? 'Nothing is shared any more.' : `Your ${after.picture.source} is shared.`;
  const over = after.entries.findLast(
    (entry) => !isRunning(entry) && !before.entries.some((old) => old.id === entry.id && !isRunning(old)),
  );
  if (over === undefined) return undefined;
  if (over.kind === 'call') return `${over.name} ${CALL_TEXT[over.state]}`;
  if (over.role === 'user') return over.typed ? undefined : `You: ${over.text.trim()}`;
  const end = over.state === 'interrupted' ? ' Interrupted.' : over.state === 'cut' ? ' Cut off.' : '';
  return `Model: ${over.text.trim()}${end}`;
}

/** What became of a call. */
export const CALL_TEXT = {
  began: 'running',
  ended: 'answered',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

function isRunning({ state }: TalkView['entries'][number]): boolean {
  return state === 'open' || state === 'began';
}
