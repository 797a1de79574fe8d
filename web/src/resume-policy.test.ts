import { describe, expect, test } from 'vitest';
import {
  afterFailure,
  backoffMs,
  canUseHeld,
  type FailedAttempt,
  GIVE_UP_AFTER_MS,
  isTransient,
  TRIES_PER_TOKEN,
} from './resume-policy.ts';

describe('afterFailure', () => {
  const attempt = (over: Partial<FailedAttempt>): FailedAttempt => ({
    code: undefined,
    resumed: true,
    tries: 1,
    held: false,
    startBy: 60_000,
    since: 0,
    ...over,
  });

  test('tries a token again while the network is away, and another one after that', () => {
    expect(afterFailure(attempt({}), 1_000)).toBe('same-token');
    expect(afterFailure(attempt({ tries: TRIES_PER_TOKEN }), 1_000)).toBe('new-token');
  });

  test('does not try a token that can no longer open a session', () => {
    expect(afterFailure(attempt({ startBy: 1_000 }), 1_000)).toBe('new-token');
  });

  test('uses the held token for one try', () => {
    expect(afterFailure(attempt({ held: true }), 1_000)).toBe('new-token');
  });

  test.each([1007, 1008])('starts afresh when a new token’s resume is refused with %i', (code) => {
    expect(afterFailure(attempt({ code }), 1_000)).toBe('fresh');
    expect(afterFailure(attempt({ code, held: true }), 1_000)).toBe('new-token');
  });

  test('gives up when even a fresh start is refused', () => {
    expect(afterFailure(attempt({ code: 1007, resumed: false }), 1_000)).toBe('give-up');
  });

  test.each([1006, 1011])('goes on trying after %i', (code) => {
    expect(afterFailure(attempt({ code }), 1_000)).toBe('same-token');
  });

  test('gives up after a minute', () => {
    expect(afterFailure(attempt({ startBy: 1e9 }), GIVE_UP_AFTER_MS - 1)).toBe('same-token');
    expect(afterFailure(attempt({ startBy: 1e9 }), GIVE_UP_AFTER_MS)).toBe('give-up');
  });
});

describe('canUseHeld', () => {
  const lease = {
    renewAt: 90_000,
    forceAt: 115_000,
    expiresAt: 120_000,
    startBy: 60_000,
    leaseEndsAt: 120_000,
  };

  test('takes the paid token once, with a handle, while 20 s of it are left', () => {
    expect(canUseHeld(lease, 100_000, true, false)).toBe(true);
    expect(canUseHeld(lease, 100_001, true, false)).toBe(false);
    expect(canUseHeld(lease, 100_000, false, false)).toBe(false);
    expect(canUseHeld(lease, 100_000, true, true)).toBe(false);
  });
});

describe('backoffMs', () => {
  test('doubles to eight seconds and spreads over half of it', () => {
    expect([0, 1, 2, 9].map((attempt) => backoffMs(attempt, () => 1))).toEqual([500, 1_000, 2_000, 8_000]);
    expect(backoffMs(1, () => 0)).toBe(500);
  });
});

test('isTransient tells refusals that time heals from final ones', () => {
  expect(isTransient('contention')).toBe(true);
  expect(isTransient('minutes-day')).toBe(false);
  expect(isTransient(undefined)).toBe(true);
});
