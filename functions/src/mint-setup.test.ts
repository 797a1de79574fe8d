import type { LeaseEntry, LiveSessionDocument } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { deadSession } from './books-testing.ts';
import { goingOn } from './mint-setup.ts';
import { Refusal } from './refusal.ts';
import { MOST_TOKENS_OF_A_SESSION } from './session-document.ts';

const lease: LeaseEntry = {
  index: 0,
  op: 'start',
  connectionId: 'connection-0',
  mintedAt: 0,
  expiresAt: 1,
  state: 'issued',
};
const session = (more: Partial<LiveSessionDocument> = {}): LiveSessionDocument =>
  deadSession({ uid: 'alice', state: 'active', open: true, ...more });
const withTokens = (count: number): LiveSessionDocument =>
  session({
    leases: Object.fromEntries(Array.from({ length: count }, (_, each) => [`lease-${each}`, lease])),
  });
const judged = (document: LiveSessionDocument | null, uid = 'alice'): string => {
  try {
    goingOn(document, { uid, provider: 'password' });
    return 'goes on';
  } catch (error) {
    return error instanceof Refusal ? error.details.reason : String(error);
  }
};

describe('a session that asks for more', () => {
  it.each([
    [session(), 'goes on'],
    [session({ state: 'revoked' }), 'revoked'],
    [session({ open: false }), 'session-over'],
    [null, 'no-session'],
  ])('%#: %s', (document, verdict) => {
    expect(judged(document)).toBe(verdict);
  });

  it('goes on for its owner only', () => {
    expect(judged(session(), 'bob')).toBe('not-owner');
  });

  it('has so many tokens and no more, so that its document stays small', () => {
    expect(judged(withTokens(MOST_TOKENS_OF_A_SESSION - 1))).toBe('goes on');
    expect(judged(withTokens(MOST_TOKENS_OF_A_SESSION))).toBe('session-over');
  });
});
