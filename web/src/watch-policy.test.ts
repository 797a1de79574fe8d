import { describe, expect, it } from 'vitest';
import { stopOf } from './watch-policy.ts';

describe('stopOf', () => {
  it.each([
    [{ state: 'revoked', stopReason: 'revoked' }, 'revoked'],
    [{ state: 'revoked', stopReason: 'blocked' }, 'blocked'],
    [{ state: 'revoked', stopReason: null }, 'revoked'],
    // An erasure ends the session as the operator's revocation does, and as the callables tell of it.
    [{ state: 'revoked', stopReason: 'erased' }, 'revoked'],
  ])('reads the order that stands in %j', (document, reason) => {
    expect(stopOf(document)).toEqual({ reason });
  });

  it.each([
    [{ state: 'active', stopReason: null }],
    [{ state: 'reserved', stopReason: null }],
    [{ state: 'ended', stopReason: null }],
    [{ state: 'expired', stopReason: null }],
    [{ state: 'failed', stopReason: 'upstream-refused' }],
    [undefined],
    ['revoked'],
  ])('finds no order in %j', (document) => {
    expect(stopOf(document)).toBeUndefined();
  });
});
