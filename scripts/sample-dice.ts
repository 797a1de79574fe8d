/**
 * Chance that can be repeated: the same seed throws the same dice. Nothing secret comes from here.
 * @module
 */

/** Throws. Each changes what the next one answers. */
export interface Dice {
  /** 0 ≤ x < 1. */
  fraction(): number;
  /** From `least` up to `most`, any number. */
  between(least: number, most: number): number;
  /** From `least` to `most`, both included, whole. */
  whole(least: number, most: number): number;
  /** True so often: 0 never, 1 always. */
  happens(chance: number): boolean;
  /** One of these. Throws where there is none. */
  oneOf<T>(choices: readonly T[]): T;
  /** One of these, each as often as its weight says. Throws where there is none. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  /** 20 characters of `A-Za-z0-9`. */
  id(): string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Dice for a seed. */
export function createDice(seed: string): Dice {
  let state = hashOf(seed);
  // A 32-bit generator of the "mulberry" kind: one step of addition, two of mixing.
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + fraction() * (most - least);
  const whole = (least: number, most: number): number => Math.floor(between(least, most + 1));
  const weighted = <T>(choices: readonly (readonly [T, number])[]): T => {
    let left = fraction() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    const last = choices.at(-1);
    if (last === undefined) throw new Error('There is nothing to choose from.');
    return last[0];
  };
  return {
    fraction,
    between,
    whole,
    happens: (chance) => fraction() < chance,
    oneOf: (choices) => weighted(choices.map((choice) => [choice, 1] as const)),
    weighted,
    id: () => Array.from({ length: 20 }, () => LETTERS.charAt(whole(0, LETTERS.length - 1))).join(''),
  };
}

/** 32 bits of a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}
