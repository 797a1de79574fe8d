import { describe, expect, it } from 'vitest';
import { nextTurns, type TranscriptEvent, type Turn } from './transcript.ts';

const after = (...events: readonly TranscriptEvent[]): readonly Turn[] =>
  events.reduce<readonly Turn[]>(nextTurns, []);
const heard = (text: string) => ({ kind: 'piece', role: 'user', text }) as const;
const said = (text: string) => ({ kind: 'piece', role: 'model', text }) as const;
const lines = (turns: readonly Turn[]) => turns.map(({ role, text, state }) => `${role} ${state}: ${text}`);

describe('nextTurns', () => {
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
      { id: 1, role: 'user', text: 'Hi', state: 'done', typed: true },
    ]);
  });

  it('never gives two turns one id', () => {
    const turns = after({ kind: 'voice' }, { kind: 'turn-complete' }, heard('A'), said('B'), {
      kind: 'typed',
      text: 'C',
    });
    expect(new Set(turns.map(({ id }) => id)).size).toBe(turns.length);
  });
});
