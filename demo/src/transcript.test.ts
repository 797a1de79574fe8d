import { describe, expect, it } from 'vitest';
import { type Entry, nextEntries, type TranscriptEvent } from './transcript.ts';

const after = (...events: readonly TranscriptEvent[]): readonly Entry[] =>
  events.reduce<readonly Entry[]>(nextEntries, []);
const heard = (text: string) => ({ kind: 'piece', role: 'user', text }) as const;
const said = (text: string) => ({ kind: 'piece', role: 'model', text }) as const;
const call = (state: 'began' | 'ended' | 'failed' | 'cancelled', ms = 0, id = 'c1') =>
  ({ kind: 'call', call: { id, name: 'get_time', state, ms } }) as const;
const lines = (entries: readonly Entry[]) =>
  entries.map((each) =>
    each.kind === 'turn'
      ? `${each.role} ${each.state}: ${each.text}`
      : `${each.name} ${each.state} ${each.ms}`,
  );

describe('nextEntries', () => {
  it('joins the pieces of one turn, spaces as they came', () => {
    expect(lines(after(heard('What time'), heard(' is'), heard(' it?')))).toEqual([
      'user open: What time is it?',
    ]);
  });

  it('keeps what was heard and what is said apart, though their pieces come mixed', () => {
    expect(lines(after(heard('Hello'), said('Good'), heard(' there'), said(' day')))).toEqual([
      'user open: Hello there',
      'model open: Good day',
    ]);
  });

  it("puts the user's words before the answer that they led to, though they come later", () => {
    expect(lines(after({ kind: 'voice' }, said('Good day'), heard('Hello')))).toEqual([
      'user open: Hello',
      'model open: Good day',
    ]);
  });

  it('begins new turns once a turn is complete', () => {
    expect(
      lines(after(heard('One'), said('First'), { kind: 'turn-complete' }, heard('Two'), said('Second'))),
    ).toEqual(['user done: One', 'model done: First', 'user open: Two', 'model open: Second']);
  });

  it('marks the answer that was interrupted, not the words that interrupted it', () => {
    expect(
      lines(after(heard('Tell me all'), said('It began'), { kind: 'interrupted' }, heard('Stop'))),
    ).toEqual(['user done: Tell me all', 'model interrupted: It began', 'user open: Stop']);
  });

  it('shows an interrupted answer that had no text, and drops a finished one that had none', () => {
    expect(lines(after({ kind: 'voice' }, { kind: 'interrupted' }))).toEqual(['model interrupted: ']);
    expect(after({ kind: 'voice' }, { kind: 'turn-complete' })).toEqual([]);
  });

  it('opens no turn for silence that was heard as a space', () => {
    expect(after(heard(' '))).toEqual([]);
    expect(lines(after(heard('A'), heard(' ')))).toEqual(['user open: A ']);
  });

  it('shows a typed message at once and as finished', () => {
    expect(after({ kind: 'typed', text: 'Hi' })).toEqual([
      { kind: 'turn', id: 1, role: 'user', text: 'Hi', state: 'done', typed: true },
    ]);
  });

  it('marks the answer that a lost connection or the end of a lease cut, and by what', () => {
    const cut = after(heard('Go on'), said('It was'), { kind: 'cut', by: 'lease' }, said('raining'));
    expect(lines(cut)).toEqual(['user done: Go on', 'model cut: It was', 'model open: raining']);
    expect(cut[1]).toMatchObject({ cutBy: 'lease' });
  });

  it('follows a call from its beginning to its end, each in a line of its own', () => {
    expect(lines(after(heard('When?'), call('began')))).toEqual(['user open: When?', 'get_time began 0']);
    expect(
      lines(
        after(
          call('began', 0, 'c1'),
          call('began', 0, 'c2'),
          call('failed', 7, 'c2'),
          call('ended', 12, 'c1'),
          call('began', 0, 'c3'),
          call('cancelled', 3, 'c3'),
        ),
      ),
    ).toEqual(['get_time ended 12', 'get_time failed 7', 'get_time cancelled 3']);
  });

  it('puts the words that led to a call before it, though they come later', () => {
    expect(lines(after(call('began'), heard('When?'), call('ended', 4), said('At nine')))).toEqual([
      'user open: When?',
      'get_time ended 4',
      'model open: At nine',
    ]);
  });

  it('never gives two lines one id', () => {
    const turns = after(
      { kind: 'voice' },
      { kind: 'turn-complete' },
      heard('A'),
      said('B'),
      {
        kind: 'typed',
        text: 'C',
      },
      call('began'),
    );
    expect(new Set(turns.map(({ id }) => id)).size).toBe(turns.length);
  });
});
