/**
 * One's own changes on top of somebody else's. Pure.
 * @module
 */
import { isObject, type Json, type JsonObject } from '@livegate/protocol';
import { isSameJson } from './draft.ts';

/**
 * `theirs` with every change that leads from `base` to `mine`. A field that only they changed stays theirs; one that
 * both changed is mine. Lists are one value.
 */
export function rebase(base: JsonObject, theirs: JsonObject, mine: JsonObject): JsonObject {
  return merged(base, theirs, mine) as JsonObject;
}

/** Paths that both changed, and differently: there the rebase decides for mine. */
export function clashes(base: JsonObject, theirs: JsonObject, mine: JsonObject): readonly string[] {
  return clashing(base, theirs, mine, '');
}

type Part = Json | undefined;

function merged(base: Part, theirs: Part, mine: Part): Part {
  if (isSameJson(mine, base)) return theirs;
  if (isSameJson(theirs, base)) return mine;
  if (!isObject(theirs) || !isObject(mine)) return mine;
  const from = isObject(base) ? (base as JsonObject) : {};
  const entries = keysOf(theirs, mine).flatMap((key): readonly (readonly [string, Json])[] => {
    const value = merged(own(from, key), own(theirs as JsonObject, key), own(mine as JsonObject, key));
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

function clashing(base: Part, theirs: Part, mine: Part, path: string): readonly string[] {
  if (isSameJson(mine, base) || isSameJson(theirs, base) || isSameJson(mine, theirs)) return [];
  if (!isObject(theirs) || !isObject(mine)) return [path];
  const from = isObject(base) ? (base as JsonObject) : {};
  return keysOf(theirs, mine).flatMap((key) =>
    clashing(
      own(from, key),
      own(theirs as JsonObject, key),
      own(mine as JsonObject, key),
      path === '' ? key : `${path}.${key}`,
    ),
  );
}

const keysOf = (one: object, other: object): readonly string[] => [
  ...new Set([...Object.keys(one), ...Object.keys(other)]),
];
const own = (value: JsonObject, key: string): Part => (Object.hasOwn(value, key) ? value[key] : undefined);
