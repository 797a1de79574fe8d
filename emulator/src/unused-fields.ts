/**
 * Finds the fields of a client's message that are taken without effect.
 * @module
 */
import { type ClientMessage, isObject } from '@livegate/protocol';
import { FIELD_EFFECTS } from './field-effects.ts';

/** A field that was sent and does nothing. */
export interface UnusedField {
  /** As in the table: `setup.safetySettings[]`. */
  readonly path: string;
  readonly why: string;
}

/** The fields without effect as a tree: a message is walked only where one of them can stand. */
interface Branch {
  readonly names: string[];
  readonly below: Branch[];
  unused?: UnusedField;
}

const ROOT: Branch = { names: [], below: [] };
for (const [path, field] of Object.entries(FIELD_EFFECTS)) {
  if (!('without' in field)) continue;
  let branch = ROOT;
  for (const name of path.replaceAll('[]', '.[]').split('.')) branch = branchOf(branch, name);
  branch.unused = { path, why: field.without };
}

function branchOf({ names, below }: Branch, name: string): Branch {
  const known = below[names.indexOf(name)];
  if (known) return known;
  const made: Branch = { names: [], below: [] };
  names.push(name);
  below.push(made);
  return made;
}

const NONE: readonly UnusedField[] = [];

/** Each field of `message` that the table says is without effect, once. An empty list or `false` says nothing. */
export function unusedFieldsOf(message: ClientMessage): readonly UnusedField[] {
  return collect(message, ROOT, NONE);
}

/** Every frame of audio comes through here: what is found is copied, what is not costs nothing. */
function collect(value: unknown, branch: Branch, before: readonly UnusedField[]): readonly UnusedField[] {
  const { names, below, unused } = branch;
  let found = unused && value !== false && !before.includes(unused) ? [...before, unused] : before;
  if (Array.isArray(value)) {
    const element = below[names.indexOf('[]')];
    if (element) for (const each of value) found = collect(each, element, found);
  } else if (names.length > 0 && isObject(value)) {
    for (let at = 0; at < names.length; at++) {
      const child = value[names[at] ?? ''];
      const next = below[at];
      if (child !== undefined && next) found = collect(child, next, found);
    }
  }
  return found;
}
