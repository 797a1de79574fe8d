/**
 * How deep JSON is nested. Whatever walks a value by calling itself, `JSON.stringify` among them, ends at some
 * thousand levels with a RangeError; `JSON.parse` takes millions.
 * @module
 */

/** Deepest nesting of a client's message that is read. protobuf's JSON parsers give up there too (read 2026-11-21). */
export const MOST_DEPTH = 100;

/** True where objects and lists stand in one another more than `most` deep. Looks no deeper. */
export function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (most === 0) return true;
  return Array.isArray(value)
    ? value.some((each) => isDeeperThan(each, most - 1))
    : Object.values(value).some((each) => isDeeperThan(each, most - 1));
}
