/**
 * A template's instruction and its variables, as the form edits them. Pure.
 * @module
 */
import { isObject, type Json, type JsonObject, PLACEHOLDER, valueAt } from '@livegate/protocol';
import { type Draft, withJson } from './draft.ts';
import { INSTRUCTION_PATH, VARIABLES_PATH } from './template-fields.ts';

/** A text of the instruction. `part` is its place; `null` where the instruction is plain text. */
export interface InstructionText {
  readonly part: number | null;
  readonly text: string;
}

/** The texts of an instruction, and how many parts of it are none. A template without one has an empty text. */
export function instructionOf(draft: Draft): {
  readonly texts: readonly InstructionText[];
  readonly others: number;
} {
  const value = valueAt(draft, INSTRUCTION_PATH);
  if (typeof value === 'string') return { texts: [{ part: null, text: value }], others: 0 };
  const parts: readonly unknown[] = isObject(value) && Array.isArray(value.parts) ? value.parts : [];
  if (parts.length === 0) return { texts: [{ part: 0, text: '' }], others: 0 };
  const texts = parts.flatMap((part, place): readonly InstructionText[] =>
    isObject(part) && typeof part.text === 'string' ? [{ part: place, text: part.text }] : [],
  );
  return { texts, others: parts.length - texts.length };
}

/** The draft with another text at its place. */
export function withInstruction(draft: Draft, part: number | null, text: string): Draft {
  if (part === null) return withJson(draft, INSTRUCTION_PATH, text);
  const value = valueAt(draft, INSTRUCTION_PATH);
  const held = isObject(value) ? (value as JsonObject) : {};
  const parts = Array.isArray(held.parts) ? (held.parts as readonly Json[]) : [];
  const one = parts[part];
  const next = [...parts];
  next[part] = { ...(isObject(one) ? (one as JsonObject) : {}), text };
  return withJson(draft, INSTRUCTION_PATH, { ...held, parts: next });
}

/** A stretch of text; `variable` is the name in `{{name}}`. */
export interface Stretch {
  readonly text: string;
  readonly variable: string | null;
}

/** A text in stretches, variables apart; together they are the text. */
export function stretches(text: string): readonly Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), variable: null });
    found.push({ text: match[0], variable: match[1] ?? null });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), variable: null });
  return found;
}

/** A declared variable, or one that is used without a declaration. */
export interface VariableRow {
  readonly name: string;
  /** What is declared; `null` for nothing. */
  readonly declared: JsonObject | null;
  readonly isUsed: boolean;
}

/** Every variable, in the order of their declarations, then of their uses. */
export function variableRows(draft: Draft): readonly VariableRow[] {
  const declared = variablesIn(draft);
  const used = new Set(
    instructionOf(draft).texts.flatMap(({ text }) =>
      stretches(text).flatMap(({ variable }) => variable ?? []),
    ),
  );
  const names = new Set([...Object.keys(declared), ...used]);
  return [...names].map((name) => {
    const value = Object.hasOwn(declared, name) ? declared[name] : null;
    return { name, declared: isObject(value) ? (value as JsonObject) : null, isUsed: used.has(name) };
  });
}

/** The draft with a variable declared anew, or (`null`) not at all. */
export function withVariable(draft: Draft, name: string, value: JsonObject | null): Draft {
  const { [name]: _old, ...others } = variablesIn(draft);
  const next = value === null ? others : { ...variablesIn(draft), [name]: value };
  return withJson(draft, VARIABLES_PATH, next);
}

/** What a variable is declared as at first. */
export const NEW_VARIABLE = { maxLength: 100 } as const satisfies JsonObject;

function variablesIn(draft: Draft): JsonObject {
  const value = draft[VARIABLES_PATH];
  return isObject(value) ? (value as JsonObject) : {};
}
