// @ts-check
/**
 * The installed packages: those of the lock file, or `npm ci`.
 * @module
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolderLock } from './folder-lock.mjs';
import { runNpm } from './npm.mjs';
import { step } from './progress.mjs';
import { installMatchesLock } from './setup-policy.mjs';

/**
 * Makes `node_modules` what the lock file says, doing nothing where it is already.
 * @param {{ readonly root: string }} options
 * @returns {Promise<void>}
 */
export async function ensureDependencies({ root }) {
  if (await isInstalled(root)) return;
  await withFolderLock(
    join(root, '.livegate', 'install.lock'),
    async () => {
      if (await isInstalled(root)) return;
      await step('Installing dependencies (npm ci)', () =>
        // No package here needs its install script: the binaries of esbuild and Biome are packages of their own,
        // and what `re2` would compile for minutes has a stand-in in firebase-tools' static server.
        runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root }),
      );
      await writeFile(stampOf(root), await lockHash(root));
    },
    { waiting: (pid) => console.log(`Waiting for process ${pid}, which is installing dependencies …`) },
  );
}

/** @param {string} root */
async function isInstalled(root) {
  const hash = await lockHash(root);
  if ((await textOf(stampOf(root))) === hash) return true;
  const installed = await textOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed === '') return false;
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  if (!installMatchesLock(JSON.parse(lock), JSON.parse(installed))) return false;
  await writeFile(stampOf(root), hash);
  return true;
}

/** @param {string} root */
function stampOf(root) {
  return join(root, 'node_modules', '.livegate-stamp');
}

/** @param {string} root */
async function lockHash(root) {
  return createHash('sha256')
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex');
}

/** @param {string} path */
async function textOf(path) {
  return readFile(path, 'utf8').catch(() => '');
}
