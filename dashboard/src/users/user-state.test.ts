import { describe, expect, it } from 'vitest';
import type { Session } from '../session-document.ts';
import { ERASURE_BEGINS, erasureAfter, lastDeath, raisedLimit, typedMinutes } from './user-state.ts';

const session = (state: string, deadAt: number) => ({ id: 's', document: { state, deadAt } }) as Session;

describe('lastDeath', () => {
  it('is that of the token that lives longest', () => {
    expect(lastDeath([session('active', 200), session('revoked', 300), session('ended', 50)], 100)).toBe(300);
  });

  it('is none where every token is dead or never was', () => {
    expect(lastDeath([session('expired', 100), session('failed', 500)], 100)).toBeNull();
  });
});

describe('raisedLimit', () => {
  const day = { usedSeconds: 0, limitSeconds: 5_400, resetsAt: 0 };

  it('replaces what was given before', () => {
    expect(raisedLimit({ day, raisedMinutes: 30 }, 10)).toBe(70);
    expect(raisedLimit({ day, raisedMinutes: 30 }, 0)).toBe(60);
  });

  it('is none where there is no limit', () => {
    expect(raisedLimit({ day: { ...day, limitSeconds: null }, raisedMinutes: 0 }, 10)).toBeNull();
  });
});

describe('typedMinutes', () => {
  it.each([
    ['0', 0],
    [' 90 ', 90],
    ['1440', 1_440],
    ['1441', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e2', undefined],
  ])('reads %j as %s', (typed, minutes) => {
    expect(typedMinutes(typed)).toBe(minutes);
  });
});

describe('erasureAfter', () => {
  const answer = { v: 1, done: false, sessions: 0, events: 0, auditEntries: 0, live: 0 };

  it('adds up call after call until nothing is left', () => {
    const first = erasureAfter(ERASURE_BEGINS, { ...answer, sessions: 300, events: 200 });
    expect(first).toMatchObject({ sessions: 300, events: 200, state: 'going' });
    expect(erasureAfter(first, { ...answer, sessions: 1, auditEntries: 2, done: true })).toEqual({
      sessions: 301,
      events: 200,
      auditEntries: 2,
      live: 0,
      state: 'done',
    });
  });

  it('stops asking where a call changed nothing: the rest waits', () => {
    expect(erasureAfter(ERASURE_BEGINS, { ...answer, live: 1 })).toMatchObject({ live: 1, state: 'waiting' });
  });
});
