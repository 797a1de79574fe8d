/**
 * Runs one command and answers for its end: `node guard.ts <command> [args…]`, with a pipe as standard input. When
 * the pipe closes, because its owner asks for the end or has itself died, the command is asked to end, and what
 * is left of it and of everything it started is ended. SIGTERM ends all of it at once.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { descendantsOf, killNow, type ProcessEntry } from './process-tree.ts';

/** How long the command may take to end by itself. */
const GRACE_MS = 10_000;
/** How often the tree is looked at: a child whose parent has died is found no more. */
const WATCH_MS = 2_000;

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const seen = new Map<number, ProcessEntry>();
let ending = false;

const look = (): void => {
  for (const entry of descendantsOf(process.pid)) seen.set(entry.pid, entry);
};
const watch = setInterval(look, WATCH_MS);

child.once('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.once('close', (code) => {
  clearInterval(watch);
  look();
  killNow([...seen.values()]);
  process.exit(code ?? 1);
});

process.stdin.resume();
process.stdin.once('end', askToEnd);
process.stdin.once('error', askToEnd);
process.on('SIGTERM', endNow);
// Meant for the command; the owner decides when this process goes.
process.on('SIGINT', () => {});
process.on('SIGHUP', askToEnd);

function askToEnd(): void {
  if (ending) return;
  ending = true;
  look();
  if (process.platform === 'win32') endNow();
  // This process leads its group: everything in it gets the signal that a terminal would send.
  else process.kill(-process.pid, 'SIGINT');
  setTimeout(endNow, GRACE_MS).unref();
}

function endNow(): void {
  ending = true;
  if (process.platform === 'win32') spawnSync('taskkill', ['/PID', String(child.pid), '/T', '/F']);
  look();
  killNow([...seen.values()]);
}
