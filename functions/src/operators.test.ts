import { describe, expect, it } from 'vitest';
import {
  claimsWith,
  isLowered,
  listedRole,
  rolesOf,
  withoutPending,
  withPending,
  withRole,
} from './operators.ts';

const stored = rolesOf({ v: 1, admins: ['a', 'b'], viewers: ['c'] });

describe('the list of operators', () => {
  it('holds a user in one role at most', () => {
    expect(withRole(stored, 'c', 'admin')).toMatchObject({ admins: ['a', 'b', 'c'], viewers: [] });
    expect(withRole(stored, 'a', 'viewer')).toMatchObject({ admins: ['b'], viewers: ['c', 'a'] });
    expect(withRole(stored, 'a', null)).toMatchObject({ admins: ['b'], viewers: ['c'] });
    expect(withRole(stored, 'b', 'admin').admins).toEqual(['a', 'b']);
  });

  it('is empty where nobody wrote it', () => {
    expect(rolesOf(undefined)).toEqual({ v: 1, admins: [], viewers: [], pending: {} });
    expect(listedRole(rolesOf(undefined), 'a')).toBeNull();
  });

  it('keeps an end of sign-ins that is still to come when another role is decided', () => {
    const taken = withPending(stored, 'a', { role: null, revoke: true });
    expect(withPending(taken, 'a', { role: 'admin', revoke: false }).pending).toEqual({
      a: { role: 'admin', revoke: true },
    });
    expect(withPending(stored, 'a', { role: 'admin', revoke: false }).pending).toEqual({
      a: { role: 'admin', revoke: false },
    });
    expect(withoutPending(taken, 'a').pending).toEqual({});
  });
});

describe('isLowered', () => {
  it('is true for less than before, and for nothing else', () => {
    expect([isLowered('admin', 'viewer'), isLowered('admin', null), isLowered('viewer', null)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isLowered(null, 'viewer'), isLowered('viewer', 'admin'), isLowered('admin', 'admin')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('claimsWith', () => {
  it("changes Livegate's claim and leaves the app's own as they are", () => {
    const own = { plan: 'gold', teams: ['x'] };
    expect(claimsWith(own, 'viewer')).toEqual({ ...own, livegate: 'viewer' });
    expect(claimsWith({ ...own, livegate: 'admin' }, null)).toEqual(own);
  });
});
