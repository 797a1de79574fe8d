/**
 * What a form shows of a setting, as data: one entry for each field. Pure.
 * @module
 */
import type { Json } from '@livegate/protocol';

/** A word to choose. */
export interface Option {
  readonly value: string;
  readonly label: string;
  /** What it means, or what to mind. */
  readonly note?: string;
  /** Cannot be chosen; `note` says why. */
  readonly disabled?: boolean;
}

/** How a field is shown. */
export type Control =
  | { readonly kind: 'number'; readonly unit?: string }
  /** Yes or no; where the field may be absent, a third answer. */
  | { readonly kind: 'flag'; readonly label: string }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | {
      readonly kind: 'checks';
      readonly options: readonly Option[];
      /** Words of the box that lets everything in: the value `'any'`. */
      readonly any?: string;
      /** Entries beyond the options may be typed; the words say what one is. */
      readonly more?: string;
    }
  /** Numbers in a row: `120, 300, 600`. */
  | { readonly kind: 'numbers'; readonly unit?: string }
  | { readonly kind: 'text'; readonly suggestions?: readonly string[]; readonly input?: 'date' }
  /** One text a line. */
  | { readonly kind: 'texts' }
  | { readonly kind: 'json' }
  /** There, as `{}`, or not. */
  | { readonly kind: 'mark'; readonly label: string }
  | { readonly kind: 'parts'; readonly parts: readonly Field[] };

/** One field. */
export interface Field {
  /** Keys with dots. The readers' errors name it. */
  readonly path: string;
  readonly label: string;
  /** What it does, for somebody who has not read the manual. */
  readonly help: string;
  readonly control: Control;
  /** How "none" is written; without it the field must be there. */
  readonly none?: { readonly as: 'null' | 'absent'; readonly label: string; readonly initial?: Json };
}

/** A warning at a field. */
export interface Warning {
  readonly path: string;
  readonly words: string;
}

/** Fields that belong together. */
export interface FieldGroup {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly Field[];
}

/** Every field of the groups, those within others too. */
export function allFields(groups: readonly FieldGroup[]): readonly Field[] {
  const withParts = (field: Field): readonly Field[] =>
    field.control.kind === 'parts' ? [field, ...field.control.parts.flatMap(withParts)] : [field];
  return groups.flatMap(({ fields }) => fields.flatMap(withParts));
}

/**
 * The field that a reader's error is about: the deepest whose path leads to `path`, else the first below it; `null`
 * where the form has none.
 */
export function fieldAt(groups: readonly FieldGroup[], path: string): Field | null {
  if (path === '') return null;
  const fields = allFields(groups);
  const above = fields
    .filter(
      (field) =>
        path === field.path || path.startsWith(`${field.path}.`) || path.startsWith(`${field.path}[`),
    )
    .sort((one, other) => other.path.length - one.path.length);
  return above[0] ?? fields.find((field) => field.path.startsWith(`${path}.`)) ?? null;
}
