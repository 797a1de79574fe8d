import { describe, expect, it } from 'vitest';
import { FigureBook } from '../figure-book.ts';
import type { Stage } from '../stage.ts';
import { attempt } from './run.ts';

/** A stage that counts how often its pages were closed. */
const scene = () => {
  const cleared: string[] = [];
  const stage = { clear: async () => void cleared.push('cleared') } as unknown as Stage;
  const book = new FigureBook();
  const abort = new AbortController();
  return { cleared, stage, book, abort, options: { book, tell: () => {}, signal: abort.signal } };
};

describe('attempt', () => {
  it('measures once more what failed, and closes the pages each time', async () => {
    const { cleared, stage, book, options } = scene();
    const answers = [Promise.reject(new Error('stumbled')), Promise.resolve()];
    await attempt(
      'jitter',
      stage,
      options,
      () => answers.shift() ?? Promise.reject(new Error('asked too often')),
    );
    expect(book.lost).toEqual([]);
    expect(cleared).toHaveLength(2);
  });
  it('notes what failed twice as lost, and goes on', async () => {
    const { stage, book, options } = scene();
    await attempt('jitter', stage, options, () => Promise.reject(new Error('broken')));
    expect(book.lost).toEqual(['jitter']);
  });
  it('ends at an interrupt', async () => {
    const { stage, options, abort } = scene();
    const work = async (): Promise<void> => {
      abort.abort(new Error('Interrupted.'));
      throw new Error('the browser went away');
    };
    await expect(attempt('jitter', stage, options, work)).rejects.toThrow('Interrupted.');
  });
});
