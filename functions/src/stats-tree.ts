/**
 * Sums in the shape of a document: numbers under names, under names. Pure.
 * @module
 */

/** Numbers under names. A name may hold anything, dots too. */
export interface NumberTree {
  readonly [name: string]: number | NumberTree | undefined;
}

/** The sum of two trees; a number that only one of them has is taken as it is. What is no number counts for nothing. */
export function addTrees(a: NumberTree, b: NumberTree): NumberTree {
  const sum: [string, number | NumberTree][] = [];
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const left = a[name];
    const right = b[name];
    if (isTree(left) || isTree(right))
      sum.push([name, addTrees(isTree(left) ? left : {}, isTree(right) ? right : {})]);
    else if (isNumber(left) || isNumber(right))
      sum.push([name, (isNumber(left) ? left : 0) + (isNumber(right) ? right : 0)]);
  }
  return Object.fromEntries(sum);
}

/** The tree with `change` for each number but 0, and without branches that hold none. */
export function mapLeaves(
  tree: NumberTree,
  change: (value: number) => unknown,
): Readonly<Record<string, unknown>> {
  const changed: [string, unknown][] = [];
  for (const [name, each] of Object.entries(tree)) {
    if (isTree(each)) {
      const branch = mapLeaves(each, change);
      if (Object.keys(branch).length > 0) changed.push([name, branch]);
    } else if (each !== undefined && each !== 0) changed.push([name, change(each)]);
  }
  return Object.fromEntries(changed);
}

/** How many numbers but 0 a tree holds. */
export function countLeaves(tree: NumberTree): number {
  let count = 0;
  mapLeaves(tree, () => {
    count += 1;
  });
  return count;
}

function isTree(value: unknown): value is NumberTree {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
