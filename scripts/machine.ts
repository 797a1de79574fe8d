/**
 * What the set-up asks of the machine it runs on. Behind an interface, so that its decisions can be tried on
 * machines that are not at hand.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withFolderLock } from './folder-lock.mjs';
import { step } from './progress.mjs';
import { cacheFolder } from './setup-policy.mjs';

/** A machine, as the set-up sees it. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Livegate's cache folder, shared by clones. */
  readonly cache: string;
  readonly isRoot: boolean;
  readonly isWindows: boolean;
  exists(path: string): boolean;
  /** The path of a command on PATH. */
  find(command: string): string | undefined;
  /** What a short command prints, on both outputs; empty when it cannot be run or fails. */
  output(command: string, args: readonly string[]): string;
  /** Runs a long command, showing its progress. Resolves with `undefined`, or with why it failed: its last lines. */
  run(title: string, command: string, args: readonly string[]): Promise<string | undefined>;
  /** Runs `work` while no other process of this user does the same. */
  once<T>(name: string, work: () => Promise<T>): Promise<T>;
}

const TAIL_LINES = 15;

/** The machine this runs on. */
export function thisMachine(): Machine {
  const cache = cacheFolder(process.env, homedir());
  const isWindows = process.platform === 'win32';
  return {
    env: process.env,
    home: homedir(),
    cache,
    isRoot: process.getuid?.() === 0,
    isWindows,
    exists: existsSync,
    find: (command) =>
      (process.env.PATH ?? '')
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, isWindows ? `${command}.exe` : command))
        .find(isExecutable),
    output(command, args) {
      const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
      return status === 0 ? `${stdout}${stderr}` : '';
    },
    run: (title, command, args) => step(title, () => runLong(command, args)),
    once: (name, work) =>
      withFolderLock(join(cache, `${name}.lock`), work, {
        waiting: (pid) => console.log(`Waiting for process ${pid}, which is busy with ${name} …`),
      }),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function runLong(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let tail: readonly string[] = [];
    const keep = (chunk: Buffer): void => {
      process.stdout.write(chunk);
      tail = [
        ...tail,
        ...chunk
          .toString('utf8')
          .split(/[\r\n]+/)
          .filter(Boolean),
      ].slice(-TAIL_LINES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : tail.join('\n') || `exit code ${code}`));
  });
}
