import { describe, expect, it } from 'vitest';
import { pathOfOldAddress } from './old-address.ts';

describe('pathOfOldAddress', () => {
  it('leads to the list with its filter, and to the session that was open', () => {
    expect(pathOfOldAddress('#/sessions')).toBe('/sessions');
    expect(pathOfOldAddress('#/sessions?state=ended')).toBe('/sessions?state=ended');
    expect(pathOfOldAddress('#/sessions?state=ended&session=abc123')).toBe('/sessions/abc123');
  });

  it.each(['a/liveOps/ops', '..', 'a%2Fb', ''])('opens no session by the id "%s"', (id) => {
    expect(pathOfOldAddress(`#/sessions?session=${id}`)).toBe('/sessions');
  });

  it('leaves out a state that there is not', () => {
    expect(pathOfOldAddress('#/sessions?state=asleep')).toBe('/sessions');
  });

  it('leaves other addresses alone', () => {
    expect(pathOfOldAddress('')).toBeUndefined();
    expect(pathOfOldAddress('#main')).toBeUndefined();
  });
});
