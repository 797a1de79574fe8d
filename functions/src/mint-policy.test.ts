import type { LivePolicyDocument, LiveQuotaDocument } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideMint, type MintGrant, type MintQuestion, type MintRefusal } from './mint-policy.ts';
import { dayOf, emptyQuota, monthOf, quotaWithout } from './quota-window.ts';
import { policyWith } from './testing.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const question = (changes: Partial<MintQuestion> = {}): MintQuestion => ({
  op: 'start',
  requestId: 'request-1',
  sessionId: 'session-1',
  leaseId: 'lease-1',
  now: NOON,
  policy: policyWith(),
  quota: null,
  ...changes,
});
const verdict = (decision: MintGrant | MintRefusal): string =>
  decision.granted ? 'granted' : decision.details.reason;
const grantOf = (decision: MintGrant | MintRefusal): MintGrant => {
  if (!decision.granted) throw new Error(decision.message);
  return decision;
};

describe('decideMint', () => {
  it('denies a blocked user what it grants another', () => {
    const quota = emptyQuota(NOON, 6);
    const blocked = { reason: 'abuse', at: NOON };
    expect(verdict(decideMint(question({ quota })))).toBe('granted');
    expect(verdict(decideMint(question({ quota: { ...quota, blocked } })))).toBe('blocked');
  });

  it('lets a policy of less than one session a minute admit one, and one of none admit nobody', () => {
    const slow = policyWith({ sessionsPerMinute: 0.5, concurrentSessions: 5 });
    const { quota } = grantOf(decideMint(question({ policy: slow })));
    const soon = decideMint(question({ policy: slow, quota, requestId: 'request-2', leaseId: 'lease-2' }));
    expect(soon).toMatchObject({ granted: false, details: { reason: 'rate', retryAfterMs: 120_000 } });
    const never = decideMint(question({ policy: policyWith({ sessionsPerMinute: 0 }) }));
    expect(never).toEqual(expect.objectContaining({ granted: false, details: { reason: 'rate' } }));
  });

  it('takes no inherited name for a request it knows', () => {
    const quota = emptyQuota(NOON, 6);
    expect(verdict(decideMint(question({ quota, requestId: 'constructor' })))).toBe('granted');
  });

  it('does not open a used-up window again for a clock that went back [threat:window:clock-back]', () => {
    const policy = policyWith({ minutesPerDay: 2, concurrentSessions: 9 });
    const midnight = Date.parse('2026-11-22T00:00:00Z');
    const { quota } = grantOf(decideMint(question({ policy, now: midnight })));
    const again = { policy, quota, sessionId: 's', leaseId: 'l', requestId: 'r' };
    expect(verdict(decideMint(question({ ...again, now: midnight - 1 })))).toBe('minutes-day');
    expect(verdict(decideMint(question({ ...again, now: midnight + 86_400_000 })))).toBe('granted');
  });

  it('lets a user talk on with minutes that were given for the day, and no minute longer [threat:raise:another-day]', () => {
    const policy = policyWith({ minutesPerDay: 2, minutesPerMonth: 3, concurrentSessions: 9 });
    const used = grantOf(decideMint(question({ policy }))).quota;
    const again = { policy, sessionId: 's', leaseId: 'l', requestId: 'r' };
    const raised = (day: string, minutes: number) => ({ ...used, raise: { day, minutes } });
    expect(verdict(decideMint(question({ ...again, quota: used })))).toBe('minutes-day');
    const more = grantOf(decideMint(question({ ...again, quota: raised('2026-11-21', 1) })));
    expect(more.window.expiresAt).toBe(NOON + 60_000);
    expect(more.quota.raise).toEqual({ day: '2026-11-21', minutes: 1 });
    for (const day of ['2026-11-20', '2026-11-22'])
      expect(verdict(decideMint(question({ ...again, quota: raised(day, 30) })))).toBe('minutes-day');
    const nextDay = { ...again, now: NOON + 86_400_000, quota: raised('2026-11-21', 30) };
    expect(grantOf(decideMint(question(nextDay))).window.expiresAt).toBe(nextDay.now + 60_000);
  });

  it('raises the month alike on that day, and leaves what has no bound without one', () => {
    const policy = policyWith({ minutesPerDay: null, minutesPerMonth: 2, concurrentSessions: 9 });
    const used = grantOf(decideMint(question({ policy }))).quota;
    const again = { sessionId: 's', leaseId: 'l', requestId: 'r' };
    const quota = { ...used, raise: { day: '2026-11-21', minutes: 1 } };
    expect(verdict(decideMint(question({ ...again, policy, quota: used })))).toBe('minutes-month');
    expect(grantOf(decideMint(question({ ...again, policy, quota }))).window.expiresAt).toBe(NOON + 60_000);
    const unbounded = { ...policy, minutesPerMonth: null };
    expect(grantOf(decideMint(question({ ...again, policy: unbounded, quota }))).window.expiresAt).toBe(
      NOON + 120_000,
    );
  });

  it('goes by the newest token of a session after a drop, dead or not, while another of it lives', () => {
    const policy = policyWith({ leaseSeconds: [60, 600], minutesPerDay: 600 });
    const mint = (now: number, op: MintQuestion['op'], quota: LiveQuotaDocument | null) =>
      decideMint(question({ policy, quota, op, now, requestId: `r-${now}`, leaseId: `l-${now}` }));
    const first = grantOf(mint(NOON, 'start', null));
    const second = grantOf(mint(NOON + 40_000, 'renew', first.quota));
    expect(second.window.expiresAt).toBe(NOON + 640_000);
    const again = grantOf(mint(NOON + 50_000, 'remint', second.quota));
    expect(again.window.expiresAt).toBe(NOON + 110_000);
    // The re-minted token is dead; the lease it was minted in lives on, and so does the session.
    expect(grantOf(mint(NOON + 120_000, 'remint', again.quota)).index).toBe(1);
    expect(grantOf(mint(NOON + 120_000, 'renew', again.quota)).index).toBe(2);
    expect(verdict(mint(NOON + 640_000, 'renew', again.quota))).toBe('session-over');
  });
});

