/**
 * Adds to a stats shard without reading it.
 * @module
 */
import { DOCUMENTS_VERSION } from '@livegate/protocol';
import { FieldValue } from 'firebase-admin/firestore';
import { mapLeaves, type NumberTree } from './stats-tree.ts';

/**
 * Most numbers that one write adds to a document. Firestore takes 500 field transformations of a document in one
 * commit (Firestore quotas page, read 2026-11-21); ours leaves room.
 */
export const MOST_INCREMENTS = 400;

/**
 * The data of a `set` with `merge: true` that adds `tree` to a stats shard. Names are fields of nested objects, never
 * paths, since models' names hold dots. Branches without a number are left out: merged, an empty map would take away
 * what stands there.
 */
export function incrementsOf(tree: NumberTree): Readonly<Record<string, unknown>> {
  return { ...mapLeaves(tree, (value) => FieldValue.increment(value)), v: DOCUMENTS_VERSION };
}
