import { describe, expect, it } from 'vitest';
import { roleOf, signInProblem } from './access.ts';

describe('roleOf', () => {
  it('knows the two roles', () => {
    expect(roleOf({ livegate: 'viewer' })).toBe('viewer');
    expect(roleOf({ livegate: 'admin' })).toBe('admin');
  });

  it.each([{}, { livegate: true }, { livegate: 'owner' }, { livegate: ['admin'] }, { admin: true }, null])(
    'finds no role in %o',
    (claims) => {
      expect(roleOf(claims)).toBeUndefined();
    },
  );
});

describe('signInProblem', () => {
  it('says the same of a wrong password and of an unknown address', () => {
    expect(signInProblem({ code: 'auth/user-not-found' })).toBe(
      signInProblem({ code: 'auth/wrong-password' }),
    );
  });

  it('says nothing of a pop-up that was closed, and something of one that was blocked', () => {
    expect(signInProblem({ code: 'auth/popup-closed-by-user' })).toBeUndefined();
    expect(signInProblem({ code: 'auth/popup-blocked' })).toContain('Allow pop-ups');
  });

  it('names the code of a failure that it does not know', () => {
    expect(signInProblem({ code: 'auth/never-seen' })).toContain('auth/never-seen');
    expect(signInProblem('what')).toContain('unknown');
  });
});
