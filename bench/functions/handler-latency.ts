/**
 * How long a mint takes in the handler, beside one transaction of the same sizes: in one process, warm, in turns.
 * @module
 */
import { CALLABLES_VERSION, DOCUMENTS_VERSION, type LiveConfigDocument } from '@livegate/protocol';
import type { DocumentData } from 'firebase-admin/firestore';
import { mintLiveToken } from '../../functions/src/mint.ts';
import { reportLiveUsage } from '../../functions/src/report.ts';
import type { TokenOrder } from '../../functions/src/upstream.ts';
import { type BenchBackend, MODEL, newId, someone, WIDE_CAPS } from './bench-backend.ts';
import {
  type Estimate,
  estimate,
  quantile,
  type Spread,
  seededRandom,
  shuffled,
  spreadOf,
} from './statistics.ts';

/** How often each is done, and how often before that without being looked at. */
export interface Rounds {
  readonly rounds: number;
  readonly warmUp: number;
}

/** Times of one round, in ms, each less the no-op of that round. */
export interface Round {
  readonly noOp: number;
  readonly transaction: number;
  readonly mint: number;
}

/** What a comparison found. */
export interface LatencyFigures {
  readonly name: string;
  readonly rounds: number;
  readonly noOp: Spread;
  /** Less the no-op. */
  readonly transaction: Spread;
  /** Less the no-op and the wait for the Live API. */
  readonly mint: Spread;
  /** Mint ÷ transaction, of the medians and of the 95th percentiles. */
  readonly ratio50: Estimate;
  readonly ratio95: Estimate;
}

/** Figures from rounds. */
export function latencyFigures(name: string, rounds: readonly Round[]): LatencyFigures {
  const ratio = (share: number) => (some: readonly Round[]) =>
    quantile(
      some.map(({ mint }) => mint),
      share,
    ) /
    quantile(
      some.map(({ transaction }) => transaction),
      share,
    );
  return {
    name,
    rounds: rounds.length,
    noOp: spreadOf(rounds.map(({ noOp }) => noOp)),
    transaction: spreadOf(rounds.map(({ transaction }) => transaction)),
    mint: spreadOf(rounds.map(({ mint }) => mint)),
    ratio50: estimate(rounds, ratio(0.5)),
    ratio95: estimate(rounds, ratio(0.95)),
  };
}

/** Measured handlers. */
export interface HandlerLatency {
  readonly capsOff: LatencyFigures;
  readonly capsOn: LatencyFigures;
  /** Means, in ms: what a bill goes by. */
  readonly mintMs: number;
  readonly reportMs: number;
  /** What both write: the user's quota and a session. */
  readonly documents: WrittenDocuments;
  /** What a mint asks the Live API for. */
  readonly order: TokenOrder;
}

/** The documents of one mint. */
export interface WrittenDocuments {
  readonly quota: DocumentData;
  readonly session: DocumentData;
}

/** A user who comes back after a while: each mint finds a quota with one dead token. */
const BETWEEN_MS = 3_600_000;

/**
 * Measures. A round does each once, in an order of its own: nothing, one transaction (reads one document, writes two
 * of the sizes of the quota and of the session), a mint without caps, a mint with caps.
 */
