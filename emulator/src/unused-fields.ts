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
  readonly below: Map<string, Branch>;
  unused?: UnusedField;
}

const ROOT: Branch = { below: new Map() };
for (const [path, field] of Object.entries(FIELD_EFFECTS)) {
  if (!('without' in field)) continue;
  let branch = ROOT;
  for (const name of path.replaceAll('[]', '.[]').split('.')) {
    const next: Branch = branch.below.get(name) ?? { below: new Map() };
    branch.below.set(name, next);
    branch = next;
  }
  branch.unused = { path, why: field.without };
}

/** Each field of `message` that the table says is without effect, once. An empty list or `false` says nothing. */
export function unusedFieldsOf(message: ClientMessage): readonly UnusedField[] {
  const found = new Set<UnusedField>();
  collect(message, ROOT, found);
  return [...found];
}

function collect(value: unknown, branch: Branch, found: Set<UnusedField>): void {
  if (branch.unused && value !== false) found.add(branch.unused);
  if (branch.below.size === 0) return;
  if (Array.isArray(value)) {
    const element = branch.below.get('[]');
    if (element) for (const each of value) collect(each, element, found);
  } else if (isObject(value)) {
    for (const [name, below] of branch.below) {
      if (Object.hasOwn(value, name)) collect(value[name], below, found);
    }
  }
}
