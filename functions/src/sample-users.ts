/**
 * Users that `npm run seed` makes up on the emulators.
 * @module
 */

/** What begins their uids. Uids of Firebase Auth hold no hyphen. */
export const SAMPLE_UID_PREFIX = 'sample-';

/** True for one of them. */
export function isSampleUser(uid: string): boolean {
  return uid.startsWith(SAMPLE_UID_PREFIX);
}
