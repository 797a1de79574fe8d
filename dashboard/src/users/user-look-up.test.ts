import { describe, expect, it } from 'vitest';
import { ActError, type Acts } from '../acts.ts';
import { lookUpUser } from './user-look-up.ts';

const refused = (reason: string) => new ActError('Refused.', { reason }, undefined);

/** Functions that know these users, or fail as they are told to; and what they were asked. */
function fakeActs(
  known: { readonly uids?: readonly string[]; readonly emails?: readonly string[] },
  failure?: string,
) {
  const asked: object[] = [];
  const call = async (_name: string, order: { readonly uid?: string; readonly email?: string }) => {
    asked.push(order);
    if (failure !== undefined) throw refused(failure);
    const isKnown = known.uids?.includes(order.uid ?? '') || known.emails?.includes(order.email ?? '');
    if (!isKnown) throw refused('no-user');
    return { uid: order.uid ?? 'of that address' };
  };
  return { acts: { call } as unknown as Acts, asked };
}

describe('lookUpUser', () => {
  it('asks once for a uid, and once for an address that somebody has', async () => {
    const { acts, asked } = fakeActs({ uids: ['ada'], emails: ['ada@example.com'] });
    expect(await lookUpUser(acts, 'ada')).toMatchObject({ uid: 'ada' });
    expect(await lookUpUser(acts, 'ada@example.com')).toMatchObject({ uid: 'of that address' });
    expect(asked).toEqual([{ uid: 'ada' }, { email: 'ada@example.com' }]);
  });

  it('finds a uid that looks like an address', async () => {
    const { acts } = fakeActs({ uids: ['ada@example.com'] });
    expect(await lookUpUser(acts, 'ada@example.com')).toMatchObject({ uid: 'ada@example.com' });
  });

  it('rejects where there is nobody, and asks no further after another failure or for what is no uid', async () => {
    const nobody = fakeActs({});
    await expect(lookUpUser(nobody.acts, 'a@b')).rejects.toMatchObject({ reason: 'no-user' });
    expect(nobody.asked).toHaveLength(2);
    for (const [name, failure] of [
      ['a@b', 'sign-in-old'],
      ['a/b@c', 'no-user'],
      [`${'a'.repeat(128)}@b`, 'no-user'],
    ] as const) {
      const { acts, asked } = fakeActs({}, failure);
      await expect(lookUpUser(acts, name)).rejects.toMatchObject({ reason: failure });
      expect(asked).toHaveLength(1);
    }
  });
});
