/**
 * What each operation reads and writes, counted while the real handlers run: idempotency, caps and audit on.
 * @module
 */
import {
  CALLABLES_VERSION,
  DOCUMENTS_VERSION,
  type LiveRolesDocument,
  type MintAnswer,
  OPEN_POLICY,
  type RefusalReason,
} from '@livegate/protocol';
import { setLiveRole } from '../../functions/src/admin-roles.ts';
import { blockLiveUser, revokeLiveSession } from '../../functions/src/admin-sessions.ts';
import { setLivePolicy, setLivePrice, setLiveTemplate } from '../../functions/src/admin-settings.ts';
import { setKillSwitch, setLiveLimits } from '../../functions/src/admin-switches.ts';
import type { Caller } from '../../functions/src/caller.ts';
import { eraseLiveUser } from '../../functions/src/erasure-handlers.ts';
import { mintLiveToken } from '../../functions/src/mint.ts';
import { getLiveQuota } from '../../functions/src/quota.ts';
import { FLUSH_EVERY_MS } from '../../functions/src/refusal-counter.ts';
import { reportLiveUsage } from '../../functions/src/report.ts';
import { type Aim, atMost } from './aims.ts';
import { type BenchBackend, MODEL, newId, someone, WIDE_CAPS } from './bench-backend.ts';
import type { Tally } from './counted-firestore.ts';
import { playSession } from './played-session.ts';
import { type Table, tableLines } from './table.ts';

/** One operation and what it cost. */
export interface CountedOperation {
  readonly name: string;
  readonly tally: Tally;
  /** `answered`, or why it was refused. */
  readonly outcome: string;
}

/** The counts of a run. */
export interface OperationCounts {
  readonly operations: readonly CountedOperation[];
  /** A refusal by the user's own bounds, or by settings. */
  readonly refusals: readonly CountedOperation[];
  readonly aims: readonly Aim[];
}

const OPERATOR = { uid: 'operator' } as const;

/** Counts them all, on a database of their own or beside other users' documents. */
export async function countOperations(backend: BenchBackend): Promise<OperationCounts> {
  await backend.configure({ caps: WIDE_CAPS });
  const operations = [
    ...(await mintsAndReports(backend)),
    ...(await booksAlone(backend)),
    ...(await adminActs(backend)),
  ];
  await backend.configure({ caps: WIDE_CAPS });
  const refusals = await refusedMints(backend);
  const found = (name: string): Tally => {
    const operation = operations.find((each) => each.name === name);
    if (!operation) throw new Error(`${name} was not counted.`);
    return operation.tally;
  };
  const mint = found('mint: start');
  const show = String;
  const own = refusals.filter(({ name }) => !name.includes(FINDS_IT_FULL));
  return {
    operations,
    refusals,
    aims: [
      atMost('reads of a mint, caps on', mint.reads, { most: 2, show }),
      atMost('writes of a mint, caps on', mint.writes, { most: 3, show }),
      atMost(
        'documents that the first report writes, `active` among them',
        found('report: the first').writes,
        {
          most: 1,
          show,
        },
      ),
      atMost('reads of any refusal', Math.max(...own.map(({ tally }) => tally.reads)), { most: 1, show }),
      atMost('writes of any refusal', Math.max(...refusals.map(({ tally }) => tally.writes)), {
        most: 0,
        show,
      }),
    ],
  };
}

/** Runs one operation and tells what it did. */
async function counted(
  backend: BenchBackend,
  name: string,
  work: () => Promise<unknown>,
): Promise<CountedOperation> {
  const { answer, all } = await backend.counter.count(async () => {
    try {
      await work();
      return 'answered';
    } catch (error) {
      return reasonIn(error);
    }
  });
  return { name, tally: all, outcome: answer };
}

function reasonIn(error: unknown): string {
  const details =
    typeof error === 'object' && error !== null && 'details' in error ? error.details : undefined;
  const reason =
    typeof details === 'object' && details !== null && 'reason' in details ? details.reason : undefined;
  if (typeof reason !== 'string') throw error;
  return reason;
}

/** Runs it, and throws where it is refused. */
async function answered(
  backend: BenchBackend,
  name: string,
  work: () => Promise<unknown>,
): Promise<CountedOperation> {
  const operation = await counted(backend, name, work);
  if (operation.outcome !== 'answered') throw new Error(`${name}: ${operation.outcome}`);
  return operation;
}

const start = (backend: BenchBackend, caller: Caller, more: object = {}): Promise<MintAnswer> =>
  mintLiveToken(backend.live, caller, {
    v: CALLABLES_VERSION,
    op: 'start',
    requestId: newId(),
    model: MODEL,
    ...more,
  });
