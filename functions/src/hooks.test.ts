import { describe, expect, it } from 'vitest';
import { type AuthorizeQuestion, authorized, type LiveHooks } from './hooks.ts';
import { Refusal } from './refusal.ts';

const QUESTION: AuthorizeQuestion = {
  caller: { uid: 'u', provider: 'password' },
  op: 'start',
  sessionId: 's',
  policy: 'default',
};
const ask = async (hooks: LiveHooks): Promise<unknown> => {
  const complaints: unknown[] = [];
  try {
    return await authorized(hooks, QUESTION, { limitMs: 30, complain: (error) => complaints.push(error) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, ...error.details, complaints: complaints.length };
  }
};

describe('authorize', () => {
  it('lets in where there is no rule, and where the rule says yes', async () => {
    expect(await ask({})).toEqual({});
    expect(await ask({ authorize: () => ({ allow: true }) })).toEqual({});
    expect(await ask({ authorize: async () => ({ allow: true, narrow: { minutesPerDay: 5 } }) })).toEqual({
      minutesPerDay: 5,
    });
  });

  it("refuses with the rule's own reason", async () => {
    expect(await ask({ authorize: () => ({ allow: false, rule: 'unpaid' }) })).toEqual({
      code: 'permission-denied',
      reason: 'not-authorized',
      rule: 'unpaid',
      complaints: 0,
    });
  });

  it.each<[string, LiveHooks['authorize']]>([
    ['throws', () => Promise.reject(new Error('database is away'))],
    [
      'throws at once',
      () => {
        throw new Error('no');
      },
    ],
    ['takes too long', () => new Promise(() => undefined)],
  ])('refuses where the rule %s', async (_, authorize) => {
    expect(await ask(authorize ? { authorize } : {})).toEqual({
      code: 'permission-denied',
      reason: 'not-authorized',
      complaints: 1,
    });
  });

  it.each([[undefined], [null], [true], [{ allow: 'yes' }], [{}]])('takes %o for no', async (answer) => {
    expect(await ask({ authorize: (() => answer) as never })).toMatchObject({ reason: 'not-authorized' });
  });
});
