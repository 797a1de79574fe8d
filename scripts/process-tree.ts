/**
 * A process with all that it started, and ending it.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process. `born` tells it from a later one with the same id. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly born: string;
}

/** Every process of the system that this user may see. Not on Windows, where it is empty: `taskkill /T` knows the tree there. */
export function allProcesses(): readonly ProcessEntry[] {
  if (process.platform === 'win32') return [];
  if (process.platform === 'linux') return linuxProcesses();
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,lstart='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, born] = /^\s*(\d+)\s+(\d+)\s+(.+?)\s*$/.exec(line) ?? [];
    return pid && parent && born ? [{ pid: Number(pid), parent: Number(parent), born }] : [];
  });
}

/** Everything below a process in the tree, itself left out. */
export function descendantsOf(
  root: number,
  processes: readonly ProcessEntry[] = allProcesses(),
): readonly ProcessEntry[] {
  const children = processes.filter(({ parent }) => parent === root);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, processes)]);
}

/** Those of the given processes that still run (one that has ended and waits for its parent does not). */
export function stillRunning(entries: readonly ProcessEntry[]): readonly ProcessEntry[] {
  const now = new Map(allProcesses().map((entry) => [entry.pid, entry.born]));
  return entries.filter(({ pid, born }) => now.get(pid) === born);
}

/** Ends those of the given processes that still run, at once. */
export function killNow(entries: readonly ProcessEntry[]): void {
  for (const { pid } of stillRunning(entries)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}

/** /proc/<pid>/stat: the name in brackets may hold anything, so fields are counted from its end. */
function linuxProcesses(): readonly ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), born: rest[17] ?? '' }];
    } catch {
      return [];
    }
  });
}
