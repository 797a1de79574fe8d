/**
 * Who the operators are, as `liveConfig/roles` lists them. Pure.
 * @module
 */
import { isObject } from '@livegate/protocol';

/** An operator, or a user whose role is being taken. */
export interface OperatorRow {
  readonly uid: string;
  readonly role: 'viewer' | 'admin' | null;
  /** Decided, and not in the user's record yet. Asking again brings it there. */
  readonly isPending: boolean;
}

/** Reads the list, admins first. What is no uid is left out. */
export function operatorRows(data: Readonly<Record<string, unknown>>): readonly OperatorRow[] {
  const admins = uidsOf(data.admins);
  const viewers = uidsOf(data.viewers).filter((uid) => !admins.includes(uid));
  const pending = isObject(data.pending) ? Object.keys(data.pending) : [];
  const row = (uid: string, role: OperatorRow['role']): OperatorRow => ({
    uid,
    role,
    isPending: pending.includes(uid),
  });
  return [
    ...admins.map((uid) => row(uid, 'admin')),
    ...viewers.map((uid) => row(uid, 'viewer')),
    ...pending.filter((uid) => !admins.includes(uid) && !viewers.includes(uid)).map((uid) => row(uid, null)),
  ];
}

const uidsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
