/**
 * Whether there is such a user: a mistyped uid changes nothing, and says so.
 * @module
 */
import type { AdminDependencies } from './admin-act.ts';
import { Refusal } from './refusal.ts';

/** Throws {@link Refusal} `no-user` for a uid without an account and without a quota: one whose account is gone may have one. */
export async function checkKnown(
  { paths, users }: Pick<AdminDependencies, 'paths' | 'users'>,
  uid: string,
): Promise<void> {
  if ((await paths.quota(uid).get()).exists || (await users.read(uid)) !== null) return;
  throw new Refusal('no-user', 'There is no user with this uid.', { field: 'uid' });
}
