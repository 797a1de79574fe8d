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
  ])('hides what is secret in %s', (text) => {
    expect(redact(text)).toContain('[hidden]');
    expect(redact(text)).not.toMatch(/canary|Canary|short|Zm9y/);
  });

  it('leaves a plain sentence as it is', () => {
    expect(redact('socket hang up')).toBe('socket hang up');
  });
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
});
