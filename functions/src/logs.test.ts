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
});
