import { describe, expect, it } from 'vitest';
import { type ListState, nextListState, readProblem } from './list-state.ts';
import type { Session } from './session-document.ts';

const loading: ListState = { kind: 'loading', offline: false };
const one = [{ id: 'one' } as Session];
const snapshot = (sessions: readonly Session[], fromCache: boolean, unreadable = 0) =>
  ({ kind: 'snapshot', sessions, unreadable, fromCache }) as const;

describe('nextListState', () => {
  it('is empty once the server says that there is nothing', () => {
    expect(nextListState(loading, snapshot([], false))).toMatchObject({ kind: 'ready', sessions: [] });
  });

  it('goes on loading while only the memory says that there is nothing', () => {
    expect(nextListState(loading, snapshot([], true))).toEqual({ kind: 'loading', offline: true });
  });

  it('keeps the last rows and says that it is offline', () => {
    const ready = nextListState(loading, snapshot(one, false));
    expect(nextListState(ready, snapshot(one, true))).toEqual({
      kind: 'ready',
      sessions: one,
      unreadable: 0,
      offline: true,
    });
  });

  it('is no longer offline when the server answers again', () => {
    const offline = nextListState(loading, snapshot(one, true));
    expect(nextListState(offline, snapshot(one, false))).toMatchObject({ offline: false });
  });

  it('shows that a list of unreadable documents is not empty', () => {
    expect(nextListState(loading, snapshot([], true, 2))).toMatchObject({ kind: 'ready', unreadable: 2 });
  });

  it('shows nothing of what it had once it is refused', () => {
    const ready = nextListState(loading, snapshot(one, false));
    const failed = nextListState(ready, { kind: 'error', error: { code: 'permission-denied' } });
    expect(failed).toEqual({ kind: 'failed', problem: readProblem({ code: 'permission-denied' }) });
  });
});

describe('readProblem', () => {
  it('names the remedy of a missing index', () => {
    expect(readProblem({ code: 'failed-precondition' })).toContain('firestore.indexes.json');
  });

  it('names the code of a failure that it does not know', () => {
    expect(readProblem({ code: 'data-loss' })).toContain('data-loss');
  });
});
