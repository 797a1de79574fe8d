/**
 * Who the operators are: the list that counts admins, and what is left to do in Firebase Auth. Pure; the claim in a
 * user's record decides, the list only counts.
 * @module
 */
import { DOCUMENTS_VERSION, type LiveRolesDocument } from '@livegate/protocol';
import { type OperatorRole, ROLE_CLAIM, roleIn, type UserRecordView } from './operator-door.ts';

/** A role that is decided and may not stand in the user's record yet. */
export type PendingRole = NonNullable<LiveRolesDocument['pending']>[string];

/** `liveConfig/roles`, whose writer may have left out what nobody waits for. */
export type StoredRoles = LiveRolesDocument & Required<Pick<LiveRolesDocument, 'pending'>>;

/** The list as it stands in Firestore; empty where nobody wrote it. */
export function rolesOf(stored: unknown): StoredRoles {
  const { admins = [], viewers = [], pending = {} } = (stored ?? {}) as Partial<StoredRoles>;
  return { v: DOCUMENTS_VERSION, admins, viewers, pending };
}

/** A user's role by the list. */
export function listedRole({ admins, viewers }: StoredRoles, uid: string): OperatorRole | null {
  if (admins.includes(uid)) return 'admin';
  return viewers.includes(uid) ? 'viewer' : null;
}

/** The list with a user in one role, or in none. */
export function withRole(roles: StoredRoles, uid: string, role: OperatorRole | null): StoredRoles {
  const others = (uids: readonly string[]): readonly string[] => uids.filter((each) => each !== uid);
  return {
    ...roles,
    admins: role === 'admin' ? [...others(roles.admins), uid] : others(roles.admins),
    viewers: role === 'viewer' ? [...others(roles.viewers), uid] : others(roles.viewers),
  };
}

/** The list with a role that is on its way to a user's record. An end of sign-ins that is still to come stays so. */
export function withPending(roles: StoredRoles, uid: string, { role, revoke }: PendingRole): StoredRoles {
  const isOwed = revoke || roles.pending[uid]?.revoke === true;
  return { ...roles, pending: { ...roles.pending, [uid]: { role, revoke: isOwed } } };
}

/** The list without what was on its way to a user's record. */
export function withoutPending(roles: StoredRoles, uid: string): StoredRoles {
  const { [uid]: _done, ...pending } = roles.pending;
  return { ...roles, pending };
}

/** True where `to` is less than `from`. */
export function isLowered(from: OperatorRole | null, to: OperatorRole | null): boolean {
  const ranks = [null, 'viewer', 'admin'];
  return ranks.indexOf(to) < ranks.indexOf(from);
}

/** A record that is an admin's at this moment. */
export function isAdminRecord(record: UserRecordView | null): boolean {
  return record !== null && !record.disabled && roleIn(record.customClaims) === 'admin';
}

/** All custom claims of a user with Livegate's one changed, the app's own as they are. */
export function claimsWith(
  claims: Readonly<Record<string, unknown>>,
  role: OperatorRole | null,
): Readonly<Record<string, unknown>> {
  const { [ROLE_CLAIM]: _role, ...own } = claims;
  return role === null ? own : { ...own, [ROLE_CLAIM]: role };
}
