import type { MintAnswer } from '@livegate/protocol';
import { describe, expect, test } from 'vitest';
import { type LeaseTimes, type LeaseView, leaseTimes, mintOp, nextStep } from './lease-policy.ts';

const answer = (serverTime: number, seconds: number): MintAnswer =>
  ({
    serverTime,
    expiresAt: serverTime + seconds * 1_000,
    renewAfter: serverTime + seconds * 1_000 - (seconds < 60 ? seconds * 500 : 30_000),
    startBy: serverTime + Math.min(60, seconds) * 1_000,
  }) as MintAnswer;

describe('leaseTimes', () => {
  test('counts from the server’s time, whatever the device believes', () => {
    const times = leaseTimes(answer(1_700_000_000_000, 120), 1_000, 1_000);
    expect(times).toEqual({
      renewAt: 91_000,
      forceAt: 116_000,
      expiresAt: 121_000,
      startBy: 61_000,
      leaseEndsAt: 121_000,
    });
  });

  test('counts an end from the question and a beginning from the answer', () => {
    const times = leaseTimes(answer(50_000, 120), 0, 800);
    expect(times.expiresAt).toBe(120_000);
    expect(times.renewAt).toBe(90_800);
  });

  test('lets a slow function shorten a lease by two seconds at most', () => {
    expect(leaseTimes(answer(50_000, 120), 0, 9_000).expiresAt).toBe(127_000);
  });

  test('scales the margins of a lease under a minute', () => {
    const { renewAt, forceAt } = leaseTimes(answer(0, 12), 0, 0);
    expect([renewAt, forceAt]).toEqual([6_000, 9_000]);
    expect(leaseTimes(answer(0, 20), 0, 0).forceAt).toBe(15_000);
  });
});

