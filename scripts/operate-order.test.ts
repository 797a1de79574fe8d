import { COLLECTIONS } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { readOrder } from './operate-order.ts';

const place = ['--project', 'my-app'];

describe('readOrder', () => {
  it.each([
    [['grant-admin', '--email', 'me@example.com'], { act: 'grant-admin', user: { email: 'me@example.com' } }],
    [['grant-admin', '--uid', 'u1'], { act: 'grant-admin', user: { uid: 'u1' } }],
    [['revoke-role', '--uid', 'u1'], { act: 'revoke-role', user: { uid: 'u1' } }],
    [['write-policy', 'open'], { act: 'write-policy', policy: 'open', id: 'default', force: false }],
    [
      ['write-policy', 'open', '--id', 'google.com', '--force'],
      { act: 'write-policy', policy: 'open', id: 'google.com', force: true },
    ],
    [['write-prices', '--force'], { act: 'write-prices', force: true }],
    [['erase', '--uid', 'u1'], { act: 'erase', uid: 'u1' }],
  ])('reads %j', (args, what) => {
    expect(readOrder([...args, ...place])).toEqual({
      place: { project: 'my-app', database: '(default)', names: COLLECTIONS },
      reason: '',
      what,
    });
  });

  it('reads another database, collections of other names, and why', () => {
    const more = ['--database', 'voice', '--collections', '{"audit":"voiceAudit"}', '--reason', 'asked'];
    expect(readOrder(['write-prices', ...place, ...more])).toMatchObject({
      place: { database: 'voice', names: { ...COLLECTIONS, audit: 'voiceAudit' } },
      reason: 'asked',
    });
  });

  it.each([
    [[], 'Say what to do'],
    [['make-admin', ...place], 'There is no act "make-admin"'],
    [['write-prices'], '--project <id>'],
    [['write-prices', '--project', ''], '--project <id>'],
    [['grant-admin', ...place], 'Name one user'],
    [['grant-admin', '--uid', 'u1', '--email', 'a@b', ...place], 'Name one user'],
    [['grant-admin', 'u1', ...place], 'takes options only'],
    [['grant-admin', '--uid', 'a/b', ...place], 'no slash'],
    [['write-policy', ...place], 'write-policy open'],
    [['write-policy', 'locked', ...place], 'write-policy open'],
    [['write-policy', 'open', '--id', 'a/b', ...place], '--id'],
    [['write-policy', 'open', '--uid', 'u1', ...place], 'takes no --uid'],
    [['erase', ...place], '--uid <uid>'],
    [['erase', '--uid', 'u1', '--force', ...place], 'takes no --force'],
    [['write-prices', '--forse', ...place], '--forse'],
    [['write-prices', '--reason', 'x'.repeat(501), ...place], '500 characters'],
    [['write-prices', '--collections', 'voice', ...place], '--collections is JSON'],
    [['write-prices', '--collections', '{"toString":"x"}', ...place], '--collections is JSON'],
    [['write-prices', '--collections', '{"audit":"a/b"}', ...place], '--collections is JSON'],
  ])('says what is wrong with %j, and where the examples are', (args, problem) => {
    expect(() => readOrder(args)).toThrow(problem);
    expect(() => readOrder(args)).toThrow('npm run operate -- --help');
  });
});
