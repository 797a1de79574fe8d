import { randomUUID } from 'node:crypto';
import type {
  LiveConfigDocument,
  LivePolicyDocument,
  LivePriceDocument,
  LiveSessionDocument,
  LiveTemplateDocument,
  MintAnswer,
  QuotaAnswer,
  ReportAnswer,
  UsageReport,
} from '@livegate/protocol';
import { NO_USAGE, type RefusalDetails } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { BooksDependencies } from '../../../functions/src/books-store.ts';
import { createBurstGuard } from '../../../functions/src/burst-guard.ts';
import { createCallGate } from '../../../functions/src/call-gate.ts';
import type { Caller } from '../../../functions/src/caller.ts';
import type { LiveDependencies } from '../../../functions/src/dependencies.ts';
import { createFullMemory } from '../../../functions/src/full-memory.ts';
import type { LiveHooks } from '../../../functions/src/hooks.ts';
import { createLog } from '../../../functions/src/logs.ts';
import { mintLiveToken } from '../../../functions/src/mint.ts';
import { type LivePaths, livePaths } from '../../../functions/src/paths.ts';
import { getLiveQuota } from '../../../functions/src/quota.ts';
import { Refusal } from '../../../functions/src/refusal.ts';
import { reportLiveUsage } from '../../../functions/src/report.ts';
import { createRequestMemory } from '../../../functions/src/request-memory.ts';
import { settingsStore } from '../../../functions/src/settings-store.ts';
import { createStore, type Store } from '../../../functions/src/store.ts';
import { sweepLiveSessions } from '../../../functions/src/sweep.ts';
import type { TransactionRunner } from '../../../functions/src/transactions.ts';
import { LIVE_SERVICE, type TokenOrder, type TokenOutcome } from '../../../functions/src/upstream.ts';
import { useStack } from '../../support/stack.ts';

/** A policy that allows much; tests narrow one field at a time. */
export const POLICY: LivePolicyDocument = {
  v: 1,
  version: 1,
  route: 'direct',
  backends: ['google-ai'],
  models: ['gemini-3.8-live'],
  modalities: ['AUDIO'],
  voices: 'any',
  tools: 'any',
  templates: 'any',
  templateRequired: false,
  settableFields: ['generationConfig.temperature', 'generationConfig.speechConfig', 'systemInstruction'],
  openFields: [],
  minutesPerDay: 600,
  minutesPerMonth: null,
  sessionsPerMinute: 1_000,
  concurrentSessions: 5,
  maxLiveTokens: null,
  reportedPerDay: { tokens: null, usd: null },
  meteredPerDay: { tokens: null, usd: null },
  renewal: 'resume',
  leaseSeconds: [120, 300, 600],
  singleLeaseSeconds: 900,
  anonymous: true,
  anonymousPool: null,
  transcripts: { keep: false, days: 0 },
  reportEverySeconds: 120,
  sessionDays: 30,
  emulatorOnly: false,
};

/** Noon of a day, so that no test meets midnight by accident. */
export const NOON = Date.parse('2026-11-21T12:00:00Z');

/** A refusal, or the answer, of one call. */
export type Outcome<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly code: string; readonly details: RefusalDetails };

