/**
 * What Firestore can hold of JSON that a page sent. Firestore's own complaint would come in the middle of a
 * transaction and name nothing; here it is an `invalid-argument` with the field's path. Pure.
 * @module
 */
import { isObject } from '@livegate/protocol';
import { Refusal } from './refusal.ts';

/** Levels that may stand below the checked value. Firestore takes 20 in a document (quotas page, read 2026-11-21). */
const MOST_LEVELS = 16;

/**
 * Throws {@link Refusal} `invalid` naming the first place that Firestore does not take: a list in a list, a key
 * that is empty or `__…__`, too many levels; or `path` itself where it takes more than `maxBytes` ({@link storedBytes}).
 */
export function checkStorable(
  value: unknown,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): void {
  walk(value, path, 0);
  if (storedBytes(value) > maxBytes) throw invalid(path, `at most ${maxBytes} bytes`);
}

/**
 * Bytes that JSON takes in a document: UTF-8 and one more for a text or a key, 8 for a number, 1 for a flag or null.
 * Source: "Storage size calculations", Firestore, read 2026-11-21.
 */
export function storedBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 1;
  if (typeof value === 'number') return 8;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + storedBytes(each), 0);
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + Buffer.byteLength(key) + 1 + storedBytes(each),
    0,
  );
}

function walk(value: unknown, path: string, level: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (level > MOST_LEVELS) throw invalid(path, `at most ${MOST_LEVELS} levels`);
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      if (Array.isArray(each)) throw invalid(`${path}[${index}]`, 'no list in a list');
      walk(each, `${path}[${index}]`, level + 1);
    }
  } else if (isObject(value)) {
    for (const [key, each] of Object.entries(value)) {
      if (key === '' || /^__.*__$/.test(key)) throw invalid(path, 'no key that is empty or __…__');
      walk(each, `${path}.${key.slice(0, 40)}`, level + 1);
    }
  }
}

function invalid(path: string, wanted: string): Refusal {
  return new Refusal('invalid', `Invalid value at '${path}': expected ${wanted}.`, { field: path });
}
