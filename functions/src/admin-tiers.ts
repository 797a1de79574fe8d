/**
 * Gives users policies of their own. The audit tells first, Firebase Auth follows: a crash in between is mended by asking
 * again.
 * @module
 */
import { readSetTier } from '@livegate/protocol';
import { type ActOutcome, type AdminDependencies, type AdminHandler, act } from './admin-act.ts';
import { bringRole } from './admin-roles.ts';
import { checkClaimsFit, claimsWithTier, tierIn } from './claims.ts';
import { roleIn } from './operator-door.ts';
import { listedRole, rolesOf, withRole } from './operators.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';

/**
 * Makes a policy a user's own, or takes it away: from their next ID token on, an hour at most. The claim is merged with
 * the app's claims and with the role as they are at that moment (a claim that the app writes in the same instant may be
 * lost, as with any two writers). Throws {@link Refusal}: `invalid` naming the field, also where there is no such policy
 * or the user's claims leave no room, `no-user`, `contention`.
 */
export const setLiveTier: AdminHandler = async (dependencies, operator, data) => {
  const { uid, tier = null, reason } = readRequest(data, readSetTier);
  const { paths, users } = dependencies;
  const answer = await act(dependencies, operator, async (tx): Promise<ActOutcome> => {
    const policy = tier === null ? null : await tx.get(paths.policy(tier));
    const roles = rolesOf((await tx.get(paths.roles())).data());
    const record = await users.read(uid);
    if (!record) throw new Refusal('no-user', 'There is no such user.', { field: 'uid' });
    if (policy?.exists === false)
      throw new Refusal('invalid', `There is no policy ${tier}: write it first.`, { field: 'tier' });
    const before = tierIn(record.customClaims);
    if (before === tier) return { done: null };
    if (tier !== null) checkClaimsFit(claimsWithTier(record.customClaims, tier), 'tier');
    // From here on the list knows the role, so that one that is taken meanwhile can be told from one that stands.
    const role = roleIn(record.customClaims);
    if (!Object.hasOwn(roles.pending, uid) && listedRole(roles, uid) !== role)
      tx.set(paths.roles(), withRole(roles, uid, role));
    return {
      done: {
        act: 'set-tier',
        target: `users/${uid}`,
        subject: uid,
        reason,
        before: { tier: before },
        after: { tier },
      },
    };
  });
  if (answer.changed) await bringTier(dependencies, uid, tier);
  return answer;
};

/** Most rounds in which another admin changed the user's role while the claim was on its way. Ours. */
const MOST_ROUNDS = 5;

/**
 * Brings the claim to Auth. It knows only all claims at once: where a role was decided between the look at them and the
 * write, the write brought back the old one, and the decided one follows.
 */
async function bringTier(dependencies: AdminDependencies, uid: string, tier: string | null): Promise<void> {
  const { paths, users } = dependencies;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const record = await users.read(uid);
    if (!record) return;
    const { customClaims } = record;
    if (tierIn(customClaims) !== tier) await users.setClaims(uid, claimsWithTier(customClaims, tier));
    const roles = rolesOf((await paths.roles().get()).data());
    if (!Object.hasOwn(roles.pending, uid) && listedRole(roles, uid) === roleIn(customClaims)) return;
    await bringRole(dependencies, uid);
  }
  throw new Refusal('contention', 'Other admins change this user at the same time; ask again.', {
    retryAfterMs: 1_000,
  });
}
