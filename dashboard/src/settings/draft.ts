/**
 * A setting while it is edited: plain JSON without `v` and `version`, which the server sets. Form and JSON tab are two
 * views of this one value. Pure.
 * @module
 */
import { isObject, type Json, type JsonObject, valueAt } from '@livegate/protocol';

/** What is edited. */
export type Draft = JsonObject;

/** Parents that mean nothing once they hold nothing: they go with their last field. */
const HOLLOW = new Set([
  'cached',
  'generationConfig',
  'speechConfig',
  'voiceConfig',
  'prebuiltVoiceConfig',
  'thinkingConfig',
  'proactivity',
  'realtimeInputConfig',
  'automaticActivityDetection',
]);

/** What stands at a path, `undefined` for nothing. */
export function jsonAt(draft: Draft, path: string): Json | undefined {
  return valueAt(draft, path) as Json | undefined;
}

/** A number at a path; `undefined` for anything else. */
export function numberAt(draft: Draft, path: string): number | undefined {
  const value = jsonAt(draft, path);
  return typeof value === 'number' ? value : undefined;
}

/** The texts of a list at a path; none for anything else. */
export function textsAt(draft: Draft, path: string): readonly string[] {
  const value = jsonAt(draft, path);
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The draft with another value at a path; with `undefined` the field is taken out, and parents that mean nothing then. */
export function withJson(draft: Draft, path: string, value: Json | undefined): Draft {
  if (value === undefined && jsonAt(draft, path) === undefined) return draft;
  return put(draft, path.split('.'), value);
}

function put(at: Draft, [key = '', ...rest]: readonly string[], value: Json | undefined): Draft {
  const { [key]: held, ...others } = at;
  const inner = rest.length === 0 ? value : putInner(held, key, rest, value);
  if (inner === undefined) return Object.hasOwn(at, key) ? others : at;
  // In its old place, so that JSON keeps its order.
  return { ...at, [key]: inner };
}

function putInner(
  held: Json | undefined,
  key: string,
  rest: readonly string[],
  value: Json | undefined,
): Json | undefined {
  if (!isObject(held) && value === undefined) return held;
  const next = put(isObject(held) ? (held as Draft) : {}, rest, value);
  const isHollow = value === undefined && HOLLOW.has(key) && Object.keys(next).length === 0;
  return isHollow ? undefined : next;
}

/** A stored document as a draft. */
export function draftOf(stored: Readonly<Record<string, unknown>>): Draft {
  const { v: _v, version: _version, ...draft } = stored;
  return draft as Draft;
}

/** As the functions count: 0 for none, and for one that was written by hand without a version. */
export function versionOf(stored: Readonly<Record<string, unknown>> | null): number {
  const version = stored?.version;
  return typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 0;
}

/** Deep equality of JSON; the order of keys does not count. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, index) => isSameJson(each, other[index]));
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
}

/** JSON to look at and to compare line by line: the named keys first, in their order, the others by the alphabet. */
export function draftText(draft: Draft, order: readonly string[] = []): string {
  const first = order.filter((key) => Object.hasOwn(draft, key));
  const rest = Object.keys(draft)
    .filter((key) => !first.includes(key))
    .sort();
  const whole = Object.fromEntries([...first, ...rest].map((key) => [key, sorted(draft[key] ?? null)]));
  return JSON.stringify(whole, null, 2);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** A draft out of the JSON tab's text; `problem` in words where it is none. */
export function draftFrom(text: string): { readonly draft: Draft } | { readonly problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { draft: value as Draft } : { problem: 'The whole must be an object: { … }.' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is not JSON.' };
  }
}