export async function measureHandlers(
  backend: BenchBackend,
  { rounds, warmUp, signal }: Rounds & { readonly signal: AbortSignal },
): Promise<HandlerLatency> {
  const caller = someone();
  const mint = () =>
    mintLiveToken(backend.live, caller, {
      v: CALLABLES_VERSION,
      op: 'start',
      requestId: newId(),
      model: MODEL,
    });
  await backend.configure({ policy: WIDE_POLICY, caps: WIDE_CAPS });
  const capped = backend.live;
  // The same instance to whom the switches say that there are no caps.
  const uncapped = { ...capped, settings: { ...capped.settings, config: async () => NO_CAPS } };
  await mint();
  backend.now += BETWEEN_MS;
  const { sessionId } = await mint();
  const documents = {
    quota: await contents(backend.paths.quota(caller.uid)),
    session: await contents(backend.paths.session(sessionId)),
  };
  const transaction = sameSizedTransaction(backend, documents);
  const random = seededRandom(rounds);
  const order = backend.lastOrder;
  if (!order) throw new Error('The Live API was not asked.');
  const reports: number[] = [];
  const taken: { capsOff: Round; capsOn: Round; mintMs: number }[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    signal.throwIfAborted();
    const times = { noOp: 0, transaction: 0, capsOff: 0, capsOn: 0 };
    const waits = { capsOff: 0, capsOn: 0 };
    const mintAs = (kind: 'capsOff' | 'capsOn', live: typeof capped) => async (): Promise<void> => {
      backend.now += BETWEEN_MS;
      // The minute of the settings is over with the hour: they are read outside of what is timed.
      await Promise.all([
        live.settings.policy('password'),
        live.settings.policy('default'),
        live.settings.config(),
      ]);
      times[kind] = await timeOf(async () => {
        await mintLiveToken(live, caller, {
          v: CALLABLES_VERSION,
          op: 'start',
          requestId: newId(),
          model: MODEL,
        });
      });
      waits[kind] = backend.upstreamMs;
    };
    const work = [
      async () => {
        times.noOp = await timeOf(async () => undefined);
      },
      async () => {
        times.transaction = await timeOf(transaction);
      },
      mintAs('capsOff', uncapped),
      mintAs('capsOn', capped),
    ];
    for (const each of shuffled(work, random)) await each();
    const reportMs = await timedReport(backend);
    if (round < 0) continue;
    const { noOp } = times;
    const base = { noOp, transaction: times.transaction - noOp };
    taken.push({
      capsOff: { ...base, mint: times.capsOff - noOp - waits.capsOff },
      capsOn: { ...base, mint: times.capsOn - noOp - waits.capsOn },
      mintMs: times.capsOn - waits.capsOn,
    });
    reports.push(reportMs);
  }
  return {
    capsOff: latencyFigures(
      'caps off',
      taken.map(({ capsOff }) => capsOff),
    ),
    capsOn: latencyFigures(
      'caps on',
      taken.map(({ capsOn }) => capsOn),
    ),
    mintMs: mean(taken.map(({ mintMs }) => mintMs)),
    reportMs: mean(reports),
    documents,
    order,
  };

  /** A report of the newest session, with two lines of its timeline. */
  async function timedReport({ live, now }: BenchBackend): Promise<number> {
    const { sessionId: session, connectionId } = await mint();
    backend.now += 60_000;
    await Promise.all([
      live.settings.policy('password'),
      live.settings.policy('default'),
      live.settings.config(),
    ]);
    return timeOf(async () => {
      await reportLiveUsage(live, caller, {
        v: CALLABLES_VERSION,
        sessionId: session,
        connectionId,
        seq: 1,
        final: true,
        seconds: 60,
        totals: {
          turns: 3,
          prompt: { AUDIO: 1_500 },
          response: { AUDIO: 700 },
          toolUse: {},
          cached: {},
          thoughts: 0,
          total: 2_200,
        },
        events: [
          { id: `${connectionId}-0000`, at: now, type: 'connected' },
          { id: `${connectionId}-0001`, at: now + 60_000, type: 'closed' },
        ],
      });
    });
  }
}

const WIDE_POLICY = { concurrentSessions: 5 } as const;
const NO_CAPS: LiveConfigDocument = { v: DOCUMENTS_VERSION, killSwitch: false, caps: null, alerts: null };

/** How long `work` takes, in ms. */
export async function timeOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Reads one document and writes two, in one transaction, what they hold as large as what a mint writes. */
export function sameSizedTransaction(
  { db }: Pick<BenchBackend, 'db'>,
  { quota, session }: WrittenDocuments,
): () => Promise<void> {
  const one = db.collection('benchQuotas').doc(newId());
  return async () => {
    const other = db.collection('benchSessions').doc(newId());
    await db.runTransaction(async (transaction) => {
      await transaction.get(one);
      transaction.set(one, quota);
      transaction.set(other, session);
    });
  };
}

async function contents(ref: ReturnType<BenchBackend['paths']['quota']>): Promise<DocumentData> {
  const data = (await ref.get()).data();
  if (!data) throw new Error(`${ref.path} is not there.`);
  return data;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
