import { describe, expect, it } from 'vitest';
import { readRoute, routeHash } from './route.ts';

describe('readRoute', () => {
  it.each([
    { state: 'all', sessionId: null },
    { state: 'active', sessionId: null },
    { state: 'all', sessionId: 'Ab3-_xyz9' },
    { state: 'revoked', sessionId: 'Ab3-_xyz9' },
  ] as const)('reads back the link of %o', (route) => {
    expect(readRoute(routeHash(route))).toEqual(route);
  });

  it('opens the plain list where the address says nothing', () => {
    expect(readRoute('')).toEqual({ state: 'all', sessionId: null });
  });

  it('leaves out a state that does not exist', () => {
    expect(readRoute('#/sessions?state=asleep').state).toBe('all');
  });

  it.each(['a/liveOps/ops', '..', 'a%2Fb', ''])('leaves out the session id "%s"', (id) => {
    expect(readRoute(`#/sessions?session=${id}`).sessionId).toBeNull();
    expect(readRoute('#/sessions?session=fine').sessionId).toBe('fine');
  });
});
