/**
 * Adds to sums in Firestore without reading them: stats shards, and users' months.
 * @module
 */
import { DOCUMENTS_VERSION } from '@livegate/protocol';
import { FieldValue, Timestamp } from 'firebase-admin/firestore';
import { mapLeaves, type NumberTree } from './stats-tree.ts';
import { type UsageAddition, usagePurgedAt } from './usage-policy.ts';

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

/**
 * The data of a `set` with `merge: true` that adds to a user's month. A figure of 0 is added too: a list that is sorted
 * by it leaves out documents that lack it.
 */
export function usageIncrements({ figures, ...fields }: UsageAddition): Readonly<Record<string, unknown>> {
  const numbers = Object.entries(figures).map(([name, value]) => [name, FieldValue.increment(value)]);
  return {
    ...fields,
    ...Object.fromEntries(numbers),
    v: DOCUMENTS_VERSION,
    purgeAt: Timestamp.fromMillis(usagePurgedAt(fields.month)),
  };
}
