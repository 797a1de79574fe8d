import { readFileSync } from 'node:fs';
import { COLLECTIONS } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { QUERIES as DASHBOARD_QUERIES } from '../../dashboard/src/queries.ts';
import { QUERIES as FUNCTIONS_QUERIES } from '../../functions/src/queries.ts';
import {
  type CompositeIndex,
  compareIndexes,
  type FieldOverride,
  joinedIndexes,
  requiredGroupFields,
  requiredIndex,
} from './support/required-indexes.ts';

const declared = JSON.parse(
  readFileSync(new URL('../../firestore.indexes.json', import.meta.url), 'utf8'),
) as {
  readonly indexes: readonly CompositeIndex[];
  readonly fieldOverrides: readonly FieldOverride[];
};
const queries = [...FUNCTIONS_QUERIES, ...DASHBOARD_QUERIES];

describe('firestore.indexes.json', () => {
  it('declares every composite index that a listed query needs, and no other', () => {
    expect(compareIndexes(queries, declared.indexes)).toEqual({ missing: [], unused: [] });
  });

  it('would miss any index that is not declared', () => {
    expect(declared.indexes.length).toBeGreaterThan(0);
    for (const index of declared.indexes) {
      const others = declared.indexes.filter((each) => each !== index);
      expect(compareIndexes(queries, others).missing, JSON.stringify(index)).not.toEqual([]);
    }
  });

  it('would notice an index that nothing uses', () => {
    const idle: CompositeIndex = {
      collectionGroup: COLLECTIONS.sessions,
      queryScope: 'COLLECTION',
      fields: [
        { fieldPath: 'route', order: 'ASCENDING' },
        { fieldPath: 'createdAt', order: 'ASCENDING' },
      ],
    };
    expect(compareIndexes(queries, [...declared.indexes, idle]).unused).toHaveLength(1);
  });

  it('deletes what has an end by a boolean TTL on purgeAt', () => {
    const ttl = declared.fieldOverrides.filter(({ ttl }) => ttl === true);
    expect(ttl.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`).sort()).toEqual([
      'events.purgeAt',
      `${COLLECTIONS.ops}.purgeAt`,
      `${COLLECTIONS.pools}.purgeAt`,
      `${COLLECTIONS.quotas}.purgeAt`,
      `${COLLECTIONS.sessions}.purgeAt`,
      `${COLLECTIONS.usage}.purgeAt`,
    ]);
  });

  it('exempts no field that a query goes by', () => {
    const exempt = declared.fieldOverrides.filter(({ indexes }) => indexes.length === 0);
    const used = queries.flatMap(({ collection, filters, order }) =>
      [...filters, ...order].map(({ field }) => `${collection}.${field}`),
    );
    expect(
      exempt
        .map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`)
        .filter((name) => used.includes(name)),
    ).toEqual([]);
  });

  it('makes the single-field indexes that a query over a collection group needs', () => {
    for (const query of queries)
      for (const { fieldPath, ...mode } of requiredGroupFields(query)) {
        const own = declared.fieldOverrides.find(
          (each) => each.collectionGroup === query.collection && each.fieldPath === fieldPath,
        );
        expect(own?.indexes, `${query.id} by ${fieldPath}`).toContainEqual({
          ...mode,
          queryScope: 'COLLECTION_GROUP',
        });
      }
  });

  it('gives every listed query a bound', () => {
    for (const { id, limit } of queries) expect(limit, id).toBeGreaterThan(0);
  });
});

