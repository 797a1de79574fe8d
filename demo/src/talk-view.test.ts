import { describe, expect, it } from 'vitest';
import { activityOf, IDLE, nextView, quotaText, type TalkEvent, type TalkView } from './talk-view.ts';

const after = (...events: readonly TalkEvent[]): TalkView => events.reduce(nextView, IDLE);
const talking: readonly TalkEvent[] = [
  { kind: 'start' },
  { kind: 'connected', sessionId: 'session-1' },
  { kind: 'talking' },
];
const problem = { title: 'No', advice: 'Do.' };

describe('nextView', () => {
  it('goes from the button to talking', () => {
    expect(after().phase).toBe('idle');
    expect(after({ kind: 'start' }).phase).toBe('connecting');
    expect(after({ kind: 'start' }, { kind: 'connected', sessionId: 'session-1' })).toMatchObject({
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
    expect(after({ kind: 'start' }, closed).phase).toBe('connecting');
  });

  it('keeps the transcript and the session id after the end, and clears them at the next start', () => {
    const ended = after(...talking, { kind: 'piece', role: 'user', text: 'Hi' }, { kind: 'stopped' });
    expect(ended.turns).toMatchObject([{ text: 'Hi', state: 'done' }]);
    expect(ended.sessionId).toBe('session-1');
    expect(nextView(ended, { kind: 'start' })).toMatchObject({ turns: [], sessionId: null });
  });

  it('does not come back from an ending because the microphone opened after it', () => {
    const failed = after({ kind: 'start' }, { kind: 'failed', problem });
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
    const failed = after({ kind: 'start' }, { kind: 'failed', problem });
    expect(nextView(failed, { kind: 'dismiss' })).toMatchObject({ phase: 'ended', problem: null });
  });
});

describe('quotaText', () => {
  it('says what is left in whole minutes, never more than there is', () => {
    expect(quotaText({ daySeconds: 359, monthSeconds: null })).toBe('5 min left today');
    expect(quotaText({ daySeconds: 119.6, monthSeconds: 3_600 })).toBe(
      '119 s left today · 60 min left this month',
    );
  });

  it('says nothing where nothing bounds it or nothing is known', () => {
    expect(quotaText({ daySeconds: null, monthSeconds: null })).toBeUndefined();
    expect(quotaText(null)).toBeUndefined();
  });
});
