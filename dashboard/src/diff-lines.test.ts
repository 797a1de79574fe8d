import { diffArrays } from 'diff';
import { describe, expect, it } from 'vitest';
import { type CompareLines, diffLines, documentLines } from './diff-lines.ts';

const compare: CompareLines = (before, after) => diffArrays([...before], [...after]);

describe('documentLines', () => {
  it('writes one field a line, by name, without commas', () => {
    expect(documentLines({ b: 2, a: ['x', { c: null }], d: {}, e: [] })).toEqual([
      '{',
      '  "a": [',
      '    "x"',
      '    {',
      '      "c": null',
      '    }',
      '  ]',
      '  "b": 2',
      '  "d": {}',
      '  "e": []',
      '}',
    ]);
  });

  it('gives a text of several lines a line for each', () => {
    expect(documentLines({ text: 'one\ntwo' })).toEqual(['{', '  "text":', '    "one\\n"', '    "two"', '}']);
  });

  it('has no line for what is not there', () => {
    expect(documentLines(null)).toEqual([]);
    expect(documentLines(undefined)).toEqual([]);
  });
});

describe('diffLines', () => {
  it('shows what went and what came, and folds what stayed', () => {
    const document = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${10 + at}`, at]));
    expect(diffLines(document, { ...document, f20: 'new' }, compare)).toEqual([
      { kind: 'gap', count: 8 },
      { kind: 'same', text: '  "f17": 7' },
      { kind: 'same', text: '  "f18": 8' },
      { kind: 'same', text: '  "f19": 9' },
      { kind: 'removed', text: '  "f20": 10' },
      { kind: 'added', text: '  "f20": "new"' },
      { kind: 'same', text: '  "f21": 11' },
      { kind: 'same', text: '  "f22": 12' },
      { kind: 'same', text: '  "f23": 13' },
      { kind: 'gap', count: 7 },
    ]);
  });

  it('touches no other line when a last field is added', () => {
    const kinds = diffLines({ a: 1 }, { a: 1, b: 2 }, compare).map(({ kind }) => kind);
    expect(kinds).toEqual(['same', 'same', 'added', 'same']);
  });

  it('does not take another order of keys for a change', () => {
    expect(diffLines({ a: 1, b: 2 }, { b: 2, a: 1 }, compare)).toEqual([]);
  });

  it('shows a new document as come and a deleted one as gone', () => {
    expect(diffLines(null, 5, compare)).toEqual([{ kind: 'added', text: '5' }]);
    expect(diffLines(5, undefined, compare)).toEqual([{ kind: 'removed', text: '5' }]);
  });

  it('shows both whole where comparing takes too long', () => {
    expect(diffLines([1, 2], [1, 3], () => undefined).map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 4 }, () => 'removed'),
      ...Array.from({ length: 4 }, () => 'added'),
    ]);
  });
});
