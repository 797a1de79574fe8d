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
  return [...equal, ...rest].map(({ field, mode }) => ({ fieldPath: field, ...mode }));
}

/** The fields of an index in their order: those before the sort, by name, and the others as the query has them. */
function partsOf({ filters, order }: QueryShape) {
  const before = filters.filter(({ op }) => isEquality(op));
  const equal = [...new Map(before.map(({ field, op }) => [field, op]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, op]) => ({ field, mode: op === 'array-contains' ? CONTAINS : modeOf('asc') }));
  const sorted = order.map(({ field, direction }) => ({ field, mode: modeOf(direction) }));
  const ranged = [...new Set(filters.filter(({ op }) => !isEquality(op)).map(({ field }) => field))]
    .filter((field) => !sorted.some((each) => each.field === field))
    .map((field) => ({ field, mode: modeOf('asc') }));
  const rest = [...ranged, ...sorted].filter(({ field }) => !equal.some((each) => each.field === field));
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

/** What is wanted and not declared, and what is declared and not wanted. */
export function compareIndexes(
  queries: readonly QueryShape[],
  declared: readonly CompositeIndex[],
): { readonly missing: readonly string[]; readonly unused: readonly string[] } {
  const wanted = queries.flatMap((query) => {
    const index = requiredIndex(query);
    const equalities = new Set(query.filters.filter(({ op }) => isEquality(op)).map(({ field }) => field))
      .size;
    return index ? [{ id: query.id, index, equalities }] : [];
  });
  const serves = (index: CompositeIndex, want: (typeof wanted)[number]): boolean =>
    indexKey(index, want.equalities) === indexKey(want.index, want.equalities);
  return {
    missing: wanted.filter((want) => !declared.some((index) => serves(index, want))).map(({ id }) => id),
    unused: declared
      .filter((index) => !wanted.some((want) => serves(index, want)))
      .map((index) => indexKey(index, 0)),
  };
}
