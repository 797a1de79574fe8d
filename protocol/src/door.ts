/**
 * The words for checks at a callable's door: what `shape.ts` has, with bounds.
 * @module
 */
import { ProtocolError } from './errors.ts';
import { number, type Shape, struct, text } from './shape.ts';

/** An `invalid-field` error for the value at `path`. */
export const fail = (path: string, wanted: string): ProtocolError =>
  new ProtocolError('invalid-field', path, `Invalid value at '${path}': expected ${wanted}.`);

/** An id made by machine: 8 to 64 of `A-Za-z0-9_-`, and not `__…__`, which Firestore keeps for itself. */
export const identifier: Shape<string> = (value, path, unknownFields) => {
  const read = text(value, path, unknownFields);
  if (!/^(?!__.*__$)[A-Za-z0-9_-]{8,64}$/.test(read)) throw fail(path, '8 to 64 of A-Z a-z 0-9 _ -');
  return read;
};
/** 1 to 200 characters. */
export const name: Shape<string> = (value, path, unknownFields) => {
  const read = text(value, path, unknownFields);
  if (read.length === 0 || read.length > 200) throw fail(path, '1 to 200 characters');
  return read;
};
/** At most `most` characters; none is fine. */
export const textUpTo =
  (most: number): Shape<string> =>
  (value, path, unknownFields) => {
    const read = text(value, path, unknownFields);
    if (read.length > most) throw fail(path, `at most ${most} characters`);
    return read;
  };
/** A finite number from 0 to `most`. */
export const bounded =
  (most: number): Shape<number> =>
  (value, path, unknownFields) => {
    const read = number(value, path, unknownFields);
    if (read < 0 || read > most) throw fail(path, `a number from 0 to ${most}`);
    return read;
  };
/** A whole number from 0 to `most`. */
export const whole =
  (most: number): Shape<number> =>
  (value, path, unknownFields) => {
    const read = bounded(most)(value, path, unknownFields);
    if (!Number.isInteger(read)) throw fail(path, 'a whole number');
    return read;
  };
/** One of the given words. */
export const oneOf =
  <const T extends string>(...choices: readonly T[]): Shape<T> =>
  (value, path) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw fail(path, `one of ${choices.join(', ')}`);
    return found;
  };
/** A list of at most `limit` entries. */
export const most =
  <T>(limit: number, shape: Shape<readonly T[]>): Shape<readonly T[]> =>
  (value, path, unknownFields) => {
    if (Array.isArray(value) && value.length > limit) throw fail(path, `at most ${limit} entries`);
    return shape(value, path, unknownFields);
  };
/** Names with text values. */
export const variables: Shape<{ readonly [name: string]: string }> = (value, path, unknownFields) => {
  const read = struct(value, path, unknownFields);
  for (const [key, each] of Object.entries(read)) text(each, `${path}.${key}`, unknownFields);
  return read as { readonly [name: string]: string };
};