/** One call, or a step of the clock. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('start' as const), refused: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('renew' as const, 'remint' as const),
      session: fc.nat(20),
      refused: fc.nat(3).map((n) => n === 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('raise' as const),
      minutes: fc.constantFrom(0, 1, 2, 30),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 60_000, max: 8 * 3_600_000 })),
    }),
  },
);
const policies = fc.record({
  minutesPerDay: fc.constantFrom(3, 10, null),
  minutesPerMonth: fc.constantFrom(4, 12, null),
  concurrentSessions: fc.integer({ min: 1, max: 3 }),
  maxLiveTokens: fc.constantFrom(2, 4, null),
  sessionsPerMinute: fc.constantFrom(2, 1_000),
  leaseSeconds: fc.constantFrom([20], [120, 300, 600], [60, 30]),
  renewal: fc.constantFrom('resume' as const, 'single' as const),
  singleLeaseSeconds: fc.constant(150),
});

/** Plays steps; what was granted and never given back, with the windows it was charged to, and what was given on top. */
function play(
  policy: LivePolicyDocument,
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const granted: { sessionId: string; mintedAt: number; expiresAt: number; day: string; month: string }[] =
    [];
  const refusals: string[] = [];
  /** The most minutes that were given for a window. */
  const given = new Map<string, number>();
  const sessions: string[] = [];
  let quota: LiveQuotaDocument | null = null;
  let now = NOON;
  for (const [number, each] of steps.entries()) {
    if (each.do === 'wait') {
      now += each.ms;
      continue;
    }
    if (each.do === 'raise') {
      const { minutes } = each;
      quota = {
        ...(quota ?? emptyQuota(now, policy.sessionsPerMinute)),
        raise: { day: dayOf(now), minutes },
      };
      for (const window of [dayOf(now), monthOf(now)])
        given.set(window, Math.max(minutes, given.get(window) ?? 0));
      continue;
    }
    const sessionId =
      each.do === 'start' ? `s-${number}` : (sessions[each.session % Math.max(1, sessions.length)] ?? 'none');
    const ids = { sessionId, leaseId: `l-${number}`, requestId: `r-${number}` };
    const decision = decideMint({ ...ids, op: each.do, now, policy, quota });
    if (!decision.granted) {
      refusals.push(decision.details.reason);
      continue;
    }
    quota = decision.quota;
    if (each.refused) quota = quotaWithout(quota, decision.window, ids);
    else {
      granted.push({ sessionId, ...decision.window, day: quota.day, month: quota.month });
      if (each.do === 'start') sessions.push(sessionId);
    }
    const live = granted.filter(({ expiresAt }) => expiresAt > now);
    expect(live.length).toBeLessThanOrEqual(policy.maxLiveTokens ?? policy.concurrentSessions * 6);
    expect(new Set(live.map((token) => token.sessionId)).size).toBeLessThanOrEqual(policy.concurrentSessions);
  }
  return { granted, refusals, given };
}

const sumBy = (
  granted: ReturnType<typeof play>['granted'],
  window: 'day' | 'month',
): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const token of granted)
    sums.set(token[window], (sums.get(token[window]) ?? 0) + token.expiresAt - token.mintedAt);
  return sums;
};

describe('any order of calls and clock steps', () => {
  it('keeps the validity of all tokens within the minutes, and what is alive within the limits', () => {
    const met = new Map<string, number>();
    let runs = 0;
    fc.assert(
      fc.property(policies, fc.array(step, { minLength: 20, maxLength: 60 }), (changes, steps) => {
        const policy = policyWith(changes);
        const { granted, refusals, given } = play(policy, steps);
        const bounds = { day: policy.minutesPerDay, month: policy.minutesPerMonth };
        for (const window of ['day', 'month'] as const)
          for (const [name, sum] of sumBy(granted, window)) {
            const minutes = (bounds[window] ?? Number.POSITIVE_INFINITY) + (given.get(name) ?? 0);
            expect(sum, name).toBeLessThanOrEqual(minutes * 60_000);
          }
        runs++;
        for (const reason of new Set(refusals)) met.set(reason, (met.get(reason) ?? 0) + 1);
      }),
      { numRuns: 1_500 },
    );
    // Runs that never meet a limit would prove nothing.
    for (const reason of [
      'concurrency',
      'live-tokens',
      'minutes-day',
      'minutes-month',
      'rate',
      'renew-early',
    ])
      expect([reason, (met.get(reason) ?? 0) > runs / 100]).toEqual([reason, true]);
  });
});