const goOn = (
  backend: BenchBackend,
  caller: Caller,
  { op, sessionId }: { readonly op: 'renew' | 'remint'; readonly sessionId: string },
): Promise<MintAnswer> =>
  mintLiveToken(backend.live, caller, { v: CALLABLES_VERSION, op, requestId: newId(), sessionId });

async function mintsAndReports(backend: BenchBackend): Promise<readonly CountedOperation[]> {
  const caller = someone();
  // Settings are in memory from here on, as they are for all but the first call of a minute.
  await start(backend, someone());
  const rows: CountedOperation[] = [];
  let held: MintAnswer | undefined;
  const heldNow = (): MintAnswer => {
    if (!held) throw new Error('Nothing was minted.');
    return held;
  };
  rows.push(
    await answered(backend, 'mint: start', async () => {
      held = await start(backend, caller);
    }),
  );
  const { sessionId } = heldNow();
  const report =
    (seq: number, more: object = {}) =>
    () =>
      reportLiveUsage(backend.live, caller, {
        v: CALLABLES_VERSION,
        sessionId,
        connectionId: heldNow().connectionId,
        seq,
        final: false,
        seconds: seq,
        totals: EMPTY_TOTALS,
        ...more,
      });
  rows.push(await answered(backend, 'report: the first', report(1)));
  const snapshot = await backend.paths.session(sessionId).get();
  if (snapshot.get('state') !== 'active') throw new Error('The first report does not make a session active.');
  rows.push(await answered(backend, 'report: a later one', report(2)));
  const events = [{ id: `${heldNow().connectionId}-0000`, at: backend.now, type: 'connected' }];
  rows.push(await answered(backend, 'report: with events', report(3, { events })));
  rows.push(await answered(backend, 'report: stale', report(2)));
  backend.now += 20_000;
  rows.push(
    await answered(backend, 'mint: re-mint', () => goOn(backend, caller, { op: 'remint', sessionId })),
  );
  // Late in the lease, when the re-minted token is the newest; the minute of the settings is over by then.
  backend.now = heldNow().expiresAt - 1;
  await warm(backend, caller);
  rows.push(
    await answered(backend, 'mint: renewal', async () => {
      held = await goOn(backend, caller, { op: 'renew', sessionId });
    }),
  );
  rows.push(await answered(backend, 'report: the last', report(1, { final: true })));
  rows.push(
    await answered(backend, 'getLiveQuota', () =>
      getLiveQuota(backend.live, caller, { v: CALLABLES_VERSION }),
    ),
  );

  backend.startAnew();
  rows.push(
    await answered(backend, "mint: a new instance's first, settings read", () => start(backend, someone())),
  );
  await backend.configure({ caps: null });
  await start(backend, someone());
  rows.push(await answered(backend, 'mint: start, caps off', () => start(backend, someone())));
  await backend.configure({ caps: WIDE_CAPS, policy: { reportedPerDay: { tokens: 1e9, usd: null } } });
  const other = someone();
  held = await start(backend, other);
  const bounded = (seq: number) => () =>
    reportLiveUsage(backend.live, other, {
      v: CALLABLES_VERSION,
      sessionId: heldNow().sessionId,
      connectionId: heldNow().connectionId,
      seq,
      final: false,
      seconds: 1,
      totals: EMPTY_TOTALS,
    });
  // The first reads the prices.
  await bounded(1)();
  rows.push(await answered(backend, "report: where the policy bounds a day's tokens", bounded(2)));
  await backend.configure({ caps: WIDE_CAPS });
  return rows;
}

const EMPTY_TOTALS = { turns: 0, prompt: {}, response: {}, toolUse: {}, cached: {}, thoughts: 0, total: 0 };

async function booksAlone(backend: BenchBackend): Promise<readonly CountedOperation[]> {
  // Refusals are written once a minute, whatever their number.
  backend.live.refusals.count('rate');
  const flush = await answered(backend, 'refusals of a minute, all together', () =>
    backend.live.refusals.flushIfDue(backend.now + FLUSH_EVERY_MS + 1),
  );
  return [flush];
}