describe('nextStep', () => {
  const lease: LeaseTimes = {
    renewAt: 90_000,
    forceAt: 115_000,
    expiresAt: 120_000,
    startBy: 60_000,
    leaseEndsAt: 120_000,
  };
  const next: LeaseTimes = {
    renewAt: 360_000,
    forceAt: 385_000,
    expiresAt: 390_000,
    startBy: 150_000,
    leaseEndsAt: 390_000,
  };
  const view = (over: Partial<LeaseView>): LeaseView => ({
    lease,
    next: undefined,
    renewal: { state: 'idle' },
    leaveBy: undefined,
    canReuse: true,
    quiet: true,
    settled: true,
    stop: undefined,
    ...over,
  });
  const talking = { quiet: false, settled: false };

  test('does not take up a token again that can open nothing', () => {
    const going = { leaveBy: 50_000, canReuse: false };
    expect(nextStep(view(going), 40_000)).toEqual({ do: 'mint', op: 'remint' });
    expect(nextStep(view({ ...going, next }), 40_000)).toMatchObject({ do: 'swap', with: 'next' });
  });

  test('leaves a server that goes away once the state holds the last turn, by its time at the latest', () => {
    const unsettled = { leaveBy: 100_000, settled: false };
    expect(nextStep(view(unsettled), 80_000)).toMatchObject({ do: 'wait', until: 90_000 });
    expect(nextStep(view({ ...unsettled, next }), 80_000)).toEqual({ do: 'wait', until: 100_000 });
    expect(nextStep(view({ ...unsettled, next }), 100_000)).toMatchObject({ do: 'swap', by: 'goAway' });
  });

  test('waits for the renewal to open, then asks', () => {
    expect(nextStep(view({}), 89_999)).toEqual({ do: 'wait', until: 90_000 });
    expect(nextStep(view({}), 90_000)).toEqual({ do: 'mint', op: 'renew' });
  });

  test('asks once while a question is under way', () => {
    expect(nextStep(view({ renewal: { state: 'asked' } }), 91_000)).toEqual({ do: 'wait', until: 120_000 });
  });

  test('asks again when a refusal’s time is over, not before', () => {
    const renewal = { state: 'retry', at: 95_000 } as const;
    expect(nextStep(view({ renewal }), 94_999)).toEqual({ do: 'wait', until: 95_000 });
    expect(nextStep(view({ renewal }), 95_000)).toEqual({ do: 'mint', op: 'renew' });
  });

  test('moves at the first boundary once it has the next token', () => {
    expect(nextStep(view({ next, ...talking }), 100_000)).toEqual({ do: 'wait', until: 115_000 });
    expect(nextStep(view({ next }), 100_000)).toEqual({ do: 'swap', with: 'next', by: 'lease' });
  });

  test('waits at a boundary whose state cannot be resumed yet', () => {
    expect(nextStep(view({ next, settled: false }), 100_000).do).toBe('wait');
  });

  test('moves in mid-turn five seconds before the end', () => {
    expect(nextStep(view({ next, ...talking }), 114_999).do).toBe('wait');
    expect(nextStep(view({ next, ...talking }), 115_000)).toEqual({ do: 'swap', with: 'next', by: 'lease' });
  });

  test('moves in mid-turn before the next token can no longer be opened', () => {
    const soon = { ...next, startBy: 102_000 };
    expect(nextStep(view({ next: soon, ...talking }), 100_000).do).toBe('swap');
    expect(nextStep(view({ next: soon, ...talking }), 99_999)).toEqual({ do: 'wait', until: 100_000 });
  });

  test('holds everything when the token dies before the next one is here', () => {
    expect(nextStep(view({ renewal: { state: 'asked' } }), 120_000)).toEqual({ do: 'resume' });
  });

  test('lets a session lapse at the end of its lease when renewal was refused, not before', () => {
    const renewal = { state: 'refused', reason: 'minutes-day' } as const;
    expect(nextStep(view({ renewal }), 119_999)).toEqual({ do: 'wait', until: 120_000 });
    expect(nextStep(view({ renewal }), 120_000)).toEqual({ do: 'lapse', refusal: 'minutes-day' });
  });

  test('lets a lease without renewal lapse', () => {
    const single = { ...lease, renewAt: Number.POSITIVE_INFINITY };
    expect(nextStep(view({ lease: single }), 119_000)).toEqual({ do: 'wait', until: 120_000 });
    expect(nextStep(view({ lease: single }), 120_000)).toEqual({ do: 'lapse', refusal: 'single-lease' });
  });

  test('leaves a server that goes away with the running token while that is worth it', () => {
    const going = { leaveBy: 50_000 };
    expect(nextStep(view(going), 40_000)).toEqual({ do: 'swap', with: 'held', by: 'goAway' });
    expect(nextStep(view({ ...going, ...talking }), 49_999)).toEqual({ do: 'wait', until: 50_000 });
    expect(nextStep(view({ ...going, ...talking }), 50_000).do).toBe('swap');
  });

  test('gets another token to leave with when the running one has under 20 s', () => {
    const short = { ...lease, renewAt: 200_000 };
    expect(nextStep(view({ lease: short, leaveBy: 119_000 }), 100_000).do).toBe('swap');
    expect(nextStep(view({ lease: short, leaveBy: 119_000 }), 100_001)).toEqual({ do: 'mint', op: 'remint' });
    const asked = view({ lease: short, leaveBy: 101_000, renewal: { state: 'asked' } });
    expect(nextStep(asked, 102_000)).toEqual({ do: 'wait', until: 120_000 });
  });

  test('stops at once for an operator and after the turn for a limit', () => {
    const revoked = { stop: { reason: 'revoked' }, ...talking } as const;
    const quota = { stop: { reason: 'quota' }, ...talking } as const;
    expect(nextStep(view(revoked), 10_000).do).toBe('stop');
    expect(nextStep(view(quota), 10_000)).toEqual({ do: 'wait', until: 115_000 });
    expect(nextStep(view({ ...quota, quiet: true }), 10_000).do).toBe('stop');
    expect(nextStep(view(quota), 115_000).do).toBe('stop');
  });
});

test('mintOp asks for the next lease once that is open, else inside this one', () => {
  const lease: LeaseTimes = {
    renewAt: 90_000,
    forceAt: 115_000,
    expiresAt: 120_000,
    startBy: 60_000,
    leaseEndsAt: 120_000,
  };
  expect(mintOp(lease, 89_999)).toBe('remint');
  expect(mintOp(lease, 90_000)).toBe('renew');

  // After a re-mint: the lease is used up first, where a minute or more of it is left.
  const reminted = { ...lease, leaseEndsAt: 180_000 };
  expect(mintOp(reminted, 90_000)).toBe('remint');
  expect(mintOp({ ...lease, leaseEndsAt: 179_999 }, 90_000)).toBe('renew');
  expect(mintOp(reminted, 125_000)).toBe('renew');
});

test('leaseTimes knows the lease’s own end under a token that was re-minted', () => {
  expect(leaseTimes(answer(0, 120), 0, 0, 500_000).leaseEndsAt).toBe(500_000);
  expect(leaseTimes(answer(0, 120), 0, 0, 60_000).leaseEndsAt).toBe(120_000);
});
