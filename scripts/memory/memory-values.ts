/**
 * Values as Firestore keeps them: copied at the door, merged, dotted, compared. Pure.
 * @module
 */
import { FieldValue, Timestamp } from 'firebase-admin/firestore';

/** What a document holds. */
export type Fields = Record<string, unknown>;

/** A copy, or an error where Firestore has one: `undefined`, a list in a list, an object of a class. */
export function copied(value: unknown, path = ''): unknown {
  if (value === undefined)
    throw new Error(`Cannot use "undefined" as a Firestore value (found in field "${path}").`);
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw new Error(`Cannot use a ${typeof value} as a Firestore value (found in field "${path}").`);
  if (value === null || typeof value !== 'object' || value instanceof Timestamp) return value;
  if (value instanceof FieldValue) return value;
  if (Array.isArray(value)) {
    return value.map((each, index) => {
      if (Array.isArray(each))
        throw Object.assign(new Error(`Nested arrays are not supported (field "${path}").`), { code: 3 });
      if (each instanceof FieldValue) throw new Error(`No transform inside a list (field "${path}").`);
      return copied(each, `${path}.${index}`);
    });
  }
  if (!isMap(value))
    throw new Error(`Cannot use a ${value.constructor.name} as a Firestore value ("${path}").`);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key === '' || /^__.*__$/.test(key)) throw new Error(`"${key}" is no name of a field ("${path}").`);
      return [key, copied(each, path === '' ? key : `${path}.${key}`)];
    }),
  );
}

/** The data with every transform of a `set` carried out on nothing. */
export function written(data: Fields): Fields {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (value instanceof FieldValue) {
        if (isDelete(value))
          throw new Error('FieldValue.delete() needs an update, or a set with { merge: true }.');
        return [key, transformed(undefined, value)];
      }
      return [key, isMap(value) ? written(value) : value];
    }),
  );
}

/** `set(data, { merge: true })`: maps go into maps, all else replaces; an empty map is a value. */
export function merged(before: Fields, data: Fields): Fields {
  return leavesOf(data).reduce((fields, { path, value }) => withPath(fields, path, value), before);
}

function leavesOf(data: Fields): readonly { readonly path: readonly string[]; readonly value: unknown }[] {
  return Object.entries(data).flatMap(([key, value]) =>
    isMap(value) && Object.keys(value).length > 0
      ? leavesOf(value).map((leaf) => ({ ...leaf, path: [key, ...leaf.path] }))
      : [{ path: [key], value }],
  );
}

/** `update(data)`: each key is a path, its value replaces what stands there. */
export function updated(before: Fields, data: Fields): Fields {
  const paths = Object.keys(data).sort();
  for (const path of paths) {
    if (/[*~/[\]]|^\.|\.$|\.\./.test(path) || path === '')
      throw new Error(`"${path}" is no path of a field.`);
    const clash = paths.find((other) => other.startsWith(`${path}.`));
    if (clash !== undefined)
      throw new Error(`Field "${path}" was specified multiple times, in "${clash}" too.`);
  }
  return paths.reduce((fields, path) => withPath(fields, path.split('.'), data[path]), before);
}

function withPath(before: Fields, [key = '', ...rest]: readonly string[], value: unknown): Fields {
  const after: Fields = { ...before };
  const old = after[key];
  if (rest.length > 0) {
    if (value instanceof FieldValue && isDelete(value) && !isMap(old)) return before;
    after[key] = withPath(isMap(old) ? old : {}, rest, value);
  } else if (value instanceof FieldValue) place(after, key, value);
  else after[key] = isMap(value) ? written(value) : value;
  return after;
}

function place(fields: Fields, key: string, value: FieldValue): void {
  if (isDelete(value)) delete fields[key];
  else fields[key] = transformed(fields[key], value);
}

function transformed(old: unknown, value: FieldValue): unknown {
  const operand: unknown = Reflect.get(value, 'operand');
  if (typeof operand !== 'number' || !FieldValue.increment(operand).isEqual(value))
    throw new Error('The memory knows increments and deletions only.');
  return (typeof old === 'number' ? old : 0) + operand;
}

function isDelete(value: FieldValue): boolean {
  return FieldValue.delete().isEqual(value);
}

/** A map of Firestore: a plain object. */
export function isMap(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || value instanceof FieldValue) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What stands under a dotted path; `undefined` where nothing does. */
export function valueAt(fields: Fields, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      fields,
    );
}

/** The order of types: a range never leaves its own. */
export function rankOf(value: unknown): number {
  if (value === null) return 0;
  const rank = ['boolean', 'number'].indexOf(typeof value);
  if (rank >= 0) return rank + 1;
  if (value instanceof Timestamp) return 3;
  if (typeof value === 'string') return 4;
  return Array.isArray(value) ? 5 : 6;
}

/** Firestore's order of values: by type, then by value. */
export function compare(a: unknown, b: unknown): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Timestamp && b instanceof Timestamp)
    return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (isMap(a) && isMap(b)) return compareLists(pairs(a), pairs(b));
  return Number(a) - Number(b);
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compare(a[index], b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function pairs(map: Fields): readonly unknown[] {
  return Object.keys(map)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap((key) => [key, map[key]]);
}