async function adminActs(backend: BenchBackend): Promise<readonly CountedOperation[]> {
  const act = { v: CALLABLES_VERSION, reason: 'bench' } as const;
  const { live } = backend;
  const roles: LiveRolesDocument = { v: DOCUMENTS_VERSION, admins: [OPERATOR.uid], viewers: [] };
  await backend.paths.roles().set(roles);
  const talker = someone();
  const first = await start(backend, talker);
  const blocked = someone();
  await start(backend, blocked);
  const gone = someone();
  await playSession(backend, gone, { minutes: 1 });
  const { v: _, version: __, ...policy } = OPEN_POLICY;
  const price = { input: { TEXT: 1 }, output: { TEXT: 1 }, asOf: '2026-11-21', source: 'bench' };
  const template = {
    title: 'bench',
    setup: { systemInstruction: { parts: [{ text: 'Hello.' }] } },
    variables: {},
  };
  const acts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['revokeLiveSession', () => revokeLiveSession(live, OPERATOR, { ...act, sessionId: first.sessionId })],
    [
      'blockLiveUser, one open session',
      () => blockLiveUser(live, OPERATOR, { ...act, uid: blocked.uid, blocked: true }),
    ],
    ['setLivePolicy', () => setLivePolicy(live, OPERATOR, { ...act, id: 'bench', baseVersion: 0, policy })],
    [
      'setLiveTemplate',
      () => setLiveTemplate(live, OPERATOR, { ...act, id: newId(), baseVersion: 0, template }),
    ],
    ['setLivePrice', () => setLivePrice(live, OPERATOR, { ...act, model: newId(), baseVersion: 0, price })],
    ['setKillSwitch', () => setKillSwitch(live, OPERATOR, { ...act, on: true })],
    ['setLiveLimits', () => setLiveLimits(live, OPERATOR, { ...act, caps: { shards: 8, liveTokens: 10 } })],
    ['setLiveRole', () => setLiveRole(live, OPERATOR, { ...act, uid: talker.uid, role: 'admin' })],
    ['eraseLiveUser, one session', () => eraseLiveUser(live, OPERATOR, { ...act, uid: gone.uid })],
  ];
  const rows: CountedOperation[] = [];
  for (const [name, work] of acts) rows.push(await answered(backend, name, work));
  return rows;
}

/** In the name of a refusal at which an instance finds a shared bound full; it remembers it for ten seconds. */
const FINDS_IT_FULL = 'finds it full';

/** A mint that is refused: how the project is set, and what came before it. */
interface RefusedMint {
  readonly reason: RefusalReason;
  readonly name?: string;
  readonly settings?: Parameters<BenchBackend['configure']>[0];
  /** Runs before; answers the call that is to be refused. */
  prepare(caller: Caller): Promise<() => Promise<unknown>>;
  readonly provider?: string;
}

async function refusedMints(backend: BenchBackend): Promise<readonly CountedOperation[]> {
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
      settings: { caps: { minutesPerDay: 0, liveTokens: null, shards: 16 } },
      prepare: again,
    },
    {
      reason: 'cap-minutes',
      name: 'cap-minutes, every later one',
      settings: { caps: { minutesPerDay: 0, liveTokens: null, shards: 16 } },
      prepare: async (caller) => {
        await counted(backend, '', () => start(backend, caller));
        return () => start(backend, caller);
      },
    },
    {
      reason: 'cap-tokens',
      name: 'cap-tokens, every later one',
      settings: { caps: { minutesPerDay: null, liveTokens: 0, shards: 16 } },
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

/** Has the settings of this caller read, without a mint. */
async function warm({ live }: BenchBackend, { provider }: Caller): Promise<void> {
  await Promise.all([
    live.settings.policy(provider),
    live.settings.policy('default'),
    live.settings.config(),
  ]);
  await live.settings.policy('none');
}

/** The counts as tables. */
export function countTables({ operations, refusals }: OperationCounts): readonly Table[] {
  const rowOf = ({ name, tally }: CountedOperation) => [name, tally.reads, tally.writes, tally.deletes];
  return [
    {
      title: 'Reads and writes of each operation',
      head: ['operation', 'reads', 'writes', 'deletes'],
      rows: operations.map(rowOf),
      notes: [
        'Counted where the Firestore client sends its calls, with idempotency, caps and audit on. A repeated request id',
        'costs nothing on the instance that answered it, and one read on any other.',
      ],
    },
    {
      title: 'Reads and writes of a refused mint, by reason',
      head: ['reason', 'reads', 'writes', 'deletes'],
      rows: refusals.map(rowOf),
      notes: [
        `At the first mint that ${FINDS_IT_FULL} an instance has read the user's quota and two shards; it remembers that`,
        'for ten seconds. This row is outside the aim of one read.',
      ],
    },
  ];
}

/** The counts as text. */
export function countLines(counts: OperationCounts): readonly string[] {
  return countTables(counts).flatMap(tableLines);
}
