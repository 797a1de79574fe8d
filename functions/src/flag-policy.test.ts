import { type LeaseEntry, NO_USAGE } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { flagsOf } from './flag-policy.ts';

const BEGIN = Date.parse('2026-11-21T12:00:00Z');

/** A session whose tokens were asked for at these seconds; the first is its start. */
function session(reportedSeconds: number, ...asked: readonly (readonly [LeaseEntry['op'], number])[]) {
  const leases = [['start', 0] as const, ...asked].map(([op, seconds], index) => [
    `lease-${index}`,
    {
      index,
      op,
      connectionId: `connection-${index}`,
      mintedAt: BEGIN + seconds * 1_000,
      expiresAt: BEGIN + (seconds + 600) * 1_000,
      state: 'issued' as const,
    },
  ]);
  return {
    createdAt: BEGIN,
    leases: Object.fromEntries(leases) as Readonly<Record<string, LeaseEntry>>,
    reported: { seconds: reportedSeconds, totals: NO_USAGE, at: null },
  };
}

describe('flagsOf', () => {
  it('flags a session that reported less than half of the time up to its newest renewal', () => {
    expect(flagsOf(session(199, ['renew', 90], ['renew', 400]))).toEqual(['under-reported']);
    expect(flagsOf(session(200, ['renew', 90], ['renew', 400]))).toEqual([]);
  });

  it('flags one that went on for 120 s without a report, and none that went on for less', () => {
    expect(flagsOf(session(0, ['renew', 120]))).toEqual(['under-reported']);
    expect(flagsOf(session(0, ['renew', 119]))).toEqual([]);
  });

  it('flags no talk of five seconds in a long lease', () => {
    expect(flagsOf(session(5))).toEqual([]);
  });

  it('flags no page that crashed in its only lease, or after a renewal', () => {
    expect(flagsOf(session(0))).toEqual([]);
    expect(flagsOf(session(330, ['renew', 90], ['renew', 360]))).toEqual([]);
  });

  it('flags no page that was gone for a while and came back with a re-mint', () => {
    expect(flagsOf(session(150, ['renew', 90], ['remint', 500]))).toEqual([]);
    expect(flagsOf(session(150, ['renew', 90], ['renew', 500]))).toEqual(['under-reported']);
  });
});
