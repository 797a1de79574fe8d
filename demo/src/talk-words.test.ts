import { describe, expect, it } from 'vitest';
import { IDLE, nextView, type TalkEvent, type TalkView } from './talk-view.ts';
import { activityText, announcement, connectionText } from './talk-words.ts';

const after = (view: TalkView, ...events: readonly TalkEvent[]): TalkView => events.reduce(nextView, view);
const talking = after(
  IDLE,
  { kind: 'start', pushToTalk: false },
  { kind: 'connected', sessionId: 'a' },
  { kind: 'microphone', isOpen: true },
  { kind: 'talking' },
);
/** Everything that is said aloud over these events. */
const heard = (from: TalkView, ...events: readonly TalkEvent[]): readonly string[] => {
  let view = from;
  return events.flatMap((event) => {
    const before = view;
    view = nextView(view, event);
    return announcement(before, view) ?? [];
  });
};
const call = { id: 'c', name: 'get_time_in_zone', ms: 0 };

describe('activityText', () => {
  it('says why nothing is heard where nothing is', () => {
    expect(activityText(talking)).toBe('Listening');
    expect(activityText(after(talking, { kind: 'muted', muted: true }))).toBe('Microphone muted');
    expect(activityText(after(talking, { kind: 'microphone', isOpen: false }))).toBe('Type a message');
    expect(activityText({ ...talking, pushToTalk: true })).toBe('Hold to talk');
  });
});

describe('connectionText', () => {
  it.each([
    ['swapping', true, 'Renewing the lease…', 'Renewed; the model remembers'],
    ['resuming', true, 'Lost; reconnecting…', 'Resumed; the model remembers'],
    ['resuming', false, 'Lost; reconnecting…', 'Resumed; the model forgot and goes on from the words'],
  ] as const)(
    'says of %s (state restored: %s) what goes on and what came of it',
    (state, stateRestored, now, then) => {
      const moving = after(talking, { kind: 'session-state', state });
      expect(connectionText(moving)).toBe(now);
      const moved = after(
        moving,
        { kind: 'resumed', stateRestored },
        { kind: 'session-state', state: 'open' },
      );
      expect(connectionText(moved)).toBe(then);
    },
  );

  it('is connected in a talk and closed outside of one', () => {
    expect(connectionText(talking)).toBe('Connected');
    expect(connectionText(after(talking, { kind: 'stopped' }))).toBe('Closed');
  });
});

describe('announcement', () => {
  it('says each turn once, when it is whole, and not what the user typed', () => {
    expect(
      heard(
        talking,
        { kind: 'typed', text: 'Go' },
        { kind: 'piece', role: 'user', text: 'Hel' },
        { kind: 'piece', role: 'user', text: 'lo' },
        { kind: 'piece', role: 'model', text: 'Good' },
        { kind: 'playing', playing: true },
        { kind: 'piece', role: 'model', text: ' day' },
        { kind: 'turn-complete' },
        { kind: 'playing', playing: false },
      ),
    ).toEqual(['Model: Good day']);
  });

  it('says that an answer was interrupted or cut off', () => {
    const said = { kind: 'piece', role: 'model', text: 'It began' } as const;
    expect(heard(talking, said, { kind: 'interrupted' })).toEqual(['Model: It began Interrupted.']);
    expect(heard(talking, said, { kind: 'cut', by: 'drop' })).toEqual(['Model: It began Cut off.']);
  });

  it('says a remark, and why a picture is no longer shown with it', () => {
    expect(heard(talking, { kind: 'no-picture', remark: 'Sharing was ended.' })).toEqual([
      'Sharing was ended.',
    ]);
    expect(heard({ ...talking, remark: 'Click.' }, { kind: 'remark', text: null })).toEqual([]);
  });

  it('says a call once it is over', () => {
    expect(
      heard(
        talking,
        { kind: 'call', call: { ...call, state: 'began' } },
        { kind: 'call', call: { ...call, state: 'failed' } },
      ),
    ).toEqual(['get_time_in_zone failed']);
  });

  it('says begin and end, a drop and its end, but no planned renewal', () => {
    expect(
      heard(IDLE, { kind: 'start', pushToTalk: false }, { kind: 'talking' }, { kind: 'stopped' }),
    ).toEqual(['Connecting…', 'Type a message', 'Ended']);
    expect(
      heard(
        talking,
        { kind: 'session-state', state: 'swapping' },
        { kind: 'resumed', stateRestored: true },
        { kind: 'session-state', state: 'open' },
        { kind: 'session-state', state: 'resuming' },
        { kind: 'session-state', state: 'open' },
      ),
    ).toEqual(['Lost; reconnecting…', 'Renewed; the model remembers']);
  });
});
