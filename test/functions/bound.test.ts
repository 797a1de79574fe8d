import { NO_USAGE } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenOutcome } from '../../functions/src/upstream.ts';
import { amountOf } from '../../scripts/short-forms.ts';
import { createWorld, type Outcome, type World } from './support/world.ts';

const RUNS = amountOf('any order of calls keeps the bound');

const POLICY = {
  minutesPerDay: 4,
  concurrentSessions: 2,
  maxLiveTokens: 4,
  leaseSeconds: [60, 120, 240],
};
const ANSWERS: Readonly<Record<TokenOutcome['outcome'], TokenOutcome>> = {
  minted: { outcome: 'minted', token: 'auth_tokens/x' },
  refused: { outcome: 'refused', status: 400 },
  unknown: { outcome: 'unknown', problem: 'TimeoutError' },
};

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('renew' as const, 'remint' as const, 'goodbye' as const),
      session: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'restart' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('upstream' as const),
      next: fc.constantFrom('minted' as const, 'minted' as const, 'refused' as const, 'unknown' as const),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Tokens that may exist, by what the Live API was asked for and when, never by Livegate's own documents. */
interface Token {
  readonly sessionId: string;
  readonly at: number;
  readonly expiresAt: number;
}

/** Plays steps on a world of its own. `look` sees every state. Answers why calls were refused. */
async function play(
  steps: readonly Step[],
  look: (tokens: readonly Token[], now: number) => void,
  change: (world: World) => void = () => undefined,
): Promise<readonly string[]> {
  const world = createWorld({ policy: POLICY });
  change(world);
  const tokens: Token[] = [];
  const sessions: { sessionId: string; connectionId: string }[] = [];
  const reasons: string[] = [];
  let noted = 0;
  const note = (outcome: Outcome<{ sessionId: string; connectionId: string }>): void => {
    const sessionId = outcome.ok ? outcome.answer.sessionId : (outcome.details.sessionId ?? '');
    const order = world.orders[noted];
    if (order) noted += 1;
    if (outcome.ok) sessions.push(outcome.answer);
    else reasons.push(outcome.details.reason);
    if (order && order.outcome !== 'refused') tokens.push({ ...order, sessionId });
  };
  try {
    for (const [seq, each] of steps.entries()) {
      const known = 'session' in each ? sessions[each.session % Math.max(1, sessions.length)] : undefined;
      if (each.do === 'wait') world.now += each.ms;
      else if (each.do === 'sweep') await world.sweep();
      else if (each.do === 'restart') world.anotherInstance();
      else if (each.do === 'upstream') world.upstream = () => ANSWERS[each.next];
      else if (each.do === 'start') note(await world.start());
      else if (known && each.do === 'goodbye') {
        const ids = { sessionId: known.sessionId, connectionId: known.connectionId };
        await world.report({ v: 1, ...ids, seq, final: true, seconds: 1, totals: NO_USAGE });
      } else if (known && each.do === 'renew') note(await world.renew(known.sessionId));
      else if (known) note(await world.remint(known.sessionId));
      look(tokens, world.now);
    }
  } finally {
    await world.close();
  }
  return reasons;
}

function looksRight(tokens: readonly Token[], now: number): void {
  const validMs = tokens.reduce((sum, { expiresAt, at }) => sum + expiresAt - at, 0);
  expect(validMs).toBeLessThanOrEqual(POLICY.minutesPerDay * 60_000);
  const live = tokens.filter(({ expiresAt }) => expiresAt > now);
  expect(live.length).toBeLessThanOrEqual(POLICY.maxLiveTokens);
  expect(new Set(live.map(({ sessionId }) => sessionId)).size).toBeLessThanOrEqual(POLICY.concurrentSessions);
}

describe('any order of calls', () => {
  it(
    'never makes tokens of more validity than the quota, nor more at once than the policy allows',
    async () => {
      const met = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
          const reasons = await play(steps, looksRight);
          for (const reason of new Set(reasons)) met.set(reason, (met.get(reason) ?? 0) + 1);
        }),
        { numRuns: RUNS },
      );
      // Runs that never meet a limit would prove nothing.
      const limits = ['concurrency', 'minutes-day', 'renew-early', 'session-over'];
      expect(limits.filter((reason) => (met.get(reason) ?? 0) < RUNS / 20)).toEqual([]);
    },
    RUNS * 3_000,
  );

  it('would be seen to break the bound if an outcome that nobody knows were given back', async () => {
    const steps: Step[] = [{ do: 'upstream', next: 'unknown' }, ...Array<Step>(10).fill({ do: 'start' })];
    const careless = (world: World): void => {
      world.misread = (outcome) => (outcome.outcome === 'unknown' ? ANSWERS.refused : outcome);
    };
    await expect(play(steps, looksRight, careless)).rejects.toThrow(/to be less than or equal/);
    await expect(play(steps, looksRight)).resolves.toContain('concurrency');
  });
});
