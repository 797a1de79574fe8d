/**
 * Wall-clock time finer than a millisecond, the same in this process and in a page on the same machine.
 * @module
 */

let offset = 0;

/** Puts the clock right: waits for the system clock's next millisecond and notes where that is. At most 1 ms. */
export function setClock(): void {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  offset = now - performance.now();
}

/** Milliseconds since 1970, with fractions. Call {@link setClock} before what is to be timed. */
export function epochNow(): number {
  return offset + performance.now();
}
