import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld } from './support/world.ts';

/** Longer with LIVEGATE_LONG=1. */
const RUNS = process.env.LIVEGATE_LONG ? 300 : 25;

const step = fc.oneof(
  fc.record({ do: fc.constant('start' as const) }),
  fc.record({ do: fc.constant('renew' as const), session: fc.nat(5) }),
  fc.record({ do: fc.constant('remint' as const), session: fc.nat(5) }),
  fc.record({ do: fc.constant('goodbye' as const), session: fc.nat(5) }),
  fc.record({ do: fc.constant('sweep' as const) }),
  fc.record({
    do: fc.constant('wait' as const),
    ms: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 5_000, max: 200_000 })),
  }),
  fc.record({
    do: fc.constant('upstream' as const),
    next: fc.constantFrom('minted' as const, 'refused' as const, 'unknown' as const),
  }),
);

describe('any order of calls', () => {
  it('never makes tokens of more validity than the quota, nor more at once than the policy allows', async () => {
    let limited = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const policy = {
          minutesPerDay: 4,
          concurrentSessions: 2,
          maxLiveTokens: 4,
          leaseSeconds: [60, 120, 240],
        };
        const world = createWorld({ policy });
        const sessions: { sessionId: string; connectionId: string }[] = [];
        let seq = 0;
        for (const each of steps) {
          const known = 'session' in each ? sessions[each.session % Math.max(1, sessions.length)] : undefined;
          if (each.do === 'wait') world.now += each.ms;
          else if (each.do === 'sweep') await world.sweep();
          else if (each.do === 'upstream') {
            const { next } = each;
            world.upstream = () =>
              next === 'minted'
                ? { outcome: 'minted', token: 'auth_tokens/x' }
                : next === 'refused'
                  ? { outcome: 'refused', status: 400 }
                  : { outcome: 'unknown', problem: 'x' };
          } else if (each.do === 'start') {
            const outcome = await world.start();
            if (outcome.ok) sessions.push(outcome.answer);
            else if (outcome.details.reason === 'minutes-day') limited += 1;
          } else if (known && each.do === 'goodbye') {
            await world.report({
              v: 1,
              ...known,
              seq: ++seq,
              final: true,
              seconds: 1,
              totals: { turns: 0, prompt: {}, response: {}, toolUse: {}, cached: {}, thoughts: 0, total: 0 },
            });
          } else if (known) {
            const outcome = await (each.do === 'renew'
              ? world.renew(known.sessionId)
              : world.remint(known.sessionId));
            if (!outcome.ok && outcome.details.reason === 'minutes-day') limited += 1;
          }

          // By what the Live API was asked for and when, never by Livegate's own documents.
          const may = world.orders.filter(({ outcome }) => outcome !== 'refused');
          const validMs = may.reduce((sum, { expiresAt, at }) => sum + expiresAt - at, 0);
          expect(validMs).toBeLessThanOrEqual(policy.minutesPerDay * 60_000);
          expect(may.filter(({ expiresAt }) => expiresAt > world.now).length).toBeLessThanOrEqual(
            policy.maxLiveTokens,
          );
        }
        await world.close();
      }),
      { numRuns: RUNS },
    );
    // Runs that never meet a limit would prove nothing.
    expect(limited).toBeGreaterThan(RUNS / 10);
  });
});
