import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FigureBook } from './figure-book.ts';
import { KeptRows, type Sitting } from './kept-rows.ts';

const SITTING: Sitting = { rounds: 5, versions: ['browser 1', 'module 2'] };
const HOUR = 3_600_000;

describe('rows that were kept', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-rows-'));
    path = join(folder, 'deep', 'rows.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const keepOne = async (at = 0): Promise<void> => {
    const book = new FigureBook();
    book.add('delay', 'livegate', 3);
    book.add('delay', 'livegate', 4);
    book.lost.push('one round');
    await (await KeptRows.open(path, SITTING, () => at)).keep('row', book.written);
  };

  it('are what was measured, in a run that comes later', async () => {
    await keepOne();
    const book = new FigureBook();
    const row = (await KeptRows.open(path, SITTING, () => 11 * HOUR)).get('row');
    if (row) book.take(row);
    expect(book.of('delay', 'livegate')).toEqual([3, 4]);
    expect(book.lost).toEqual(['one round']);
  });

  it.each([
    ['of other rounds', { ...SITTING, rounds: 6 }, 0],
    ['of another browser', { ...SITTING, versions: ['browser 2', 'module 2'] }, 0],
    ['of another day', SITTING, 13 * HOUR],
  ] as const)('are not used where they are %s', async (_, sitting, now) => {
    await keepOne();
    expect((await KeptRows.open(path, SITTING, () => 0)).get('row')).toBeDefined();
    expect((await KeptRows.open(path, sitting, () => now)).get('row')).toBeUndefined();
  });

  it('are none where the file is not there or cannot be read', async () => {
    expect((await KeptRows.open(path, SITTING)).get('row')).toBeUndefined();
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{');
    expect((await KeptRows.open(broken, SITTING)).get('row')).toBeUndefined();
  });
});
