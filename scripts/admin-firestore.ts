/**
 * The Firestore emulator as an administrator sees it: no rules apply.
 * @module
 */
import { Firestore } from '@google-cloud/firestore';

/** Opens it. Whoever opens it calls `terminate()`. */
export function openAdminFirestore(emulator: {
  readonly projectId: string;
  readonly hosts: { readonly firestore: string };
}): Firestore {
  return new Firestore({
    projectId: emulator.projectId,
    host: emulator.hosts.firestore,
    ssl: false,
    // Said here, it is not looked for on a metadata server that is not there.
    universeDomain: 'googleapis.com',
    customHeaders: { Authorization: 'Bearer owner' },
  });
}
