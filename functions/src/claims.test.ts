import { describe, expect, it } from 'vitest';
import { checkClaimsFit, claimsWithTier, MOST_CLAIMS_CHARACTERS, tierIn } from './claims.ts';

describe('the claim that names a policy', () => {
  it('is a text, or none', () => {
    expect(tierIn({ livegatePolicy: 'paying' })).toBe('paying');
    expect([{}, { livegatePolicy: 7 }, { livegatePolicy: null }].map(tierIn)).toEqual([null, null, null]);
  });

  it('is set and taken beside the role and the claims of the app', () => {
    const claims = { plan: 'gold', livegate: 'admin' };
    expect(claimsWithTier(claims, 'paying')).toEqual({ ...claims, livegatePolicy: 'paying' });
    expect(claimsWithTier({ ...claims, livegatePolicy: 'paying' }, null)).toEqual(claims);
  });
});

describe('checkClaimsFit', () => {
  it('takes what Auth takes, and refuses one character more by its field', () => {
    const claims = (length: number) => ({ much: 'x'.repeat(length - '{"much":""}'.length) });
    expect(() => checkClaimsFit(claims(MOST_CLAIMS_CHARACTERS), 'tier')).not.toThrow();
    expect(() => checkClaimsFit(claims(MOST_CLAIMS_CHARACTERS + 1), 'tier')).toThrow(
      expect.objectContaining({ details: { reason: 'invalid', field: 'tier' } }),
    );
  });
});
