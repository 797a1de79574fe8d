/**
 * Texts and arguments of a scenario with places for the words of the user.
 * @module
 */
import { isObject, type Json, type JsonObject } from '@livegate/protocol';
import {
  described,
  expected,
  type FieldPath,
  listed,
  type Reader,
  type Reading,
  text,
} from './scenario-check.ts';

/** What a template may name. */
export interface ScenarioWords {
  /** What the user wrote in this turn; empty where it was no text. */
  readonly text: string;
  /** 1 for the first turn. */
  readonly turn: string;
}

/** What is known once the words are. */
export type Filled<T> = (words: ScenarioWords) => T;

const VARIABLES: readonly string[] = ['text', 'turn'] satisfies readonly (keyof ScenarioWords)[];
/** `{name}`, and `{{name}}` for the braces themselves. */
const TEMPLATE = /\{\{(\w+)\}\}|\{(\w+)\}/g;
/** Deepest JSON taken: what is deeper has itself in it. */
const DEEPEST = 100;

/** Text with places in it. */
export const textTemplate: Reader<Filled<string>> = described({ type: 'string' }, (value, path, reading) => {
  const written = text(value, path, reading);
  return written !== undefined && isWhole(written, path, reading)
    ? (words) => fill(written, words)
    : undefined;
});

/** A JSON object with places in its texts, however deep. */
export const jsonTemplate: Reader<Filled<JsonObject>> = described(
  { type: 'object' },
  (value, path, reading) => {
    if (!isObject(value)) return expected(path, 'an object', value, reading);
    return isWhole(value, path, reading) ? (words) => filledIn(value, words) as JsonObject : undefined;
  },
);

/** True where a text has places in it. */
export function hasPlaces(written: string): boolean {
  return [...written.matchAll(TEMPLATE)].some(([, , variable]) => variable !== undefined);
}

/** The text with its places filled. */
export function fill(written: string, words: ScenarioWords): string {
  return written.replace(TEMPLATE, (_, plain: string | undefined, variable: string) =>
    plain === undefined ? words[variable as keyof ScenarioWords] : `{${plain}}`,
  );
}

function filledIn(value: unknown, words: ScenarioWords): Json {
  if (typeof value === 'string') return fill(value, words);
  if (Array.isArray(value)) return value.map((each) => filledIn(each, words));
  if (!isObject(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each, words)]));
}

/** True for JSON all of whose places name a variable that there is; notes the rest. */
function isWhole(value: unknown, path: FieldPath, reading: Reading): boolean {
  const before = reading.problems.length;
  if (path.length > DEEPEST) expected(path, 'something less deep', value, reading);
  else if (Array.isArray(value))
    for (const [at, each] of value.entries()) isWhole(each, [...path, at], reading);
  else if (isPlain(value))
    for (const [key, each] of Object.entries(value)) isWhole(each, [...path, key], reading);
  else if (typeof value === 'string') checkPlaces(value, path, reading);
  else if (value !== null && typeof value !== 'boolean' && !Number.isFinite(value))
    expected(path, 'what JSON can hold', value, reading);
  return reading.problems.length === before;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function checkPlaces(written: string, path: FieldPath, { problems }: Reading): void {
  for (const [, , variable] of written.matchAll(TEMPLATE)) {
    if (variable === undefined || VARIABLES.includes(variable)) continue;
    const names = listed(VARIABLES.map((each) => `{${each}}`));
    const message = `unknown variable {${variable}}; expected ${names}, or {{${variable}}} for the braces themselves`;
    problems.push({ path, on: 'value', message });
  }
}
