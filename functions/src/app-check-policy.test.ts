import { describe, expect, it } from 'vitest';
import { type AppCheckVerdict, checkApp, verdictOf } from './app-check-policy.ts';
import { Refusal } from './refusal.ts';

const decide = (verdict: AppCheckVerdict, enforce: boolean, replayProtection: boolean): string => {
  try {
    checkApp(verdict, { enforce, replayProtection });
    return 'let in';
  } catch (error) {
    return error instanceof Refusal ? `${error.code} ${error.details.reason}` : String(error);
  }
};

describe('verdictOf', () => {
  it.each([
    [{ sent: false, app: undefined }, 'missing'],
    [{ sent: true, app: undefined }, 'invalid'],
    [{ sent: true, app: { alreadyConsumed: true } }, 'consumed'],
    [{ sent: true, app: { alreadyConsumed: false } }, 'ok'],
    [{ sent: true, app: {} }, 'ok'],
  ])('reads %o as %s', (request, verdict) => {
    expect(verdictOf(request)).toBe(verdict);
  });
});

describe('checkApp', () => {
  const no = 'permission-denied app-check';
  it.each([
    ['ok', 'let in', 'let in', 'let in'],
    ['missing', no, 'let in', no],
    ['invalid', no, 'let in', no],
    // A token that was used before is still an app's own: only replay protection minds.
    ['consumed', 'let in', 'let in', no],
  ] as const)(
    '%s: enforced %s, not enforced %s, with replay protection %s',
    (verdict, enforced, lax, once) => {
      expect(decide(verdict, true, false)).toBe(enforced);
      expect(decide(verdict, false, false)).toBe(lax);
      expect(decide(verdict, true, true)).toBe(once);
    },
  );

  it('refuses a used token, and a call without one, where replay protection stands alone', () => {
    expect(decide('consumed', false, true)).toBe(no);
    expect(decide('missing', false, true)).toBe(no);
    expect(decide('invalid', false, true)).toBe(no);
    expect(decide('ok', false, true)).toBe('let in');
  });
});
