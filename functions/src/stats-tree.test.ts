import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTrees, countLeaves, mapLeaves, type NumberTree } from './stats-tree.ts';

describe('addTrees', () => {
  it('adds numbers under the same names and keeps those that only one has', () => {
    expect(addTrees({ a: 1, by: { x: 2 } }, { a: 2, by: { y: 3 }, z: 0 })).toEqual({
      a: 3,
      by: { x: 2, y: 3 },
      z: 0,
    });
  });

  it('takes names for names, whatever they are', () => {
    const tree = { 'gemini-3.8-live': { n: 1 }, constructor: { n: 1 }, toString: 2 };
    expect(addTrees(tree, tree)).toEqual({
      'gemini-3.8-live': { n: 2 },
      constructor: { n: 2 },
      toString: 4,
    });
    expect(addTrees({}, { constructor: 1 })).toEqual({ constructor: 1 });
  });

  it('counts for nothing what is no number', () => {
    const wrong = { a: Number.NaN, b: 'two', c: null, d: Number.POSITIVE_INFINITY } as unknown as NumberTree;
    expect(addTrees(wrong, { a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  });

  it('adds up the same in any order', () => {
    const trees = fc.letrec<{ tree: NumberTree; leaf: number }>((tie) => ({
      tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(tie('leaf'), tie('tree')), {
        maxKeys: 3,
        depthIdentifier: 'tree',
        noNullPrototype: true,
      }) as fc.Arbitrary<NumberTree>,
      leaf: fc.integer(),
    })).tree;
    fc.assert(
      fc.property(trees, trees, (a, b) => {
        expect(addTrees(a, b)).toEqual(addTrees(b, a));
        expect(addTrees(a, {})).toEqual(a);
      }),
    );
  });
});

describe('mapLeaves', () => {
  it('leaves out nothings and the branches that hold none', () => {
    const tree = { a: 1, b: 0, c: { d: 0 }, e: {}, f: { g: 2 } };
    expect(mapLeaves(tree, (value) => value * 10)).toEqual({ a: 10, f: { g: 20 } });
    expect(countLeaves(tree)).toBe(2);
  });
});
