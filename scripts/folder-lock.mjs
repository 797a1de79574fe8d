// @ts-check
/**
 * One process at a time for what several clones or several commands share.
 * @module
 */
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 300;
/** A lock that holds no process id yet is being written, unless it is older than this. */
const UNSIGNED_MS = 5_000;

/**
 * Runs `work` while holding the lock file. Waits for a holder that lives, and says so once; takes over from one
 * that died.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {{ readonly waiting?: (pid: number) => void, readonly isAlive?: (pid: number) => boolean }} [options]
 * @returns {Promise<T>}
 */
export async function withFolderLock(file, work, { waiting = () => {}, isAlive = processIsAlive } = {}) {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await acquire(file))) {
    const holder = await holderOf(file);
    if (holder === 'gone') continue;
    if (holder === 'dead' || (typeof holder === 'number' && !isAlive(holder))) {
      await takeAway(file, holder);
      continue;
    }
    if (typeof holder === 'number' && !told) {
      told = true;
      waiting(holder);
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Whether a process of this id exists.
 * @param {number} pid
 */
export function processIsAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

/** @param {string} file */
async function acquire(file) {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {Promise<number | 'unsigned' | 'dead' | 'gone'>}
 */
async function holderOf(file) {
  try {
    const pid = Number.parseInt(await readFile(file, 'utf8'), 10);
    if (Number.isInteger(pid)) return pid;
    return Date.now() - (await stat(file)).mtimeMs > UNSIGNED_MS ? 'dead' : 'unsigned';
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 'gone';
    throw error;
  }
}

/**
 * Removes a dead holder's file. Two waiters may both find it dead; the slower one must not take the faster one's
 * new file, so the file is moved away, looked at, and put back if it is another.
 * @param {string} file
 * @param {number | 'dead'} holder
 */
async function takeAway(file, holder) {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  const found = Number.parseInt(await readFile(aside, 'utf8'), 10);
  if (holder === 'dead' ? Number.isInteger(found) : found !== holder) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isErrno(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
