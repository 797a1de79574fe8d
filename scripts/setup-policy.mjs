// @ts-check
/**
 * The decisions of the set-up, pure: which Node will do, where things are kept, whether the installed packages are
 * those of the lock file.
 * @module
 */
import { join } from 'node:path';

/** The Node that runs everything, and what the functions declare. */
export const NODE_MAJOR = 24;

/**
 * Whether this Node can run the scripts: 24 or a later one, except 25, which the test runner does not take.
 * @param {string} version `process.versions.node`
 */
export function isSupportedNode(version) {
  const major = Number.parseInt(version, 10);
  return major >= NODE_MAJOR && major !== 25;
}

/**
 * The cache folder that all clones of a user share.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {string} home
 */
export function cacheFolder(env, home) {
  const base = env.XDG_CACHE_HOME;
  return join(base !== undefined && base !== '' ? base : join(home, '.cache'), 'livegate');
}

/**
 * Where npm's own script may stand beside a Node of this path: Windows keeps it in the same folder, others in `lib`.
 * @param {string} nodePath
 * @returns {readonly string[]}
 */
export function npmBeside(nodePath) {
  const folder = join(nodePath, '..');
  const inside = join('node_modules', 'npm', 'bin', 'npm-cli.js');
  return [join(folder, inside), join(folder, '..', 'lib', inside)];
}

/**
 * A package of a lock file, as far as it matters here.
 * @typedef {{ readonly version?: string, readonly link?: boolean, readonly optional?: boolean, readonly devOptional?: boolean, readonly peer?: boolean }} LockedPackage
 * @typedef {{ readonly packages?: Readonly<Record<string, LockedPackage>> }} Lock
 */

/**
 * Whether what npm wrote down as installed (`node_modules/.package-lock.json`) is what the lock file asks for.
 * Optional packages may be missing: most of them are for other platforms. So a tree made by `npm install` is
 * used as it is, and `npm ci`, which deletes first, runs only when it has something to mend.
 * @param {Lock} lock
 * @param {Lock} installed
 */
export function installMatchesLock(lock, installed) {
  const found = installed.packages ?? {};
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    if (!path.includes('node_modules/') || wanted.optional || wanted.devOptional) return true;
    const there = found[path];
    if (there === undefined) return wanted.peer === true;
    return wanted.link === true ? there.link === true : there.version === wanted.version;
  });
}
