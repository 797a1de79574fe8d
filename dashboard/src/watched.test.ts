import { describe, expect, it } from 'vitest';
import { LOADING, nextWatched, readable, readProblem } from './watched.ts';

const snapshot = (value: readonly number[], fromCache: boolean) =>
  ({ kind: 'snapshot', value, empty: value.length === 0, fromCache }) as const;

describe('nextWatched', () => {
  it('goes on loading, offline, while only an empty memory has answered', () => {
    expect(nextWatched(LOADING, snapshot([], true))).toEqual({ kind: 'loading', offline: true });
  });

  it('is ready and empty once the server says so', () => {
    expect(nextWatched(LOADING, snapshot([], false))).toEqual({ kind: 'ready', value: [], offline: false });
  });

  it('shows the last values known while it is offline, an empty list too', () => {
    const ready = nextWatched(LOADING, snapshot([1], false));
    expect(nextWatched(ready, snapshot([1], true))).toEqual({ kind: 'ready', value: [1], offline: true });
    expect(nextWatched(ready, snapshot([], true))).toEqual({ kind: 'ready', value: [], offline: true });
  });

  it('fails in words', () => {
    expect(nextWatched(LOADING, { kind: 'error', error: { code: 'permission-denied' } })).toEqual({
      kind: 'failed',
      problem: expect.stringContaining('refused'),
    });
    expect(readProblem('?')).toContain('unknown');
  });
});

describe('readable', () => {
  /** As Firestore's own: its data is there for the document alone. */
  class Stored {
    readonly id = 'some';
    readonly #data: object | undefined;
    constructor(data?: object) {
      this.#data = data;
    }
    data(): object | undefined {
      return this.#data;
    }
  }

  it('hands a document to its reader, and none where there is none', () => {
    expect(readable((id, data) => [id, data], new Stored({ a: 1 }))).toEqual(['some', { a: 1 }]);
    expect(readable(() => 'read', new Stored())).toBeUndefined();
  });

  it('reads none where the reader stumbles over what stands there', () => {
    const title = (_: string, data: object) => (data as { title: string }).title.trim();
    expect(readable(title, new Stored({ title: ' a ' }))).toBe('a');
    expect(readable(title, new Stored({ title: 7 }))).toBeUndefined();
  });
});
