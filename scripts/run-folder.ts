/**
 * The folder of one run: `.livegate/run-<n>`, with a folder for temporary files beside the system's others. Both
 * go when the run ends; what a run that was killed left behind goes when the next one starts.
 * @module
 */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { processIsAlive } from './folder-lock.mjs';
import { ROOT } from './root.ts';

/** The folders of a run. */
export interface RunFolder {
  readonly path: string;
  /** Short enough for the sockets that the functions emulator makes in it. */
  readonly temporary: string;
  /** Removes both. */
  remove(): Promise<void>;
}

const RUNS = join(ROOT, '.livegate');
const TEMPORARY_PREFIX = 'livegate-';
/** A run that has not written its owner yet is being made, unless it is older than this. */
const UNOWNED_MS = 60_000;

/** Makes the folders of a run, after removing those of runs whose process is gone. */
export async function openRunFolder(): Promise<RunFolder> {
  await mkdir(RUNS, { recursive: true });
  await removeAbandoned();
  const path = await claim();
  const temporary = await mkdtemp(join(await realpath(tmpdir()), TEMPORARY_PREFIX));
  await writeFile(join(path, 'owner.json'), JSON.stringify({ pid: process.pid, temporary }));
  return {
    path,
    temporary,
    async remove() {
      for (const folder of [temporary, path])
        await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function claim(): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(RUNS, `run-${number}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(RUNS)) {
    if (!/^run-\d+$/.test(name)) continue;
    const path = join(RUNS, name);
    try {
      const owner = JSON.parse(await readFile(join(path, 'owner.json'), 'utf8')) as {
        readonly pid: number;
        readonly temporary: string;
      };
      if (processIsAlive(owner.pid)) continue;
      if (basename(owner.temporary).startsWith(TEMPORARY_PREFIX))
        await rm(owner.temporary, { recursive: true, force: true });
      await rm(path, { recursive: true, force: true });
    } catch {
      const made = await stat(path).catch(() => undefined);
      if (made !== undefined && Date.now() - made.mtimeMs > UNOWNED_MS)
        await rm(path, { recursive: true, force: true });
    }
  }
}
