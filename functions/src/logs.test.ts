import { describe, expect, it } from 'vitest';
import { createLog, redact } from './logs.ts';

describe('redact', () => {
  const canary = 'Zm9yYmlkZGVuLWNhbmFyeS1vZi1hLWhhbmRsZS10aGF0LWlzLWxvbmc';
  it.each([
    `auth_tokens/${canary}`,
    'auth_tokens/short',
    'AIzaSyCanaryCanaryCanary',
    'https://host/path?access_token=auth_tokens%2Fcanary&x=1',
    `handle ${canary}`,
    'POST /v1alpha/auth_tokens%2Fcanary failed',
    'AQ.Ab8canaryCanary-canary',
    '{"handle":"canary"}',
    'x-goog-api-key: canary',
    'authorization: Bearer canary',
  ])('hides what is secret in %s', (text) => {
    expect(redact(text)).toContain('[hidden]');
    expect(redact(text)).not.toMatch(/canary|Canary|short|Zm9y/);
  });

  it.each(['socket hang up', 'closing the books of shard 3', 'the key of the door'])(
    'leaves %s as it is',
    (text) => {
      expect(redact(text)).toBe(text);
    },
  );
});

describe('createLog', () => {
  it('tells of an unexpected error without what it held', () => {
    const lines: unknown[] = [];
    createLog((...line) => lines.push(line)).unexpected(new Error('bad auth_tokens/canary'), 'minting');
    expect(JSON.stringify(lines)).toContain('unexpected error while minting');
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it("tells an error's name, code and place, and not a word of its message or cause", () => {
    const lines: unknown[][] = [];
    const error = Object.assign(new TypeError('what somebody said\n    at home (in/a/sentence)'), {
      code: 'auth/internal-error',
      cause: new Error('and why'),
    });
    createLog((...line) => lines.push(line)).unexpected(error, 'minting');
    expect(lines[0]?.[2]).toMatchObject({ name: 'TypeError', code: 'auth/internal-error' });
    expect(JSON.stringify(lines)).toMatch(/"at":"at .*logs\.test\.ts/);
    expect(JSON.stringify(lines)).not.toMatch(/somebody|sentence|why/);
  });

  it('tells nothing but the kind of what is no error, and no code that is a sentence', () => {
    const lines: unknown[][] = [];
    const log = createLog((...line) => lines.push(line));
    log.unexpected('what somebody said', 'minting');
    log.unexpected(Object.assign(new Error('x'), { code: 'what somebody said' }), 'minting');
    expect(lines.map((line) => line[2])).toMatchObject([{ name: 'string' }, { name: 'Error' }]);
    expect(JSON.stringify(lines)).not.toContain('somebody');
  });

  it('tells an error’s name, code and place, and nothing of what it says', () => {
    const lines: unknown[] = [];
    const said = 'we met in canary\n    at canary (file:///canary.ts:1:1)';
    const error = Object.assign(new RangeError(said, { cause: new Error(said) }), {
      code: 'auth/internal-error',
    });
    createLog((...line) => lines.push(line)).unexpected(error, 'minting');
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(lines).toMatchObject([
      [
        'ERROR',
        'unexpected error while minting',
        {
          name: 'RangeError',
          code: 'auth/internal-error',
          at: expect.stringMatching(/^at .*logs\.test\.ts/),
        },
      ],
    ]);
  });

  it.each([
    [Object.assign(new Error('x'), { name: 'we met', code: 'in the canary' }), 'Error'],
    ['canary', 'string'],
    [{ message: 'canary' }, 'object'],
  ])('tells of %o no more than that it is one', (error, name) => {
    const lines: unknown[] = [];
    createLog((...line) => lines.push(line)).unexpected(error, 'minting');
    expect(JSON.stringify(lines)).not.toMatch(/canary|we met/);
    expect(lines).toMatchObject([[expect.anything(), expect.anything(), { name }]]);
  });
});
