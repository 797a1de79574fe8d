/**
 * The words that message tables are written in. A shape takes an unknown value and gives it typed and
 * canonical, or throws {@link ProtocolError} naming the path. The tables are mapped types over the message
 * interfaces, so a field that is added there does not compile until it has a shape.
 * @module
 */
import { standardBase64 } from './base64.ts';
import type { DurationText, Json, JsonObject } from './content.ts';
import { ProtocolError } from './errors.ts';

/** What to do with a field nobody knows: a server refuses it, a client keeps it as it came. */
export type UnknownFields = 'reject' | 'keep';

/** Reads one value. `path` is where it stands. */
export type Shape<T> = (value: unknown, path: string, unknownFields: UnknownFields) => T;

/** One shape for each field of `T`, optional ones included. */
export type Fields<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };

const invalid = (path: string, wanted: string): ProtocolError =>
  new ProtocolError('invalid-field', path, `Invalid value at '${path}': expected ${wanted}.`);

/** A string. */
export const text: Shape<string> = (value, path) => {
  if (typeof value !== 'string') throw invalid(path, 'a string');
  return value;
};

/** A boolean. */
export const flag: Shape<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw invalid(path, 'true or false');
  return value;
};

/** A finite number. */
export const number: Shape<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(path, 'a finite number');
  return value;
};

/** A float of the wire: a finite number, or (as ProtoJSON has it) its decimal string. */
export const float: Shape<number> = (value, path, unknownFields) => {
  const isText = typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  return number(isText ? Number(value) : value, path, unknownFields);
};

/** An integer, as a number or (int64 in ProtoJSON) as a decimal string. */
export const integer: Shape<number> = (value, path) => {
  const read = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isSafeInteger(read)) throw invalid(path, 'an integer');
  return read;
};

/** A Duration: `"1.5s"`. */
export const duration: Shape<DurationText> = (value, path) => {
  if (typeof value !== 'string' || !/^-?\d{1,12}(\.\d{1,9})?s$/.test(value))
    throw invalid(path, "seconds such as '1.5s'");
  return value;
};

/** Bytes: either base64 form in, the standard padded one out. */
export const bytes: Shape<string> = (value, path) => {
  const standard = typeof value === 'string' ? standardBase64(value) : undefined;
  if (standard === undefined) throw invalid(path, 'base64');
  return standard;
};

/** Any JSON; keys stay as they are. */
export const json: Shape<Json> = (value) => value as Json;

/** A JSON object with keys of the application's own, such as arguments or a schema. */
export const struct: Shape<JsonObject> = (value, path) => {
  if (!isObject(value)) throw invalid(path, 'an object');
  return value as JsonObject;
};

/** An empty object, as protobuf marks have it. */
export const mark: Shape<Record<string, never>> = (value, path, unknownFields) => {
  struct(value, path, unknownFields);
  return {};
};

/** A list of one shape. A lone value is refused, as ProtoJSON does. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, path, unknownFields) => {
    if (!Array.isArray(value)) throw invalid(path, 'a list');
    return value.map((each, index) => item(each, `${path}[${index}]`, unknownFields));
  };
}

/** An object with known fields in either casing; `required` ones must be there. `null` counts as absent. */
export function object<T>(fields: Fields<T>, ...required: readonly (keyof T & string)[]): Shape<T> {
  const shapes = fields as Readonly<Record<string, Shape<unknown>>>;
  return (value, path, unknownFields) => {
    if (!isObject(value)) throw invalid(path, 'an object');
    const read: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value)) {
      if (each === null || each === undefined) continue;
      const name = Object.hasOwn(shapes, key) ? key : camelCase(key);
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      const at = path === '' ? name : `${path}.${name}`;
      if (shape) read[name] = shape(each, at, unknownFields);
      else if (unknownFields === 'keep') read[key] = each;
      else
        throw new ProtocolError(
          'unknown-field',
          at,
          `Unknown name "${shorten(key)}"${path ? ` at '${path}'` : ''}: Cannot find field.`,
        );
    }
    for (const name of required) {
      if (!Object.hasOwn(read, name))
        throw invalid(path === '' ? name : `${path}.${name}`, 'a value; it is required');
    }
    return read as T;
  };
}

/** True for what `JSON.parse` gives for `{…}`. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `turn_complete` → `turnComplete`; other text unchanged. */
export function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function shorten(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key;
}
