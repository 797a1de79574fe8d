/**
 * What a template locks into a token. Pure.
 * @module
 */
import {
  isObject,
  lockedPaths,
  type Modality,
  pathsIn,
  SETUP_FIELDS,
  type SetupPath,
  valueAt,
} from '@livegate/protocol';
import type { Draft } from './draft.ts';
import { SETUP_WORDS } from './setup-words.ts';

/** A path that a template says something about. */
export interface LockedRow {
  readonly path: SetupPath;
  readonly words: string;
  /** What stands there, as JSON, shortened. */
  readonly value: string;
  /** `locked`: in the token. `vertex`: a Developer API token has no such field. `client`: left to the client. */
  readonly lock: 'locked' | 'vertex' | 'client';
  /** Not sent to the browser. */
  readonly isHidden: boolean;
}

/** What of a template is kept from the page. */
const HIDDEN: readonly SetupPath[] = ['systemInstruction', 'tools'];
const LONGEST = 160;

/** The paths of a template's setup, and how many more are locked to be empty, under a policy that leaves none open. */
export function lockedRows(draft: Draft): { readonly rows: readonly LockedRow[]; readonly empty: number } {
  const setup = isObject(draft.setup) ? draft.setup : {};
  const locked = lockedPaths([]);
  const rows = pathsIn(setup).map((path): LockedRow => {
    const value = JSON.stringify(valueAt(setup, path)) ?? '';
    return {
      path,
      words: SETUP_WORDS[path],
      value: value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value,
      lock: locked.includes(path) ? 'locked' : SETUP_FIELDS[path].backend === 'vertex' ? 'vertex' : 'client',
      isHidden: HIDDEN.includes(path),
    };
  });
  return { rows, empty: locked.length - rows.filter(({ lock }) => lock === 'locked').length };
}

/** Modalities that a template asks for, as far as they are texts. */
export function askedModalities(draft: Draft): readonly (Modality | string)[] {
  const value = isObject(draft.setup)
    ? valueAt(draft.setup, 'generationConfig.responseModalities')
    : undefined;
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
