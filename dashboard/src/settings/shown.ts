/**
 * Between the JSON of a field and what its control shows. What is shown can be written back as it was; what cannot is
 * left to the JSON tab. Text that is not a value yet (`12x` for a number) stands in the draft as text, so that the
 * reader refuses it by its path and nothing that was typed is lost. Pure.
 * @module
 */
import { isObject, type Json } from '@livegate/protocol';
import { isSameJson } from './draft.ts';
import type { Control, Field } from './field.ts';

/** What a control shows. */
export type Shown =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'flag'; readonly on: boolean }
  | { readonly kind: 'list'; readonly items: readonly string[] };

const NONE: Shown = { kind: 'none' };
const text = (each: string): Shown => ({ kind: 'text', text: each });

/** What a field's control shows of a value; `null` where it cannot show it without loss. Not for `parts`. */
export function shownOf({ control, none }: Field, value: Json | undefined): Shown | null {
  if (value === undefined) return NONE;
  if (value === null) return none?.as === 'null' ? NONE : null;
  const shown = drawn(control, value);
  return shown !== null && isSameJson(written(control, shown), value) ? shown : null;
}

/** The value that a control's content stands for; `undefined` takes the field out. Not for `parts`. */
export function fieldValue({ control, none }: Field, shown: Shown): Json | undefined {
  if (shown.kind === 'none') return none?.as === 'null' ? null : undefined;
  if (none?.as === 'absent' && shown.kind === 'text' && shown.text === '') return undefined;
  return written(control, shown);
}

function drawn(control: Control, value: Json): Shown | null {
  switch (control.kind) {
    case 'number':
      return typeof value === 'number' || typeof value === 'string' ? text(String(value)) : null;
    case 'choice':
    case 'text':
      return typeof value === 'string' ? text(value) : null;
    case 'flag':
      return typeof value === 'boolean' ? { kind: 'flag', on: value } : null;
    case 'mark':
      return isObject(value) ? { kind: 'flag', on: true } : null;
    case 'checks':
      if (value === 'any' && control.any !== undefined) return { kind: 'any' };
      return isTexts(value) ? { kind: 'list', items: value } : null;
    case 'numbers':
      return Array.isArray(value) ? text(value.map(String).join(', ')) : null;
    case 'texts':
      return isTexts(value) ? text(value.join('\n')) : null;
    case 'json':
      return text(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
    case 'parts':
      return null;
  }
}

function written(control: Control, shown: Shown): Json | undefined {
  switch (shown.kind) {
    case 'none':
      return undefined;
    case 'any':
      return 'any';
    case 'flag':
      return control.kind === 'mark' ? (shown.on ? {} : undefined) : shown.on;
    case 'list':
      return shown.items;
    case 'text':
      return typed(control, shown.text);
  }
}

function typed(control: Control, typedText: string): Json {
  switch (control.kind) {
    case 'number':
      return numberOr(typedText.trim());
    case 'numbers':
      return typedText
        .split(/[\s,;]+/)
        .filter((each) => each !== '')
        .map(numberOr);
    case 'texts':
      return typedText === '' ? [] : typedText.split('\n');
    case 'json':
      return jsonOr(typedText);
    default:
      return typedText;
  }
}

const numberOr = (each: string): number | string => {
  const value = Number(each);
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(each) && Number.isFinite(value) ? value : each;
};
const jsonOr = (each: string): Json => {
  try {
    return JSON.parse(each) as Json;
  } catch {
    return each;
  }
};
const isTexts = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
