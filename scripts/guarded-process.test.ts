import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GuardedProcess } from './guarded-process.ts';
import { allProcesses, descendantsOf, type ProcessEntry, stillRunning } from './process-tree.ts';

/** Starts a process that leads a group of its own, as the emulators' Java does, says so, and never ends by itself. */
const STUBBORN = `
  const { spawn } = require('node:child_process');
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  console.log('both run');
  setInterval(() => {}, 1000);
`;
const POLITE = `process.on('SIGINT', () => process.exit(7)); console.log('runs'); setInterval(() => {}, 1000);`;

// The tree of a process is read from /proc or ps; Windows has taskkill for it.
describe.skipIf(process.platform === 'win32')('GuardedProcess', () => {
  let folder: string;
  const env = { PATH: process.env.PATH ?? '' };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guarded-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function started(script: string, greeting: string): Promise<GuardedProcess> {
    const greeted = Promise.withResolvers<void>();
    const guarded = await GuardedProcess.start([process.execPath, '-e', script], {
      cwd: folder,
      env,
      logFile: join(folder, 'log'),
      onLine: (line) => line === greeting && greeted.resolve(),
    });
    await greeted.promise;
    return guarded;
  }

  it('lets a command end by itself when it is asked to, and keeps what it said', async () => {
    const guarded = await started(POLITE, 'runs');
    expect(await guarded.stop()).toBe(7);
    expect(guarded.tail).toEqual(['runs']);
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('runs\n');
  });

  it('ends one that will not, with all it started in groups of their own', async () => {
    const guarded = await started(STUBBORN, 'both run');
    const tree = descendantsOf(process.pid);
    expect(tree.length).toBeGreaterThanOrEqual(3);
    await guarded.kill();
    // A process that was killed is in the table until the system has taken it out.
    await vi.waitFor(() => expect(stillRunning(tree)).toEqual([]), { timeout: 5_000 });
  });

  it('says when a command ends, with its code', async () => {
    const options = { cwd: folder, env, logFile: join(folder, 'log') };
    const guarded = await GuardedProcess.start([process.execPath, '-e', 'process.exit(3)'], options);
    expect(await guarded.ended).toBe(3);
  });

  it('outlives its owner by nothing, even where the owner is killed', async () => {
    const owner = join(folder, 'owner.mjs');
    await writeFile(
      owner,
      `import { GuardedProcess } from ${JSON.stringify(new URL('guarded-process.ts', import.meta.url).href)};
       await GuardedProcess.start([process.execPath, '-e', ${JSON.stringify(POLITE)}], {
         cwd: ${JSON.stringify(folder)}, env: process.env, logFile: ${JSON.stringify(join(folder, 'log'))},
         onLine: (line) => console.log(line),
       });`,
    );
    const child: ChildProcess = spawn(process.execPath, [owner], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const tree: readonly ProcessEntry[] = descendantsOf(child.pid ?? 0, allProcesses());
    expect(tree.length).toBeGreaterThanOrEqual(2);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(stillRunning(tree)).toEqual([]), { timeout: 5_000 });
  });
});
