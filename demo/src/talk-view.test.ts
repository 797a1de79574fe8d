import { describe, expect, it } from 'vitest';
import { activityOf, IDLE, nextView, type TalkEvent, type TalkView } from './talk-view.ts';

const after = (...events: readonly TalkEvent[]): TalkView => events.reduce(nextView, IDLE);
const talking: readonly TalkEvent[] = [
  { kind: 'start', pushToTalk: false },
  { kind: 'connected', sessionId: 'session-1' },
  { kind: 'microphone', isOpen: true },
  { kind: 'talking' },
];
const problem = { title: 'No', advice: 'Do.', ways: ['again'] } as const;

describe('nextView', () => {
  it('goes from the button to talking', () => {
    expect(after().phase).toBe('idle');
    expect(after({ kind: 'start', pushToTalk: false }).phase).toBe('connecting');
    expect(
      after({ kind: 'start', pushToTalk: false }, { kind: 'connected', sessionId: 'session-1' }),
    ).toMatchObject({
      phase: 'connecting',
      sessionId: 'session-1',
    });
    expect(after(...talking)).toMatchObject({ phase: 'talking', sessionId: 'session-1' });
  });

  it('shows a drop and not a planned swap', () => {
    expect(activityOf(after(...talking, { kind: 'session-state', state: 'swapping' }))).toBe('listening');
    const dropped = after(...talking, { kind: 'session-state', state: 'resuming' });
    expect(activityOf(dropped)).toBe('reconnecting');
    expect(activityOf(nextView(dropped, { kind: 'session-state', state: 'open' }))).toBe('listening');
  });

  it('keeps what the last new connection was for, and whether the model still knows the talk', () => {
    const moving = (state: 'swapping' | 'resuming', stateRestored: boolean): TalkView =>
      after(
        ...talking,
        { kind: 'session-state', state },
        { kind: 'resumed', stateRestored },
        { kind: 'session-state', state: 'open' },
      );
    expect(moving('swapping', true)).toMatchObject({
      link: 'open',
      resumed: { after: 'renewing', stateRestored: true },
    });
    expect(moving('resuming', false).resumed).toEqual({ after: 'reconnecting', stateRestored: false });
    expect(nextView(moving('resuming', false), { kind: 'start', pushToTalk: false }).resumed).toBeNull();
  });

  it('listens while something is heard, and waits while nothing is', () => {
    expect(activityOf(after(...talking, { kind: 'muted', muted: true }))).toBe('waiting');
    expect(activityOf(after(...talking, { kind: 'microphone', isOpen: false }))).toBe('waiting');
    const button = after({ kind: 'start', pushToTalk: true }, ...talking.slice(1));
    expect(activityOf(button)).toBe('waiting');
    expect(activityOf(nextView(button, { kind: 'held', held: true }))).toBe('listening');
  });

  it('shows a picture until it is over, and says why it is', () => {
    const picture = { source: 'screen', stream: {} as MediaStream, sent: () => 0 } as const;
    const shared = after(...talking, { kind: 'picture', picture });
    expect(shared.picture).toBe(picture);
    expect(nextView(shared, { kind: 'no-picture', remark: 'Ended.' })).toMatchObject({
      picture: null,
      remark: 'Ended.',
    });
    expect(nextView(shared, { kind: 'stopped' }).picture).toBeNull();
    // A camera that opens after the end shows nothing.
    expect(after(...talking, { kind: 'stopped' }, { kind: 'picture', picture }).picture).toBeNull();
  });

  it('speaks while the speaker plays', () => {
    const speaking = after(...talking, { kind: 'playing', playing: true });
    expect(activityOf(speaking)).toBe('speaking');
    expect(activityOf(nextView(speaking, { kind: 'playing', playing: false }))).toBe('listening');
  });

  it('ends without a problem when the user stops, and with one when the session was taken away', () => {
    expect(after(...talking, { kind: 'stopped' })).toMatchObject({ phase: 'ended', problem: null });
    const revoked = after(...talking, {
      kind: 'session-state',
      state: 'closed',
      cause: { reason: 'stopped', notice: { reason: 'revoked' } },
    });
    expect(revoked.phase).toBe('error');
    expect(revoked.problem?.title).toBe('An operator ended the session');
  });

  it('keeps the reason of an ending, whatever comes after it', () => {
    const failed = after(...talking, { kind: 'failed', problem });
    const later = nextView(nextView(failed, { kind: 'stopped' }), {
      kind: 'session-state',
      state: 'closed',
      cause: { reason: 'app' },
    });
    expect(later).toMatchObject({ phase: 'error', problem });
  });

  it('leaves the reason to connect() when a session closes before it opened', () => {
    const closed = { kind: 'session-state', state: 'closed', cause: { reason: 'app' } } as const;
    expect(after({ kind: 'start', pushToTalk: false }, closed).phase).toBe('connecting');
  });

  it('keeps the transcript and the session id after the end, and clears them at the next start', () => {
    const ended = after(...talking, { kind: 'piece', role: 'user', text: 'Hi' }, { kind: 'stopped' });
    expect(ended.entries).toMatchObject([{ text: 'Hi', state: 'done' }]);
    expect(ended.sessionId).toBe('session-1');
    expect(nextView(ended, { kind: 'start', pushToTalk: false })).toMatchObject({
      entries: [],
      sessionId: null,
    });
  });

  it('does not come back from an ending because the microphone opened after it', () => {
    const failed = after({ kind: 'start', pushToTalk: false }, { kind: 'failed', problem });
    expect(nextView(failed, { kind: 'talking' }).phase).toBe('error');
  });

  it('takes a remark back when it no longer holds', () => {
    const held = after(...talking, { kind: 'remark', text: 'Click anywhere.' });
    expect(held.remark).toBe('Click anywhere.');
    expect(nextView(held, { kind: 'remark', text: null }).remark).toBeNull();
  });

  it('is no longer muted in the next talk', () => {
    const ended = after(...talking, { kind: 'muted', muted: true }, { kind: 'stopped' });
    expect(ended.muted).toBe(false);
  });

  it('takes a dismissed problem away', () => {
    const failed = after({ kind: 'start', pushToTalk: false }, { kind: 'failed', problem });
    expect(nextView(failed, { kind: 'dismiss' })).toMatchObject({ phase: 'ended', problem: null });
  });
});
