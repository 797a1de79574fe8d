// @ts-check
/**
 * Running npm under the Node that runs this script: npm's own script is started directly, because a launcher
 * beside an older Node would start that one.
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { npmBeside } from './setup-policy.mjs';

const TAIL_LINES = 20;

/** Where npm's script is; the empty string where it was not found. */
export function findNpm() {
  const given = process.env.npm_execpath ?? '';
  if (given.endsWith('npm-cli.js') && existsSync(given)) return given;
  const beside = npmBeside(process.execPath).find((path) => existsSync(path));
  if (beside !== undefined) return beside;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const launcher = join(folder, 'npm');
    const found = existsSync(launcher)
      ? [realpathSync(launcher), ...npmBeside(launcher)].find(
          (path) => path.endsWith('npm-cli.js') && existsSync(path),
        )
      : undefined;
    if (found !== undefined) return found;
  }
  return '';
}

/**
 * Runs npm and shows what it prints. Rejects with npm's last lines when it fails.
 * @param {readonly string[]} args
 * @param {{ readonly cwd: string }} options
 * @returns {Promise<void>}
 */
export function runNpm(args, { cwd }) {
  const npm = findNpm();
  if (npm === '') return Promise.reject(new Error('npm was not found beside Node or on PATH. Install npm.'));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [npm, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A command that npm itself started carries npm's settings of that moment, such as its workspace.
      env: Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !/^npm_(config_(local_)?prefix|lifecycle|package|command)/.test(name),
        ),
      ),
    });
    /** @type {string[]} */
    let tail = [];
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      process.stdout.write(chunk);
      tail = [...tail, ...chunk.toString('utf8').split('\n').filter(Boolean)].slice(-TAIL_LINES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args[0]} ended with ${code ?? 'a signal'}:\n${tail.join('\n')}`));
    });
  });
}
