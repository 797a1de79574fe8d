import { describe, expect, it } from 'vitest';
import { latestDeath, revokedSession, revokedTokens } from './admin-session-policy.ts';

const NOW = 1_000_000;
const LIVE = { state: 'active', open: true, deadAt: NOW + 1, endedAt: null } as const;

describe('revokedSession', () => {
  it('ends a session whose token is alive, and leaves the books open', () => {
    expect(revokedSession(LIVE, { now: NOW, stopReason: 'blocked' })).toEqual({
      state: 'revoked',
      stopReason: 'blocked',
      endedAt: NOW,
    });
  });

  it('keeps the time at which the user said goodbye', () => {
    const ended = { ...LIVE, state: 'ended', endedAt: NOW - 5 } as const;
    expect(revokedSession(ended, { now: NOW, stopReason: 'revoked' })?.endedAt).toBe(NOW - 5);
  });

  it.each([
    ['was ended by an operator before', { ...LIVE, state: 'revoked' as const }],
    ['has its books closed', { ...LIVE, open: false }],
    ['died by itself', { ...LIVE, deadAt: NOW }],
  ])('changes nothing of a session that %s', (_, session) => {
    expect(revokedSession(session, { now: NOW, stopReason: 'revoked' })).toBeNull();
  });
});

describe('revokedTokens', () => {
  const token = (sessionId: string) => ({ sessionId, index: 0, mintedAt: 0, expiresAt: NOW });
  const tokens = { one: token('s1'), two: token('s2') };

  it('marks those of one session, or all, and takes none away', () => {
    expect(revokedTokens(tokens, 's1')).toEqual({ one: { ...tokens.one, revoked: true }, two: tokens.two });
    expect(Object.values(revokedTokens(tokens) ?? {}).map(({ revoked }) => revoked)).toEqual([true, true]);
  });

  it('says so where all were marked before', () => {
    const marked = revokedTokens(tokens) ?? {};
    expect(revokedTokens(marked)).toBeNull();
    expect(revokedTokens(tokens, 's3')).toBeNull();
  });
});

describe('latestDeath', () => {
  it('is the last instant that is still to come', () => {
    expect(latestDeath([NOW + 2, NOW + 5, NOW - 9], NOW)).toBe(NOW + 5);
    expect(latestDeath([NOW], NOW)).toBeUndefined();
    expect(latestDeath([], NOW)).toBeUndefined();
  });
});
