// Writes package-lock.json of this folder alone: the lock that a deployment installs from. The workspace's own lock
// at the root does not reach the cloud. `--check` says whether the committed one is still what package.json asks for.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const LOCK = 'package-lock.json';

/** Resolves anew from the committed lock in an empty folder, where no workspace is near. */
function resolved() {
  const folder = mkdtempSync(join(tmpdir(), 'livegate-lock-'));
  try {
    copyFileSync(join(here, 'package.json'), join(folder, 'package.json'));
    if (existsSync(join(here, LOCK))) copyFileSync(join(here, LOCK), join(folder, LOCK));
    execFileSync(
      npm,
      [
        'install',
        '--package-lock-only',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        '--omit-lockfile-registry-resolved',
      ],
      { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
    );
    const text = readFileSync(join(folder, LOCK), 'utf8');
    if (/"resolved": "https?:/.test(text)) throw new Error('The lock names download addresses; it must not.');
    if (process.argv.includes('--check')) {
      const committed = existsSync(join(here, LOCK)) ? readFileSync(join(here, LOCK), 'utf8') : '';
      if (
        JSON.stringify(JSON.parse(committed || '{}').packages) !== JSON.stringify(JSON.parse(text).packages)
      ) {
        throw new Error(
          'functions/package-lock.json is not what package.json asks for: run `node functions/lock.mjs`.',
        );
      }
    } else copyFileSync(join(folder, LOCK), join(here, LOCK));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  resolved();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
