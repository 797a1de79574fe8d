import type { QueryShape } from '@livegate/protocol';

/** A composite index as `firestore.indexes.json` has it. */
export interface CompositeIndex {
  readonly collectionGroup: string;
  readonly queryScope: 'COLLECTION' | 'COLLECTION_GROUP';
  readonly fields: readonly { readonly fieldPath: string; readonly order: 'ASCENDING' | 'DESCENDING' }[];
}

const isEquality = (op: string): boolean => op === '==' || op === 'in';

/**
 * The composite index a query needs, or `undefined` where Firestore's own single-field indexes do: equalities in
 * any order, then the range or sort fields in the query's order. A lone range, a lone sort, and equalities alone
 * (merged from single-field indexes) need none. Source: "Index types in Cloud Firestore", read 2026-11-21.
 */
export function requiredIndex(query: QueryShape): CompositeIndex | undefined {
  const equal = [
    ...new Set(query.filters.filter(({ op }) => isEquality(op)).map(({ field }) => field)),
  ].sort();
  const sorted = query.order.map(({ field, direction }) => ({ field, direction }));
  const ranged = [...new Set(query.filters.filter(({ op }) => !isEquality(op)).map(({ field }) => field))]
    .filter((field) => !sorted.some((each) => each.field === field))
    .map((field) => ({ field, direction: 'asc' as const }));
  const rest = [...ranged, ...sorted].filter(({ field }) => !equal.includes(field));
  if (rest.length === 0 || (equal.length === 0 && rest.length === 1)) return undefined;
  return {
    collectionGroup: query.collection,
    queryScope: query.scope === 'group' ? 'COLLECTION_GROUP' : 'COLLECTION',
    fields: [
      ...equal.map((fieldPath) => ({ fieldPath, order: 'ASCENDING' as const })),
      ...rest.map(({ field, direction }) => ({
        fieldPath: field,
        order: direction === 'asc' ? ('ASCENDING' as const) : ('DESCENDING' as const),
      })),
    ],
  };
}

/** One text per index, equal for indexes that serve the same queries: the order of the equalities does not count. */
export function indexKey(
  { collectionGroup, queryScope, fields }: CompositeIndex,
  equalities: number,
): string {
  const names = fields.map(({ fieldPath, order }) => `${fieldPath} ${order}`);
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
