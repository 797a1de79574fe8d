import { describe, expect, it } from 'vitest';
import { Refusal } from './refusal.ts';
import { checkStorable } from './storable.ts';

const fieldOf = (value: unknown): string | undefined => {
  try {
    checkStorable(value, { path: 'setup', maxBytes: 200 });
  } catch (error) {
    if (error instanceof Refusal) return error.details.field;
    throw error;
  }
  return 'stored';
};
const nested = (levels: number): object =>
  levels === 0 ? {} : { a: levels % 2 ? [nested(levels - 1)] : nested(levels - 1) };

describe('checkStorable', () => {
  it.each([
    ['nothing', undefined, 'stored'],
    ['a list', { a: [1, 2] }, 'stored'],
    ['a list in a list', { a: [{}, [1, 2]] }, 'setup.a[1]'],
    ['a list in an object in a list', { a: [{ b: [1, 2] }] }, 'stored'],
    ['an empty key', { a: { '': 1 } }, 'setup.a'],
    ['a key that Firestore keeps for itself', { a: { __b__: 1 } }, 'setup.a'],
    ['a key that only begins like one', { a: { __b: 1 } }, 'stored'],
    ['ten levels', nested(6), 'stored'],
    ['a text of 200 bytes', 'x'.repeat(199), 'stored'],
    ['a text of 201 bytes', 'x'.repeat(200), 'setup'],
    ['a text of 199 bytes in 99 letters', 'ä'.repeat(99), 'stored'],
    ['a text of 201 bytes in 100 letters', 'ä'.repeat(100), 'setup'],
    ['25 numbers of one digit', Array(25).fill(1), 'stored'],
    ['26 numbers of one digit', Array(26).fill(1), 'setup'],
    ['keys of 197 bytes with a flag', { ['k'.repeat(98)]: true, ['l'.repeat(98)]: null }, 'stored'],
    ['keys of 201 bytes with a flag', { ['k'.repeat(99)]: true, ['l'.repeat(99)]: null }, 'setup'],
  ])('judges %s', (_, value, field) => {
    expect(fieldOf(value)).toBe(field);
  });

  it('names the place where there are too many levels', () => {
    expect(fieldOf(nested(20))).toMatch(/^setup\.a/);
  });
});
