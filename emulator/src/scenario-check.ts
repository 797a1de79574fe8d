/**
 * The words that the tables of a scenario's fields are written in. A reader takes an unknown value, notes everything
 * that is wrong with it and with what lies under it, and gives what it read, or `undefined` where it noted something.
 * @module
 */
import { isObject, type Json } from '@livegate/protocol';

/** Where a value stands. */
export type FieldPath = readonly (string | number)[];

/** What is wrong, and where. `on` is what to point at: the name of the field, or its value. */
export interface ScenarioProblem {
  readonly path: FieldPath;
  readonly on: 'name' | 'value';
  readonly message: string;
}

/** What reading needs beside the value. */
export interface Reading {
  readonly problems: ScenarioProblem[];
  /** Reads a sound file named in the scenario. Throws an Error that says why not. */
  readonly readSound: (file: string) => { readonly samples: Int16Array; readonly rateHz: number };
  /** True where something can be spoken. */
  readonly canSpeak: boolean;
}

/** A JSON Schema, of which editors make suggestions. */
export type JsonSchema = { readonly [key: string]: Json };

/** Reads one value. */
export interface Reader<T> {
  (value: unknown, path: FieldPath, reading: Reading): T | undefined;
  /** What it takes, as far as a schema can say. */
  readonly schema?: JsonSchema;
}

/** A reader for each field of `T`. */
export type Readers<T, Read> = { readonly [K in keyof T]-?: Reader<Read> };

/** A reader that says what it takes. */
export function described<T>(schema: JsonSchema = {}, read: Reader<T>): Reader<T> {
  return Object.assign<Reader<T>, { readonly schema: JsonSchema }>(
    (value, path, reading) => read(value, path, reading),
    { schema },
  );
}

/** The schema of an object with these fields and no others. */
export function objectSchema(
  readers: Readonly<Record<string, Reader<unknown>>>,
  required: readonly string[] = [],
): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(readers).map(([key, { schema = {} }]) => [key, schema]),
  );
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length > 0 && { required: [...required] }),
  };
}

/** Notes that a value is not what was expected. */
export function expected(path: FieldPath, what: string, value: unknown, { problems }: Reading): undefined {
  const found = value === undefined || value === null ? 'nothing' : shown(value);
  problems.push({ path, on: 'value', message: `expected ${what}, found ${found}` });
  return undefined;
}

/** Text; with something in it, unless it may be empty. */
export const text: Reader<string> = described({ type: 'string' }, (value, path, reading) =>
  typeof value === 'string' ? value : expected(path, 'text', value, reading),
);

/** Text that names something. */
export const name: Reader<string> = described({ type: 'string', pattern: '\\S' }, (value, path, reading) =>
  typeof value === 'string' && value.trim() !== '' ? value : expected(path, 'a name', value, reading),
);

/** `true` or `false`. */
export const flag: Reader<boolean> = described({ type: 'boolean' }, (value, path, reading) =>
  typeof value === 'boolean' ? value : expected(path, 'true or false', value, reading),
);

/** A number in bounds, both included. */
export function number(least: number, most = Number.POSITIVE_INFINITY, isWhole = false): Reader<number> {
  const bounds = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  const what = `a ${isWhole ? 'whole ' : ''}number ${bounds}`;
  const schema = {
    type: isWhole ? 'integer' : 'number',
    minimum: least,
    ...(most !== Number.POSITIVE_INFINITY && { maximum: most }),
  };
  return described(schema, (value, path, reading) =>
    typeof value === 'number' && value >= least && value <= most && (!isWhole || Number.isInteger(value))
      ? value
      : expected(path, what, value, reading),
  );
}

/** One of several words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Reader<Word> {
  return described(
    { enum: [...words] },
    (value, path, reading) =>
      words.find((word) => word === value) ?? expected(path, listed(words), value, reading),
  );
}

/** A list, or one value in its place. */
export function oneOrMore<T>(read: Reader<T>, what: string): Reader<readonly T[]> {
  const { schema: items = {} } = read;
  const schema = { anyOf: [items, { type: 'array', items, minItems: 1 }] };
  return described(schema, (value, path, reading) => {
    if (!Array.isArray(value)) {
      const one = read(value, path, reading);
      return one === undefined ? undefined : [one];
    }
    if (value.length === 0) return expected(path, what, value, reading);
    return every(value, path, read, reading);
  });
}

/** A list of any length. */
export function list<T>(read: Reader<T>, what: string): Reader<readonly T[]> {
  return described({ type: 'array', items: read.schema ?? {} }, (value, path, reading) =>
    Array.isArray(value) ? every(value, path, read, reading) : expected(path, what, value, reading),
  );
}

function every<T>(
  values: readonly unknown[],
  path: FieldPath,
  read: Reader<T>,
  reading: Reading,
): readonly T[] | undefined {
  const read_ = values.map((each, index) => read(each, [...path, index], reading));
  const whole = read_.filter((each) => each !== undefined);
  return whole.length === values.length ? whole : undefined;
}

/**
 * An object: every known field read, every unknown one noted with the names that are known.
 */
export function fields<Read>(
  value: unknown,
  path: FieldPath,
  readers: Readonly<Record<string, Reader<Read>>>,
  required: readonly string[],
  what: string,
  reading: Reading,
): Readonly<Record<string, Read>> | undefined {
  if (!isObject(value)) return expected(path, what, value, reading);
  const known = Object.keys(readers);
  const read: Record<string, Read> = {};
  const before = reading.problems.length;
  for (const [key, each] of Object.entries(value)) {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined)
      reading.problems.push({
        path: [...path, key],
        on: 'name',
        message: `unknown field; expected ${listed(known)}${nearest(key, known)}`,
      });
    else if (each !== undefined) {
      const field = reader(each, [...path, key], reading);
      if (field !== undefined) read[key] = field;
    }
  }
  for (const key of required)
    if (value[key] === undefined) reading.problems.push({ path, on: 'value', message: `${key} is missing` });
  return reading.problems.length === before ? read : undefined;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** A value as a message shows it, short. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  const written = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return written.length > 40 ? `${written.slice(0, 40)}…` : written;
}

/** The known name that was probably meant. */
function nearest(key: string, known: readonly string[]): string {
  const plain = (word: string) => word.toLowerCase().replace(/[-_ ]|s$/g, '');
  const near = known.find((word) => plain(word) === plain(key) || distance(plain(word), plain(key)) === 1);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/** Letters to add, drop, change or swap until one word is the other; 2 stands for more than one. */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  let from = 0;
  while (from < Math.min(a.length, b.length) && a[from] === b[from]) from++;
  const [restA, restB] = [a.slice(from), b.slice(from)];
  const isSwap = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  const isOne =
    restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1) || isSwap;
  return isOne ? 1 : 2;
}
