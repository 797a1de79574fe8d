/**
 * A copy of the repository in which a line may be changed without harm.
 * @module
 */
import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import type { SourceChange } from '../threats/threat.ts';

/** The copy. */
export interface TreeCopy {
  readonly path: string;
  /** Makes one change, runs `work`, and takes the change back. Rejects where `find` does not occur exactly once. */
  withChange<T>(change: SourceChange, work: () => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

/** What is made from the rest, or belongs to other runs. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'dist-emulator',
  '.git',
  '.livegate',
  '.tsbuild',
  'coverage',
]);
const SCOPE = '@livegate';

/** Copies the working tree as it stands. Installed packages are linked, those of this repository to the copy. */
export async function copyTree(): Promise<TreeCopy> {
  const path = await mkdtemp(join(await realpath(tmpdir()), 'livegate-mutants-'));
  await cp(ROOT, path, {
    recursive: true,
    filter: (source) => source === ROOT || !LEFT_OUT.has(basename(source)),
  });
  await linkPackages(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  for (const name of await readdir(join(ROOT, 'node_modules', SCOPE))) {
    // What has its own packages installed beside it keeps them.
    const own = join(ROOT, name, 'node_modules');
    if (await exists(own)) await symlink(own, join(path, name, 'node_modules'), 'junction');
  }
  return {
    path,
    async withChange(change, work) {
      const file = join(path, change.file);
      const source = await readFile(file, 'utf8');
      const changed = changedSource(source, change);
      await writeFile(file, changed);
      try {
        return await work();
      } finally {
        await writeFile(file, source);
      }
    },
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** The source with the change in it. Throws where it does not say exactly one place, or changes nothing. */
export function changedSource(source: string, { file, find, replace }: SourceChange): string {
  const count = source.split(find).length - 1;
  if (count !== 1) throw new Error(`${file} has ${count} places that read: ${find}`);
  if (find === replace) throw new Error(`${file} stays as it is with: ${find}`);
  return source.split(find).join(replace);
}

async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(join(to, SCOPE), { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    // What begins with a dot is a tool's own: a copy makes its own.
    if (entry.isFile() || entry.name.startsWith('.') || entry.name === SCOPE) continue;
    await symlink(join(from, entry.name), join(to, entry.name), 'junction');
  }
  for (const name of await readdir(join(from, SCOPE)))
    await symlink(join(to, '..', name), join(to, SCOPE, name), 'junction');
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
