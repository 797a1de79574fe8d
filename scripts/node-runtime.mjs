// @ts-check
/**
 * Node 24 for a machine whose own Node is older: the npm package `node@24`, in the user's cache folder.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processIsAlive, withFolderLock } from './folder-lock.mjs';
import { runNpm } from './npm.mjs';
import { step } from './progress.mjs';
import { NODE_MAJOR } from './setup-policy.mjs';

const NAME = `node-${NODE_MAJOR}`;
const STAGING = `${NAME}.partial-`;

/**
 * The folder that holds `node`, fetched on first use. Built aside and moved into place whole, under a lock that
 * clones share, so that a run that was cut off or a second one beside it leaves nothing half-finished.
 * @param {{ readonly cache: string }} options
 * @returns {Promise<string>}
 */
export async function node24Folder({ cache }) {
  const home = join(cache, NAME);
  if (runs(home)) return binOf(home);
  await withFolderLock(
    join(cache, `${NAME}.lock`),
    async () => {
      if (runs(home)) return;
      await clearLeftovers(cache);
      await step(`Fetching Node ${NODE_MAJOR} (this one is ${process.versions.node}) into ${cache}`, () =>
        install(join(cache, `${STAGING}${process.pid}`), home),
      );
    },
    { waiting: (pid) => console.log(`Waiting for process ${pid}, which is fetching Node ${NODE_MAJOR} …`) },
  );
  return binOf(home);
}

/**
 * @param {string} staging
 * @param {string} home
 */
async function install(staging, home) {
  try {
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, 'package.json'), '{ "private": true }\n');
    // The package's own script puts the right binary in place, whatever the user's setting for scripts is.
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
    await runNpm(['install', `node@${NODE_MAJOR}`, '--ignore-scripts=false', ...quiet], { cwd: staging });
    if (!runs(staging)) throw new Error('what was fetched does not run on this machine');
    await rm(home, { recursive: true, force: true });
    await rename(staging, home);
  } catch (cause) {
    await rm(staging, { recursive: true, force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Node ${NODE_MAJOR} could not be fetched: ${why}\nInstall Node ${NODE_MAJOR} (https://nodejs.org) and run the command again.`,
      { cause },
    );
  }
}

/** @param {string} cache */
async function clearLeftovers(cache) {
  for (const name of await readdir(cache)) {
    if (name.startsWith(STAGING) && !processIsAlive(Number(name.slice(STAGING.length))))
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** @param {string} home */
function binOf(home) {
  return join(home, 'node_modules', 'node', 'bin');
}

/** @param {string} home */
function runs(home) {
  const { stdout } = spawnSync(join(binOf(home), 'node'), ['--version'], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.startsWith(`v${NODE_MAJOR}.`);
}
