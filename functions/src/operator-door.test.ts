import { describe, expect, it } from 'vitest';
import { checkOperator, firebaseUsers, SIGN_IN_LIFE_MS, type UserRecordView } from './operator-door.ts';
import { Refusal } from './refusal.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const NOW_S = NOW / 1_000;
const ADMIN: UserRecordView = {
  disabled: false,
  customClaims: { livegate: 'admin' },
  tokensValidAfter: null,
};

interface Visit {
  readonly uid?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly record?: UserRecordView | null | Error;
  readonly need?: 'viewer' | 'admin';
}

/** How a visit ends; an admin who signed in a minute ago, but for what is given. */
async function visit({ claims = {}, record = ADMIN, need = 'admin' }: Visit): Promise<string> {
  const token = { livegate: 'admin', auth_time: NOW_S - 60, ...claims };
  const users = {
    read: async () => {
      if (record instanceof Error) throw record;
      return record;
    },
  };
  try {
    const { uid } = await checkOperator({ uid: 'op', token }, need, { users, now: () => NOW });
    return `let in: ${uid}`;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `${error.code}: ${error.details.reason}`;
  }
}

const LET_IN = 'let in: op';
const DENIED = 'permission-denied: not-operator';
const OLD = 'permission-denied: sign-in-old';

describe('checkOperator', () => {
  it.each<readonly [string, Visit, string]>([
    ['a viewer where an admin is wanted', { claims: { livegate: 'viewer' } }, DENIED],
    ['a user without a role', { claims: { livegate: undefined } }, DENIED],
    ['a role in another casing', { claims: { livegate: 'Admin' } }, DENIED],
    ['a sign-in of 12 hours ago', { claims: { auth_time: NOW_S - 12 * 3_600 } }, OLD],
    ['a token that does not tell when its user signed in', { claims: { auth_time: undefined } }, OLD],
    ['a user who is disabled by now', { record: { ...ADMIN, disabled: true } }, DENIED],
    ['an admin whose claim is gone from the record', { record: { ...ADMIN, customClaims: {} } }, DENIED],
    [
      'an admin who is a viewer by now',
      { record: { ...ADMIN, customClaims: { livegate: 'viewer' } } },
      DENIED,
    ],
    ['a token of before its revocation', { record: { ...ADMIN, tokensValidAfter: NOW - 59_000 } }, DENIED],
    ['a revocation at no readable time', { record: { ...ADMIN, tokensValidAfter: Number.NaN } }, DENIED],
    ['a user who is deleted by now', { record: null }, DENIED],
    ['everybody where the record cannot be read', { record: new Error('unreachable') }, DENIED],
  ])('denies %s', async (_, given, outcome) => {
    expect(await visit(given)).toBe(outcome);
  });

  it.each<readonly [string, Visit]>([
    ['an admin', {}],
    ['an admin where a viewer is wanted', { need: 'viewer' }],
    [
      'a viewer where one is wanted',
      {
        need: 'viewer',
        claims: { livegate: 'viewer' },
        record: { ...ADMIN, customClaims: { livegate: 'viewer' } },
      },
    ],
    ['a sign-in of 12 hours less a second ago', { claims: { auth_time: NOW_S - 12 * 3_600 + 1 } }],
    ['a sign-in of the second of the revocation', { record: { ...ADMIN, tokensValidAfter: NOW - 60_000 } }],
    [
      "an admin with claims of the app's own",
      { record: { ...ADMIN, customClaims: { livegate: 'admin', plan: 'x' } } },
    ],
  ])('lets %s in', async (_, given) => {
    expect(await visit(given)).toBe(LET_IN);
  });

  it('denies a call without a user', async () => {
    const call = checkOperator(undefined, 'viewer', { users: { read: async () => ADMIN }, now: () => NOW });
    await expect(call).rejects.toMatchObject({ details: { reason: 'not-operator' } });
  });

  it('reads no record for a token that says enough by itself', async () => {
    let reads = 0;
    const users = {
      read: async () => {
        reads += 1;
        return ADMIN;
      },
    };
    const at = (token: object) =>
      checkOperator({ uid: 'op', token: { ...token } }, 'admin', { users, now: () => NOW });
    await expect(at({ livegate: 'viewer', auth_time: NOW_S })).rejects.toThrow(Refusal);
    await expect(at({ livegate: 'admin', auth_time: NOW_S - SIGN_IN_LIFE_MS / 1_000 })).rejects.toThrow(
      Refusal,
    );
    expect(reads).toBe(0);
    await at({ livegate: 'admin', auth_time: NOW_S });
    expect(reads).toBe(1);
  });
});

describe('firebaseUsers', () => {
  const withUser = (getUser: () => Promise<unknown>) =>
    firebaseUsers({
      getUser,
      setCustomUserClaims: async () => {},
      revokeRefreshTokens: async () => {},
    } as never);

  it('reads what the door goes by, times in ms', async () => {
    const users = withUser(async () => ({
      disabled: true,
      tokensValidAfterTime: 'Sat, 21 Nov 2026 12:00:00 GMT',
    }));
    expect(await users.read('u')).toEqual({ disabled: true, customClaims: {}, tokensValidAfter: NOW });
  });

  it('tells a user who is not there from one who cannot be looked up', async () => {
    const missing = Object.assign(new Error('none'), { code: 'auth/user-not-found' });
    expect(await withUser(() => Promise.reject(missing)).read('u')).toBeNull();
    const down = Object.assign(new Error('down'), { code: 'auth/internal-error' });
    await expect(withUser(() => Promise.reject(down)).read('u')).rejects.toBe(down);
  });
});
