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
} from '@livegate/protocol';
import { raiseLiveQuota } from '../../functions/src/admin-quotas.ts';
import { setLiveRole } from '../../functions/src/admin-roles.ts';
import { blockLiveUser, revokeLiveSession } from '../../functions/src/admin-sessions.ts';
import { setLivePolicy, setLivePrice, setLiveTemplate } from '../../functions/src/admin-settings.ts';
import { setKillSwitch, setLiveLimits } from '../../functions/src/admin-switches.ts';
import { setLiveTier } from '../../functions/src/admin-tiers.ts';
import { eraseLiveUser } from '../../functions/src/erasure-handlers.ts';
import { getLiveQuota } from '../../functions/src/quota.ts';
import { readLiveUser } from '../../functions/src/read-user.ts';
import { FLUSH_EVERY_MS } from '../../functions/src/refusal-counter.ts';
import { reportLiveUsage } from '../../functions/src/report.ts';
import { type Aim, atMost } from './aims.ts';
import { type BenchBackend, newId, someone, WIDE_CAPS } from './bench-backend.ts';
import { addTallies, type Tally } from './counted-firestore.ts';
import {
  answered,
  type CountedOperation,
  EMPTY_TOTALS,
  goOn,
  OPERATOR,
  start,
  warm,
} from './counted-operation.ts';
import { playSession } from './played-session.ts';
import { countRefusals, FINDS_IT_FULL } from './refusal-counts.ts';
import type { BooksCounts } from './session-books.ts';
import { plain, type Table } from './table.ts';

/** The counts of a run. */
export interface OperationCounts {
  readonly operations: readonly CountedOperation[];
  /** A refusal by the user's own bounds, or by settings. */
  readonly refusals: readonly CountedOperation[];
  readonly aims: readonly Aim[];
}

/** Counts them all, on a database of their own or beside other users' documents. */
export async function countOperations(backend: BenchBackend): Promise<OperationCounts> {
  await backend.configure({ caps: WIDE_CAPS });
  const operations = [
    ...(await mintsAndReports(backend)),
    ...(await booksAlone(backend)),
    ...(await adminActs(backend)),
  ];
  await backend.configure({ caps: WIDE_CAPS });
  const refusals = await countRefusals(backend);
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
  const many = Array.from({ length: 60 }, (_, index) => ({
    id: `${heldNow().connectionId}-${1_000 + index}`,
    at: backend.now,
    type: 'interrupted',
  }));
  rows.push(
    await answered(backend, 'report: with more events than a session holds', report(4, { events: many })),
  );
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
    ['setLiveTier', () => setLiveTier(live, OPERATOR, { ...act, uid: talker.uid, tier: 'default' })],
    ['raiseLiveQuota', () => raiseLiveQuota(live, OPERATOR, { ...act, uid: talker.uid, minutes: 10 })],
    ['readLiveUser', () => readLiveUser(live, OPERATOR, { v: CALLABLES_VERSION, uid: talker.uid })],
    ['eraseLiveUser, one session', () => eraseLiveUser(live, OPERATOR, { ...act, uid: gone.uid })],
  ];
  const rows: CountedOperation[] = [];
  for (const [name, work] of acts) rows.push(await answered(backend, name, work));
  return rows;
}

/** The counts as tables. */
export function countTables({ operations, refusals }: OperationCounts, books: BooksCounts): readonly Table[] {
  const rowOf = ({ name, tally }: Pick<CountedOperation, 'name' | 'tally'>) => [
    name,
    ...[tally.reads, tally.writes, tally.deletes].map((count) => plain(count, 3)),
  ];
  const scheduled = [
    {
      name: `sweep: a session, ${books.closedAtOnce} at once`,
      tally: addTallies(...books.perSession.values()),
    },
    { name: 'sweep: a run that finds nothing', tally: books.emptySweep },
    { name: "telling a team's onSettled of a session", tally: books.settling },
    { name: 'roll-up: three days of eight shards', tally: books.rollUp },
  ];
  return [
    {
      title: 'Reads and writes of each operation',
      head: ['operation', 'reads', 'writes', 'deletes'],
      rows: [...operations, ...scheduled].map(rowOf),
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
        `At a mint that ${FINDS_IT_FULL} an instance reads the user's quota and a share, up to four of them, and remembers the answer for ten`,
        'seconds. This row is outside the aim of one read.',
      ],
    },
  ];
}
