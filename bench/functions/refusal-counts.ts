/**
 * What a refused mint reads and writes, for each reason.
 * @module
 */
import { CALLABLES_VERSION, type MintAnswer, type RefusalReason } from '@livegate/protocol';
import { blockLiveUser, revokeLiveSession } from '../../functions/src/admin-sessions.ts';
import type { Caller } from '../../functions/src/caller.ts';
import { reportLiveUsage } from '../../functions/src/report.ts';
import { type BenchBackend, newId, someone, WIDE_CAPS } from './bench-backend.ts';
import {
  type CountedOperation,
  counted,
  EMPTY_TOTALS,
  goOn,
  OPERATOR,
  start,
  warm,
} from './counted-operation.ts';

/** In the name of a refusal at which an instance finds a shared bound full; it remembers it for ten seconds. */
export const FINDS_IT_FULL = 'finds it full';

/** A mint that is refused: how the project is set, and what came before it. */
interface RefusedMint {
  readonly reason: RefusalReason;
  readonly name?: string;
  readonly settings?: Parameters<BenchBackend['configure']>[0];
  /** Runs before; answers the call that is to be refused. */
  prepare(caller: Caller): Promise<() => Promise<unknown>>;
  readonly provider?: string;
}

/** Every refusal of a mint that its caller, the policy or the switches bring about. */
export async function countRefusals(backend: BenchBackend): Promise<readonly CountedOperation[]> {
  const again = async (caller: Caller) => () => start(backend, caller);
  const started =
    (then: (caller: Caller, held: MintAnswer) => Promise<() => Promise<unknown>>) => async (caller: Caller) =>
      then(caller, await start(backend, caller));
  const cases: readonly RefusedMint[] = [
    { reason: 'concurrency', prepare: started(again) },
    {
      reason: 'rate',
      settings: { policy: { sessionsPerMinute: 1, concurrentSessions: 9 } },
      prepare: started(again),
    },
    {
      reason: 'live-tokens',
      settings: { policy: { maxLiveTokens: 1, concurrentSessions: 9 } },
      prepare: started(again),
    },
    {
      reason: 'minutes-day',
      settings: { policy: { minutesPerDay: 2, concurrentSessions: 9 } },
      prepare: started(again),
    },
    {
      reason: 'minutes-month',
      settings: { policy: { minutesPerMonth: 2, concurrentSessions: 9 } },
      prepare: started(again),
    },
    {
      reason: 'spend-day',
      settings: { policy: { reportedPerDay: { tokens: 1, usd: null }, concurrentSessions: 9 } },
      prepare: started(async (caller, { sessionId, connectionId }) => {
        await reportLiveUsage(backend.live, caller, {
          v: CALLABLES_VERSION,
          sessionId,
          connectionId,
          seq: 1,
          final: false,
          seconds: 1,
          totals: { ...EMPTY_TOTALS, total: 5, response: { AUDIO: 5 }, turns: 1 },
        });
        return () => start(backend, caller);
      }),
    },
    {
      reason: 'already-issued',
      prepare: async (caller) => {
        const requestId = newId();
        await start(backend, caller, { requestId });
        backend.startAnew();
        await start(backend, someone());
        return () => start(backend, caller, { requestId });
      },
    },
    {
      reason: 'renew-early',
      prepare: started(
        async (caller, { sessionId }) =>
          () =>
            goOn(backend, caller, { op: 'renew', sessionId }),
      ),
    },
    {
      reason: 'session-over',
      prepare: started(async (caller, { sessionId, expiresAt }) => {
        backend.now = expiresAt + 1_000;
        await start(backend, someone());
        return () => goOn(backend, caller, { op: 'renew', sessionId });
      }),
    },
    {
      reason: 'single-lease',
      settings: { policy: { renewal: 'single' } },
      prepare: started(
        async (caller, { sessionId }) =>
          () =>
            goOn(backend, caller, { op: 'renew', sessionId }),
      ),
    },
    {
      reason: 'revoked',
      prepare: started(async (caller, { sessionId }) => {
        await revokeLiveSession(backend.live, OPERATOR, { v: CALLABLES_VERSION, reason: '', sessionId });
        return () => goOn(backend, caller, { op: 'renew', sessionId });
      }),
    },
    {
      reason: 'blocked',
      prepare: async (caller) => {
        const { uid } = caller;
        await blockLiveUser(backend.live, OPERATOR, { v: CALLABLES_VERSION, reason: '', uid, blocked: true });
        return () => start(backend, caller);
      },
    },
    { reason: 'kill-switch', settings: { killSwitch: true }, prepare: again },
    { reason: 'anonymous', provider: 'anonymous', prepare: again },
    {
      reason: 'model',
      prepare: async (caller) => () =>
        start(backend, caller, { model: 'gemini-2.5-flash-native-audio-latest-x' }),
    },
    {
      reason: 'field',
      prepare: async (caller) => () =>
        start(backend, caller, { setup: { generationConfig: { maxOutputTokens: 9 } } }),
    },
    {
      reason: 'relay-only',
      prepare: async (caller) => () => start(backend, caller, { backend: 'vertex-ai' }),
    },
    {
      reason: 'not-owner',
      prepare: started(
        async (_, { sessionId }) =>
          () =>
            goOn(backend, someone(), { op: 'renew', sessionId }),
      ),
    },
    { reason: 'invalid', prepare: async (caller) => () => start(backend, caller, { surprise: 1 }) },
    {
      reason: 'no-template',
      prepare: async (caller) => () => start(backend, { ...caller, policyClaim: 'none' }),
    },
    {
      reason: 'cap-minutes',
      name: `cap-minutes, the first in ten seconds (${FINDS_IT_FULL})`,
      settings: { caps: { minutesPerDay: 0, liveTokens: null, shards: 1 } },
      prepare: again,
    },
    {
      reason: 'cap-minutes',
      name: 'cap-minutes, every later one',
      settings: { caps: { minutesPerDay: 0, liveTokens: null, shards: 1 } },
      prepare: async (caller) => {
        await counted(backend, '', () => start(backend, caller));
        return () => start(backend, caller);
      },
    },
    {
      reason: 'cap-tokens',
      name: 'cap-tokens, every later one',
      settings: { caps: { minutesPerDay: null, liveTokens: 0, shards: 1 } },
      prepare: async (caller) => {
        await counted(backend, '', () => start(backend, caller));
        return () => start(backend, caller);
      },
    },
    {
      reason: 'anonymous-pool',
      name: 'anonymous-pool, every later one',
      provider: 'anonymous',
      settings: { policy: { anonymous: true, anonymousPool: { minutesPerDay: 0 } } },
      prepare: async (caller) => {
        await counted(backend, '', () => start(backend, caller));
        return () => start(backend, caller);
      },
    },
  ];
  const rows: CountedOperation[] = [];
  for (const { reason, name = reason, settings = {}, prepare, provider } of cases) {
    backend.now += 3_600_000;
    await backend.configure({ caps: WIDE_CAPS, ...settings });
    const caller = someone(provider);
    // What is set is in memory, as it is for all but the first call of a minute.
    await counted(backend, '', () => start(backend, { ...someone(), policyClaim: 'none' }));
    const call = await prepare(caller).then((ready) => ready);
    await warm(backend, caller);
    const row = await counted(backend, name, call);
    if (row.outcome !== reason) throw new Error(`${name}: ${row.outcome}`);
    rows.push(row);
  }
  await backend.configure({ caps: WIDE_CAPS });
  return rows;
}
