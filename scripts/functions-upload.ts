/**
 * What a deployment uploads of `functions/`: everything less the ignore list of `firebase.json`. The emulators run
 * just that.
 * @module
 */

import { existsSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

/** Whether a path below the source folder is left out: a pattern without a slash matches a name at any depth. */
export function isIgnored(path: string, ignore: readonly string[]): boolean {
  return ignore.some((pattern) => expressionOf(pattern).test(pattern.includes('/') ? path : basename(path)));
}

/** `*` is anything within a name, `**` and a slash any folders or none; names may begin with a dot. */
function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&');
  const source = escaped.replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${source}$`);
}

/** Copies the upload of `source` to `target`, with a link to packages installed beside it where there are any. */
export async function copyFunctionsUpload(
  source: string,
  { target, ignore }: { readonly target: string; readonly ignore: readonly string[] },
): Promise<void> {
  await cp(source, target, {
    recursive: true,
    filter: (path) => {
      const inside = relative(source, path).split(sep).join('/');
      return inside === '' || !isIgnored(inside, ignore);
    },
  });
  const own = join(source, 'node_modules');
  if (existsSync(own)) await symlink(own, join(target, 'node_modules'), 'junction');
}
