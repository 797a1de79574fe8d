/**
 * Settings of the sample, written beside those that a project has, and taken back: what somebody wrote stays. Pure.
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import type { Documents } from './sample-play.ts';

/** A document that the sample writes over, or makes: as it was, and as it is from then on. `null`: there was none. */
export interface SettingChange {
  readonly path: string;
  readonly before: object | null;
  readonly after: object;
}

/** The settings among these documents. */
export function settingPaths(documents: Documents): readonly string[] {
  return Object.keys(documents).filter((path) =>
    /^(livePolicies|livePrices|liveTemplates)\/|^liveConfig\/global$/.test(path),
  );
}

/**
 * What to write. A policy, a template with its versions, a price, the switches: each is written whole, and only where
 * the project has none, has what the sample began with, or has what it ended with under another version.
 */
export function settingChanges(
  { before, after }: { readonly before: Documents; readonly after: Documents },
  stored: Readonly<Record<string, object | null>>,
): readonly SettingChange[] {
  const isFree = (path: string): boolean => {
    const is = stored[path] ?? null;
    return is === null || isSame(is, before[path]) || isSame(is, after[path]);
  };
  const changed = settingPaths(after).filter((path) => !isDeepStrictEqual(before[path], after[path]));
  return changed
    .filter((path) => changed.filter((other) => thingOf(other) === thingOf(path)).every(isFree))
    .map((path) => ({ path, before: stored[path] ?? null, after: after[path] as object }))
    .filter(({ before: was, after: is }) => !isDeepStrictEqual(was, is));
}

/** What to put back: the changes whose document nobody wrote since. */
export function undoneSettings(
  changes: readonly SettingChange[],
  stored: Readonly<Record<string, object | null>>,
): readonly SettingChange[] {
  return changes.filter(({ path, after }) => isDeepStrictEqual(plain(stored[path] ?? null), plain(after)));
}

/** `liveTemplates/tutor/versions/2` → `liveTemplates/tutor`. */
function thingOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function isSame(a: object, b: object | undefined): boolean {
  return isDeepStrictEqual({ ...plain(a), version: 0 }, { ...plain(b ?? null), version: 0 });
}

/** Without what distinguishes an object of Firestore's from one of JSON's. */
function plain(value: object | null): object | null {
  return JSON.parse(JSON.stringify(value)) as object | null;
}