describe('requiredIndex', () => {
  const base = { id: 'q', collection: 'c', scope: 'collection', filters: [], order: [], limit: 1 } as const;

  it('asks for none where single-field indexes do', () => {
    expect(requiredIndex({ ...base, order: [{ field: 'a', direction: 'desc' }] })).toBeUndefined();
    expect(
      requiredIndex({
        ...base,
        filters: [
          { field: 'a', op: '==' },
          { field: 'b', op: '==' },
        ],
      }),
    ).toBeUndefined();
    expect(
      requiredIndex({
        ...base,
        filters: [{ field: 'a', op: '<' }],
        order: [{ field: 'a', direction: 'asc' }],
      }),
    ).toBeUndefined();
  });

  it('puts equalities before the field that is sorted by', () => {
    expect(
      requiredIndex({
        ...base,
        filters: [{ field: 'a', op: '==' }],
        order: [{ field: 'b', direction: 'desc' }],
      })?.fields,
    ).toEqual([
      { fieldPath: 'a', order: 'ASCENDING' },
      { fieldPath: 'b', order: 'DESCENDING' },
    ]);
  });

  it('puts what an array holds before the field that is sorted by', () => {
    const byFlag = { ...base, filters: [{ field: 'flags', op: 'array-contains' }] } as const;
    expect(requiredIndex(byFlag)).toBeUndefined();
    expect(requiredIndex({ ...byFlag, order: [{ field: 'a', direction: 'desc' }] })?.fields).toEqual([
      { fieldPath: 'flags', arrayConfig: 'CONTAINS' },
      { fieldPath: 'a', order: 'DESCENDING' },
    ]);
  });
});

describe('joinedIndexes', () => {
  const query = {
    id: 'q',
    collection: 'c',
    scope: 'collection',
    filters: [
      { field: 'a', op: '==' },
      { field: 'flags', op: 'array-contains' },
      { field: 'at', op: '>=' },
    ],
    order: [{ field: 'at', direction: 'desc' }],
    limit: 1,
  } as const;
  const index = (first: object, direction: 'ASCENDING' | 'DESCENDING' = 'DESCENDING') =>
    ({
      collectionGroup: 'c',
      queryScope: 'COLLECTION',
      fields: [first, { fieldPath: 'at', order: direction }],
    }) as CompositeIndex;
  const byA = index({ fieldPath: 'a', order: 'ASCENDING' });
  const byFlag = index({ fieldPath: 'flags', arrayConfig: 'CONTAINS' });

  it('serves several equalities by one index for each, all with the sort of the query', () => {
    expect(joinedIndexes(query)).toEqual([byA, byFlag]);
    expect(compareIndexes([query], [byA, byFlag])).toEqual({ missing: [], unused: [] });
    expect(compareIndexes([query], [byA]).missing).toEqual(['q']);
  });

  it('joins nothing where an index sorts the other way, or where a value is one of several', () => {
    const upward = index({ fieldPath: 'a', order: 'ASCENDING' }, 'ASCENDING');
    expect(compareIndexes([query], [upward, byFlag]).missing).toEqual(['q']);
    const ofSeveral = { ...query, filters: [{ field: 'a', op: 'in' }, ...query.filters.slice(1)] } as const;
    expect(joinedIndexes(ofSeveral)).toEqual([]);
    expect(compareIndexes([ofSeveral], [byA, byFlag]).missing).toEqual(['q']);
  });

  it('takes an index of all fields too, and asks for none beside it', () => {
    const own: CompositeIndex = { ...byA, fields: [...byA.fields.slice(0, 1), ...byFlag.fields] };
    expect(compareIndexes([query], [own])).toEqual({ missing: [], unused: [] });
  });
});

describe('requiredGroupFields', () => {
  const byCost = {
    id: 'q',
    collection: 'c',
    scope: 'group',
    filters: [{ field: 'cost.microUsd', op: '>=' }],
    order: [{ field: 'cost.microUsd', direction: 'desc' }],
    limit: 1,
  } as const;

  it('asks for a field of a collection group, and for none of a single collection', () => {
    expect(requiredGroupFields(byCost)).toEqual([{ fieldPath: 'cost.microUsd', order: 'DESCENDING' }]);
    expect(requiredGroupFields({ ...byCost, scope: 'collection' })).toEqual([]);
  });

  it('asks for none where a composite index answers', () => {
    const ofModel = { ...byCost, filters: [...byCost.filters, { field: 'model', op: '==' }] } as const;
    expect(requiredIndex(ofModel)?.queryScope).toBe('COLLECTION_GROUP');
    expect(requiredGroupFields(ofModel)).toEqual([]);
  });
});
