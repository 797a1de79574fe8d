import { describe, expect, it } from 'vitest';
import { placeOf, sessionPath, sessionsPath, userPath } from './places.ts';

describe('the addresses', () => {
  it('hold any id as one segment', () => {
    expect(userPath('a/b?c#d')).toBe('/users/a%2Fb%3Fc%23d');
    expect(sessionPath('abc')).toBe('/sessions/abc');
  });

  it('carry a filter as parameters, and nothing without one', () => {
    expect(sessionsPath({ uid: 'x&y', state: 'ended' })).toBe('/sessions?uid=x%26y&state=ended');
    expect(sessionsPath()).toBe('/sessions');
  });
});

describe('placeOf', () => {
  it('finds the entry of the menu that a page stands under', () => {
    expect(placeOf('/')?.title).toBe('Now');
    expect(placeOf('/sessions/abc')?.title).toBe('Sessions');
    expect(placeOf('/settings/policies/default')?.title).toBe('Settings');
    expect(placeOf('/nowhere')).toBeUndefined();
  });
});