/** The real handlers on the Firestore emulator, with a clock and a Live API in the test's hand. */
export interface World {
  readonly db: Firestore;
  readonly paths: LivePaths;
  readonly store: Store;
  readonly caller: Caller;
  /** Every token the Live API was asked for, with the time it was asked at. */
  readonly orders: readonly (TokenOrder & {
    readonly at: number;
    readonly outcome: TokenOutcome['outcome'];
  })[];
  readonly log: readonly string[];
  /** Documents read and written in transactions since the last {@link World.countAnew}, retries included. */
  readonly counts: { readonly reads: number; readonly writes: number };
  countAnew(): void;
  now: number;
  policy: LivePolicyDocument;
  config: LiveConfigDocument | null;
  templates: Readonly<Record<string, LiveTemplateDocument>>;
  prices: Readonly<Record<string, LivePriceDocument>>;
  /** The team's own rules. */
  hooks: LiveHooks;
  /** Reasons of refused mints, in order. */
  readonly refused: readonly string[];
  /** What the Live API answers next. */
  upstream: (order: TokenOrder) => TokenOutcome | Promise<TokenOutcome>;
  /** What the functions take its answer for: a careless gate misreads it. */
  misread: (outcome: TokenOutcome) => TokenOutcome;
  mint(request: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  start(more?: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  renew(sessionId: string, more?: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  remint(sessionId: string, more?: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  report(report: object, caller?: Caller): Promise<Outcome<ReportAnswer>>;
  quota(request?: object, caller?: Caller): Promise<Outcome<QuotaAnswer>>;
  sweep(limit?: number): Promise<number>;
  /** What the sweep and the roll-up work with. */
  readonly books: BooksDependencies;
  session(sessionId: string): Promise<LiveSessionDocument>;
  /** Templates come from Firestore from now on, not from {@link World.templates}. */
  useStoredTemplates(): void;
  /** Every transaction fails from now on. */
  breakBooks(): void;
  /** A second instance of the functions on the same books: nothing in memory is shared. */
  anotherInstance(): void;
  close(): Promise<void>;
}

/** What a world stands on. */
export interface WorldOptions {
  readonly policy?: Partial<LivePolicyDocument>;
  readonly transaction?: TransactionRunner;
  /** Another Firestore than the emulator's; whoever made it closes it. */
  readonly firestore?: Firestore;
}

/** The emulator's Firestore, in a project of the handlers' own. */
function emulatedFirestore(): { readonly db: Firestore; close(): Promise<void> } {
  // No look-up of a cloud machine's metadata: there is none.
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  const app = initializeApp({ projectId: 'demo-handlers' }, randomUUID());
  return { db: getFirestore(app), close: () => deleteApp(app) };
}

/** A world with a user nobody has seen. */
export function createWorld(options: WorldOptions = {}): World {
  const { db, close } = options.firestore
    ? { db: options.firestore, close: async () => undefined }
    : emulatedFirestore();
  const paths = livePaths(db);
  const stored = settingsStore(paths);
  const refused: string[] = [];
  const orders: World['orders'][number][] = [];
  const lines: string[] = [];
  const counts = { reads: 0, writes: 0 };
  const transaction = options.transaction ?? countingTransaction(counts);
  const faults = { broken: false, storedTemplates: false };
  const store = createStore(paths, {
    transaction: (each, body) =>
      faults.broken ? Promise.reject(new Error('unreachable')) : transaction(each, body),
  });
  let made = 0;
  const log = createLog((severity, message, fields) =>
    lines.push(JSON.stringify({ severity, message, ...fields })),
  );
  const instance = (): LiveDependencies => ({
    store,
    settings: {
      policy: async (id) => (id === 'default' ? world.policy : null),
      template: async (id, version) =>
        faults.storedTemplates ? stored.template(id, version) : (world.templates[id] ?? null),
      config: async () => world.config,
      price: async (model) => world.prices[model] ?? null,
    },
    makeToken: async (order) => {
      const at = world.now;
      const outcome = await world.upstream(order);
      orders.push({ ...order, at, outcome: outcome.outcome });
      return world.misread(outcome);
    },
    endpoints: LIVE_SERVICE,
    requests: createRequestMemory({ now: () => world.now }),
    bursts: createBurstGuard(),
    full: createFullMemory({ now: () => world.now }),
    reportGate: createCallGate({ now: () => world.now, perMinute: 60 }),
    refusals: { count: (reason) => refused.push(reason) },
    // Read at each call: a test changes them.
    get hooks() {
      return world.hooks;
    },
    hookLimitMs: 200,
    log,
    now: () => world.now,
    newId: () => randomUUID().replaceAll('-', '').slice(0, 20),
    emulated: true,
  });
  let dependencies = instance();
  const books: BooksDependencies = {
    paths,
    settings: { config: async () => world.config, price: async (model) => world.prices[model] ?? null },
    get hooks() {
      return world.hooks;
    },
    log,
    tellLimitMs: 200,
  };

  const outcome = async <T>(work: Promise<T>): Promise<Outcome<T>> => {
    try {
      return { ok: true, answer: await work };
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, code: error.code, details: error.details };
      throw error;
    }
  };
  const world: World = {
    db,
    paths,
    store,
    books,
    hooks: {},
    refused,
    prices: {},
    caller: { uid: `user-${randomUUID()}`, provider: 'anonymous' },
    orders,
    log: lines,
    counts,
    countAnew: () => Object.assign(counts, { reads: 0, writes: 0 }),
    now: NOON,
    policy: { ...POLICY, ...options.policy },
    config: null,
    templates: {},
    upstream: () => ({ outcome: 'minted', token: `auth_tokens/secret-${++made}` }),
    misread: (outcome) => outcome,
    mint: (request, caller = world.caller) => outcome(mintLiveToken(dependencies, caller, request)),
    start: (more = {}, caller) =>
      world.mint({ v: 1, op: 'start', requestId: randomUUID(), model: 'gemini-3.8-live', ...more }, caller),
    renew: (sessionId, more = {}, caller) =>
      world.mint({ v: 1, op: 'renew', requestId: randomUUID(), sessionId, ...more }, caller),
    remint: (sessionId, more = {}, caller) =>
      world.mint({ v: 1, op: 'remint', requestId: randomUUID(), sessionId, ...more }, caller),
    report: (report, caller = world.caller) => outcome(reportLiveUsage(dependencies, caller, report)),
    quota: (request = { v: 1 }, caller = world.caller) =>
      outcome(getLiveQuota(dependencies, caller, request)),
    sweep: (limit) => sweepLiveSessions(books, world.now, limit),
    session: async (sessionId) =>
      (await db.doc(`liveSessions/${sessionId}`).get()).data() as LiveSessionDocument,
    useStoredTemplates: () => {
      faults.storedTemplates = true;
    },
    breakBooks: () => {
      faults.broken = true;
    },
    anotherInstance: () => {
      dependencies = instance();
    },
    close,
  };
  return world;
}

/** A transaction whose reads and writes are counted. */
function countingTransaction(counts: { reads: number; writes: number }): TransactionRunner {
  return (db, body) =>
    db.runTransaction((transaction) =>
      body(
        new Proxy(transaction, {
          get(target, name) {
            const method: unknown = Reflect.get(target, name);
            if (typeof method !== 'function') return method;
            return (...args: unknown[]) => {
              if (name === 'get' || name === 'getAll') counts.reads += args.length;
              else counts.writes += 1;
              return method.apply(target, args);
            };
          },
        }),
      ),
    );
}

/** The answer of a call that must succeed. */
export function granted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code} ${JSON.stringify(outcome.details)}`);
  return outcome.answer;
}

/** Why a call that must fail was refused. */
export function reasonOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'granted' : outcome.details.reason;
}

/** A report of the connection that a mint answered with. */
export function reportOf(
  { sessionId, connectionId }: MintAnswer,
  more: Partial<UsageReport> = {},
): UsageReport {
  return { v: 1, sessionId, connectionId, seq: 1, final: false, seconds: 1, totals: NO_USAGE, ...more };
}
