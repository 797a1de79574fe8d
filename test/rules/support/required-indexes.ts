import type { QueryShape } from '@livegate/protocol';

/** How a field stands in an index: sorted, or by what its array holds. */
type IndexMode = { readonly order: 'ASCENDING' | 'DESCENDING' } | { readonly arrayConfig: 'CONTAINS' };

/** A composite index as `firestore.indexes.json` has it. */
export interface CompositeIndex {
  readonly collectionGroup: string;
  readonly queryScope: 'COLLECTION' | 'COLLECTION_GROUP';
  readonly fields: readonly ({ readonly fieldPath: string } & IndexMode)[];
}

/** The setting of one field as `firestore.indexes.json` has it: its indexes, in place of those it has by itself. */
export interface FieldOverride {
  readonly collectionGroup: string;
  readonly fieldPath: string;
  readonly ttl?: unknown;
  readonly indexes: readonly ({ readonly queryScope: string } & IndexMode)[];
}

/** What stands before the sort in an index, in any order. */
const isEquality = (op: string): boolean => op === '==' || op === 'in' || op === 'array-contains';

/**
 * The composite index a query needs, or `undefined` where Firestore's own single-field indexes do: equalities in
 * any order, then the range or sort fields in the query's order. A lone range, a lone sort, and equalities alone
 * (merged from single-field indexes) need none. Source: "Index types in Cloud Firestore", read 2026-11-21.
 */
export function requiredIndex(query: QueryShape): CompositeIndex | undefined {
  const { equal, rest } = partsOf(query);
  const isJoined = equal.some(({ mode }) => 'arrayConfig' in mode) && equal.length > 1;
  if (!isJoined && (rest.length === 0 || (equal.length === 0 && rest.length === 1))) return undefined;
  return {
    collectionGroup: query.collection,
    queryScope: query.scope === 'group' ? 'COLLECTION_GROUP' : 'COLLECTION',
    fields: [...equal, ...rest].map(({ field, mode }) => ({ fieldPath: field, ...mode })),
  };
}

/**
 * The fields of a query over a collection group that need an index of their own for it, since Firestore makes none by
 * itself: those of a query that no composite index answers.
 */
export function requiredGroupFields(
  query: QueryShape,
): readonly ({ readonly fieldPath: string } & IndexMode)[] {
  if (query.scope !== 'group' || requiredIndex(query)) return [];
  const { equal, rest } = partsOf(query);
  return (
    [...equal, ...rest]
      // Documents are found by their names without an index that could be set.
      .filter(({ field }) => field !== '__name__')
      .map(({ field, mode }) => ({ fieldPath: field, ...mode }))
  );
}

/**
 * The fields of an index in their order: those before the sort, by name, and the others as the query has them. What is
 * added up stands last: an aggregation reads indexes alone. Source: firebase.google.com/docs/firestore/query-data/
 * aggregation-queries, read 2026-11-21.
 */
function partsOf({ filters, order, sums = [] }: QueryShape) {
  const before = filters.filter(({ op }) => isEquality(op));
  const equal = [...new Map(before.map(({ field, op }) => [field, op]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, op]) => ({ field, mode: op === 'array-contains' ? CONTAINS : modeOf('asc') }));
  const sorted = order.map(({ field, direction }) => ({ field, mode: modeOf(direction) }));
  const ranged = [...new Set(filters.filter(({ op }) => !isEquality(op)).map(({ field }) => field))]
    .filter((field) => !sorted.some((each) => each.field === field))
    .map((field) => ({ field, mode: modeOf('asc') }));
  const summed = sums.map((field) => ({ field, mode: modeOf('asc') }));
  const rest = [...ranged, ...sorted, ...summed].filter(
    ({ field }) => !equal.some((each) => each.field === field),
  );
  return { equal, rest };
}

const CONTAINS: IndexMode = { arrayConfig: 'CONTAINS' };

function modeOf(direction: 'asc' | 'desc'): IndexMode {
  return { order: direction === 'asc' ? 'ASCENDING' : 'DESCENDING' };
}

/** One text per index, equal for indexes that serve the same queries: the order of the equalities does not count. */
export function indexKey(
  { collectionGroup, queryScope, fields }: CompositeIndex,
  equalities: number,
): string {
  const names = fields.map(({ fieldPath, ...mode }) => `${fieldPath} ${Object.values(mode).join()}`);
  return [collectionGroup, queryScope, ...names.slice(0, equalities).sort(), ...names.slice(equalities)].join(
    ' | ',
  );
}

/**
 * The indexes that serve a query together with no index of its own: for each equality and each value looked for in an
 * array one index of that field and the query's sort. They are joined where their sort is the same to the last field and
 * direction. Empty where nothing can be joined: fewer than two such fields, no sort, or an `in`, which asks for several
 * queries at once, whose joins are not always found.
 *
 * Sources, read 2026-11-21: firebase.google.com/docs/firestore/query-data/index-overview, "Taking advantage of index
 * merging" (several `==` and one `orderBy`); cloud.google.com/datastore/docs/concepts/optimize-indexes, of the same
 * engine (values of arrays are joined like equalities). `in` is left out because of the question "Firestore composite
 * index merging behaves inconsistently for similar queries" on Stack Overflow, in which some of such joins fail.
 */
export function joinedIndexes(query: QueryShape): readonly CompositeIndex[] {
  const { equal, rest } = partsOf(query);
  if (equal.length < 2 || rest.length === 0 || query.filters.some(({ op }) => op === 'in')) return [];
  return equal.map((each) => ({
    collectionGroup: query.collection,
    queryScope: query.scope === 'group' ? 'COLLECTION_GROUP' : 'COLLECTION',
    fields: [each, ...rest].map(({ field, mode }) => ({ fieldPath: field, ...mode })),
  }));
}

/** What is wanted and not declared, and what is declared and not wanted. */
export function compareIndexes(
  queries: readonly QueryShape[],
  declared: readonly CompositeIndex[],
): { readonly missing: readonly string[]; readonly unused: readonly string[] } {
  const find = finderIn(declared);
  const used = new Set<CompositeIndex>();
  const missing: string[] = [];
  for (const query of queries) {
    const index = requiredIndex(query);
    if (index === undefined) continue;
    const equalities = new Set(query.filters.filter(({ op }) => isEquality(op)).map(({ field }) => field))
      .size;
    const own = find(index, equalities);
    const joined = joinedIndexes(query).map((part) => find(part, 1));
    // Where both would serve it, joining does: its indexes serve others as well.
    const serving = joined.length > 0 && joined.every((each) => each !== undefined) ? joined : [own];
    for (const each of serving) if (each !== undefined) used.add(each);
    if (serving.includes(undefined)) missing.push(query.id);
  }
  return {
    missing,
    unused: declared.filter((index) => !used.has(index)).map((index) => indexKey(index, 0)),
  };
}

/** Looks for an index of which so many fields, the first, stand in any order. */
function finderIn(declared: readonly CompositeIndex[]) {
  const byEqualities = new Map<number, ReadonlyMap<string, CompositeIndex>>();
  return (wanted: CompositeIndex, equalities: number): CompositeIndex | undefined => {
    const known =
      byEqualities.get(equalities) ?? new Map(declared.map((index) => [indexKey(index, equalities), index]));
    byEqualities.set(equalities, known);
    return known.get(indexKey(wanted, equalities));
  };
}
