/**
 * Words that few pages ever need, in a file of their own.
 * @module
 */

/** What {@link inWords} picks from. */
type RareWords = typeof import('./rare-words.ts');

/** Words out of `rare-words.ts`, fetched now; `short` where they cannot be. Never rejects. */
export function inWords(pick: (words: RareWords) => string, short: string): Promise<string> {
  return import('./rare-words.ts').then(pick, () => short);
}
