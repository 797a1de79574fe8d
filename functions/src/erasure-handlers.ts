/**
 * The two ways in to an erasure: an operator's call, and the deletion of an account.
 * @module
 */
import { type EraseAnswer, readEraseUser } from '@livegate/protocol';
import { eraseUser } from './erasure.ts';
import type { EraseDependencies } from './erasure-job.ts';
import { readRequest } from './request-door.ts';

/** Documents that one call changes at most: it answers within seconds, and the sweeper does the rest. Ours. */
export const ERASE_LIMIT = 500;

/**
 * Answers `eraseLiveUser`; the caller is known to be an admin. Throws {@link Refusal}: `invalid` naming the field,
 * `client-outdated`, `last-admin`, `contention`.
 */
export async function eraseLiveUser(
  dependencies: EraseDependencies,
  operator: { readonly uid: string },
  data: unknown,
): Promise<EraseAnswer> {
  const { uid, reason, preview = false } = readRequest(data, readEraseUser);
  return eraseUser(dependencies, { uid, actor: operator.uid, reason, preview }, ERASE_LIMIT);
}

/**
 * What follows the deletion of an account. The user is given no token from then on, also where nothing was kept of
 * them: their ID token may be valid for another hour.
 */
export async function eraseDeletedUser(dependencies: EraseDependencies, uid: string): Promise<void> {
  await eraseUser(dependencies, { uid, actor: 'system' }, ERASE_LIMIT);
}
