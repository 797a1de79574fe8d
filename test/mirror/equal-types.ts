/**
 * Questions to the compiler. Each answers `true`, or the words that tell which way it fails.
 * @module
 */

/** What a page sees of a class: private members make the class itself nominal. */
export type Public<T> = Pick<T, keyof T>;

/** Whether the types stand for each other with the same members: one more on either side is a failure. */
export type Same<Ours, Theirs> =
  BothWays<Ours, Theirs> extends true
    ? [Keys<Ours>, Keys<Theirs>] extends [Keys<Theirs>, Keys<Ours>]
      ? true
      : 'the members are not the same'
    : BothWays<Ours, Theirs>;

/** Whether the types stand for each other. `any`, which stands for everything, is a failure. */
export type BothWays<Ours, Theirs> =
  Fits<Ours, Theirs> extends true
    ? Fits<Theirs, Ours> extends true
      ? true
      : 'theirs does not stand for ours'
    : 'ours does not stand for theirs';

/** Whether one type stands for another. */
export type Fits<Given, Wanted> =
  IsAny<Given> extends true
    ? 'any proves nothing'
    : IsAny<Wanted> extends true
      ? 'any proves nothing'
      : [Given] extends [Wanted]
        ? true
        : false;

/** Compiles only where the question is answered `true`. */
export function holds<_Answer extends true>(): void {}

type IsAny<T> = 0 extends 1 & T ? true : false;
/** Of every member of a union. */
type Keys<T> = T extends unknown ? keyof T : never;
