import type { UserDirectory, UserRecordView } from '../../../functions/src/operator-door.ts';

/** The users of a project, in memory; what was done to them in order. */
export interface Users extends UserDirectory {
  readonly records: Map<string, UserRecordView>;
  readonly done: string[];
  /** Throws in place of the next `setClaims`: a crash between Firestore and Auth. */
  crashes: boolean;
}

/** A project without users. */
export function createUsers(): Users {
  const records = new Map<string, UserRecordView>();
  const change = (uid: string, changes: Partial<UserRecordView>): void => {
    const record = records.get(uid);
    if (!record) throw new Error('no such user');
    records.set(uid, { ...record, ...changes });
  };
  const users: Users = {
    records,
    done: [],
    crashes: false,
    read: async (uid) => records.get(uid) ?? null,
    setClaims: async (uid, customClaims) => {
      if (users.crashes) throw new Error('crashed');
      users.done.push(`claims ${uid}`);
      change(uid, { customClaims });
    },
    revokeTokens: async (uid) => {
      users.done.push(`tokens ${uid}`);
      change(uid, { tokensValidAfter: 0 });
    },
  };
  return users;
}
