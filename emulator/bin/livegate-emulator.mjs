#!/usr/bin/env node
import { existsSync } from 'node:fs';

// In the repository the source runs as it is; a package holds what was built of it.
const source = new URL('../src/main.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : '../dist/main.js');

// Ctrl-C goes from the terminal to the command that exec runs as well: it is not to be told twice.
const isFromTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
const interrupted = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => resolve(signal === 'SIGINT' && isFromTerminal ? 'terminal' : signal));
});
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  untilInterrupted: interrupted,
});
