/**
 * How long the command takes from the start of its process to its URL.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts it so many times, one after the other, on free ports; gives the times, in ms. */
export async function startTimes(command: string, times: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let at = 0; at < times; at++) taken.push(await startTime(command));
  return taken;
}

async function startTime(command: string): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [command, 'start', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  const takenMs = performance.now() - startedMs;
  if (!String(said).startsWith('http')) throw new Error(`The command printed no URL: ${String(said)}`);
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
  return takenMs;
}
