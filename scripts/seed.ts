/**
 * Writes the first documents and users into a fresh stack.
 * @module
 */
import { COLLECTIONS, LIST_PRICES } from '@livegate/protocol';
import { openAdminFirestore } from './admin-firestore.ts';
import { createUser } from './auth-emulator.ts';
import { recordRole } from './operate-roles.ts';
import {
  SEEDED_ADMIN,
  SEEDED_CONFIG,
  SEEDED_POLICY,
  SEEDED_TEMPLATES,
  SEEDED_VIEWER,
} from './seed-documents.ts';

/** Where to. */
export interface SeedTarget {
  readonly projectId: string;
  readonly hosts: { readonly auth: string; readonly firestore: string };
}

/** Seeds. Call it before the first mint: a function that found no policy remembers that for a while. */
export async function seed(target: SeedTarget): Promise<void> {
  const database = openAdminFirestore(target);
  try {
    const batch = database.batch();
    batch.set(database.doc(`${COLLECTIONS.config}/global`), SEEDED_CONFIG);
    batch.set(database.doc(`${COLLECTIONS.policies}/default`), SEEDED_POLICY);
    for (const [id, template] of Object.entries(SEEDED_TEMPLATES)) {
      const path = `${COLLECTIONS.templates}/${id}`;
      batch.set(database.doc(path), template);
      batch.set(database.doc(`${path}/versions/${template.version}`), template);
    }
    for (const [model, price] of Object.entries(LIST_PRICES))
      batch.set(database.doc(`${COLLECTIONS.prices}/${model}`), price);
    await batch.commit();
    for (const [user, role] of [
      [SEEDED_ADMIN, 'admin'],
      [SEEDED_VIEWER, 'viewer'],
    ] as const) {
      const uid = await createUser(target, { ...user, claims: { livegate: role } });
      await recordRole({ db: database, reason: 'seeded' }, { uid, role });
    }
  } finally {
    await database.terminate();
  }
}
