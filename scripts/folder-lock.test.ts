import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFolderLock } from './folder-lock.mjs';

const DEAD_PID = 2 ** 22 + 1;

describe('withFolderLock', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folder-lock-'));
    file = join(folder, 'deep', 'install.lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one at a time in, and everybody in the end', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside++;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all(Array.from({ length: 4 }, () => withFolderLock(file, work)));
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('gives the lock back when the work fails', async () => {
    await expect(withFolderLock(file, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    await expect(withFolderLock(file, async () => 'in')).resolves.toBe('in');
  });

  it('says once who is waited for', async () => {
    const waited: number[] = [];
    const waiting = (pid: number): void => void waited.push(pid);
    await withFolderLock(file, async () => undefined);
    await writeFile(file, '4711');
    const isAlive = (): boolean => waited.length === 0;
    await withFolderLock(file, async () => undefined, { waiting, isAlive });
    expect(waited).toEqual([4711]);
  });

  it('takes over from a process that died, and leaves nothing behind', async () => {
    await withFolderLock(file, async () => undefined);
    await writeFile(file, String(DEAD_PID));
    await expect(withFolderLock(file, async () => 'in')).resolves.toBe('in');
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });

  it('takes over a file that was never signed, once it is old', async () => {
    await withFolderLock(file, async () => undefined);
    await writeFile(file, '');
    await utimes(file, 1, 1);
    await expect(withFolderLock(file, async () => 'in')).resolves.toBe('in');
  });
});
