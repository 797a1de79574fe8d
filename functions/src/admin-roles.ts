/**
 * Makes and unmakes operators. Firestore decides, in one transaction over the list of them; Firebase Auth follows. What is
 * decided and not done yet stands in the list, so that a crash in between is mended by asking again.
 * @module
 */
import { readSetRole } from '@livegate/protocol';
import type { Transaction } from 'firebase-admin/firestore';
import { type ActOutcome, type AdminDependencies, type AdminHandler, act } from './admin-act.ts';
import { checkClaimsFit } from './claims.ts';
import { type Operator, type OperatorRole, roleIn } from './operator-door.ts';
import {
  claimsWith,
  isAdminRecord,
  isLowered,
  listedRole,
  type PendingRole,
  rolesOf,
  type StoredRoles,
  withoutPending,
  withPending,
  withRole,
} from './operators.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';

/**
 * Gives a user a role, or takes it. The one claim `livegate` is merged with the app's claims as they are at that moment
 * (Auth has no transaction: a claim that the app writes in the same instant may be lost, as with any two writers). Where a
 * role is taken or lowered, every sign-in ends. Throws {@link Refusal}: `invalid` naming the field, `no-user`,
 * `last-admin`, `not-operator` where another admin took the actor's role meanwhile, `contention`.
 */
export const setLiveRole: AdminHandler = async (dependencies, operator, data) => {
  const { uid, role = null, reason } = readRequest(data, readSetRole);
  let hasWork = false;
  const answer = await act(dependencies, operator, async (tx) => {
    const decided = await decide(tx, dependencies, operator, { uid, role, reason });
    hasWork = decided.hasWork;
    return decided.outcome;
  });
  if (hasWork) await bringRole(dependencies, uid);
  return { ...answer, changed: answer.changed || hasWork };
};

async function decide(
  tx: Transaction,
  { paths, users }: AdminDependencies,
  operator: Operator,
  {
    uid,
    role,
    reason,
  }: { readonly uid: string; readonly role: OperatorRole | null; readonly reason: string },
): Promise<{ readonly outcome: ActOutcome; readonly hasWork: boolean }> {
  const ref = paths.roles();
  const stored = rolesOf((await tx.get(ref)).data());
  const record = await users.read(uid);
  const listed = listedRole(stored, uid);
  if (!record && (role !== null || listed === null))
    throw new Refusal('no-user', 'There is no such user.', { field: 'uid' });
  const claimed = record ? roleIn(record.customClaims) : null;
  const pending = stored.pending[uid];
  const isListed = listed === role;
  if (isListed && pending?.role === role) return { outcome: { done: null }, hasWork: true };
  if (isListed && !pending && (claimed === role || !record))
    return { outcome: { done: null }, hasWork: false };

  if (role !== null) checkClaimsFit(claimsWith(record?.customClaims ?? {}, role), 'role');
  const counted = await withActor(stored, operator, users);
  const isTaken = role !== 'admin' && (claimed === 'admin' || listed === 'admin');
  if (isTaken && !(await leavesAnAdmin(counted, { uid, operator, users }))) {
    throw new Refusal('last-admin', 'This is the last admin; make another one first.', { field: 'uid' });
  }
  const revoke = isLowered(claimed, role) || isLowered(listed, role);
  const next = withPending(withRole(counted, uid, role), uid, { role, revoke });
  tx.set(ref, next);
  const before = claimed ?? listed;
  return {
    hasWork: true,
    outcome: {
      done: {
        act: 'set-role',
        target: `users/${uid}`,
        subject: uid,
        reason,
        before: { role: before },
        after: { role },
      },
    },
  };
}

/**
 * The list with the actor among the admins: one whose claim was set by hand is not in it. Read again here, inside the
 * transaction, since the door's look may be older than another admin's act. Throws {@link Refusal} `not-operator`.
 */
async function withActor(
  roles: StoredRoles,
  { uid }: Operator,
  users: AdminDependencies['users'],
): Promise<StoredRoles> {
  const pending: PendingRole | undefined = roles.pending[uid];
  const isTaken = pending !== undefined && pending.role !== 'admin';
  if (!isTaken && roles.admins.includes(uid)) return roles;
  if (!isTaken && isAdminRecord(await users.read(uid))) return withRole(roles, uid, 'admin');
  throw new Refusal('not-operator', 'Another admin took your role.');
}

/** Whether an admin stays when a user is none any more: the actor, else somebody on the list whose record says so. */
async function leavesAnAdmin(
  roles: StoredRoles,
  {
    uid,
    operator,
    users,
  }: { readonly uid: string; readonly operator: Operator; readonly users: AdminDependencies['users'] },
): Promise<boolean> {
  if (operator.uid !== uid) return true;
  for (const other of roles.admins) {
    if (other !== uid && isAdminRecord(await users.read(other))) return true;
  }
  return false;
}

/** Most rounds in which somebody else decided anew while the last decision was on its way. Ours. */
const MOST_ROUNDS = 5;

/**
 * Brings the role that is decided for a user to Auth; again where another decision came in between. Throws
 * {@link Refusal} `contention`.
 */
export async function bringRole(dependencies: AdminDependencies, uid: string): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = await pendingRole(dependencies, uid);
    await bring(dependencies, uid, wanted);
    if (await settled(dependencies, uid, wanted)) return;
  }
  throw new Refusal('contention', 'Other admins change this role at the same time; ask again.', {
    retryAfterMs: 1_000,
  });
}

async function pendingRole({ paths }: AdminDependencies, uid: string): Promise<PendingRole> {
  const roles = rolesOf((await paths.roles().get()).data());
  return roles.pending[uid] ?? { role: listedRole(roles, uid), revoke: false };
}

/** The claim first: a sign-in of after the end of the others must not bring the old one. */
async function bring(
  { users }: AdminDependencies,
  uid: string,
  { role, revoke }: PendingRole,
): Promise<void> {
  const record = await users.read(uid);
  if (!record) return;
  if (roleIn(record.customClaims) !== role) await users.setClaims(uid, claimsWith(record.customClaims, role));
  if (revoke) await users.revokeTokens(uid);
}

/** True where the list still says what was brought; nothing is pending then. */
function settled(
  { paths, run }: AdminDependencies,
  uid: string,
  { role, revoke }: PendingRole,
): Promise<boolean> {
  return run(async (tx) => {
    const roles = rolesOf((await tx.get(paths.roles())).data());
    const pending = roles.pending[uid];
    if (listedRole(roles, uid) !== role || (pending?.revoke === true && !revoke)) return false;
    if (pending) tx.set(paths.roles(), withoutPending(roles, uid));
    return true;
  });
}
