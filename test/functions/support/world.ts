import { randomUUID } from 'node:crypto';
import type {
  LiveConfigDocument,
  LivePolicyDocument,
  LiveSessionDocument,
  LiveTemplateDocument,
  MintAnswer,
  ReportAnswer,
  UsageReport,
} from '@livegate/protocol';
import { NO_USAGE, type RefusalDetails } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { Caller } from '../../../functions/src/caller.ts';
import { createLog } from '../../../functions/src/logs.ts';
import { type LiveDependencies, mintLiveToken } from '../../../functions/src/mint.ts';
import { Refusal } from '../../../functions/src/refusal.ts';
import { reportLiveUsage } from '../../../functions/src/report.ts';
import { createRequestMemory } from '../../../functions/src/request-memory.ts';
import { createStore, type Store, type TransactionRunner } from '../../../functions/src/store.ts';
import { sweepLiveSessions } from '../../../functions/src/sweep.ts';
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
  templates: 'any',
  templateRequired: false,
  settableFields: ['generationConfig.temperature', 'generationConfig.speechConfig', 'systemInstruction'],
  openFields: [],
  minutesPerDay: 600,
  minutesPerMonth: null,
  sessionsPerMinute: 1_000,
  concurrentSessions: 5,
  maxLiveTokens: null,
  renewal: 'resume',
  leaseSeconds: [120, 300, 600],
  singleLeaseSeconds: 900,
  anonymous: true,
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
  /** What the Live API answers next. */
  upstream: (order: TokenOrder) => TokenOutcome | Promise<TokenOutcome>;
  /** What the functions take its answer for: a careless gate misreads it. */
  misread: (outcome: TokenOutcome) => TokenOutcome;
  mint(request: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  start(more?: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  renew(sessionId: string, more?: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  remint(sessionId: string, more?: object, caller?: Caller): Promise<Outcome<MintAnswer>>;
  report(report: object, caller?: Caller): Promise<Outcome<ReportAnswer>>;
  sweep(): Promise<number>;
  session(sessionId: string): Promise<LiveSessionDocument>;
  /** Templates come from Firestore from now on, not from {@link World.templates}. */
  useStoredTemplates(): void;
  /** Every transaction fails from now on. */
  breakBooks(): void;
  /** A second instance of the functions on the same books: nothing in memory is shared. */
  anotherInstance(): void;
  close(): Promise<void>;
}

/** A world with a user nobody has seen. */
export function createWorld(
  options: { readonly policy?: Partial<LivePolicyDocument>; readonly transaction?: TransactionRunner } = {},
): World {
  // No look-up of a cloud machine's metadata: there is none.
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  const app = initializeApp({ projectId: 'demo-handlers' }, randomUUID());
  const db = getFirestore(app);
  const orders: World['orders'][number][] = [];
  const lines: string[] = [];
  const counts = { reads: 0, writes: 0 };
  const transaction = options.transaction ?? countingTransaction(counts);
  const books = { broken: false, storedTemplates: false };
  const store = createStore(db, {
    transaction: (each, body) =>
      books.broken ? Promise.reject(new Error('unreachable')) : transaction(each, body),
  });
  let made = 0;
  const instance = (): LiveDependencies => ({
    store,
    settings: {
      policy: async (id) => (id === 'default' ? world.policy : null),
      template: async (id, version) =>
        books.storedTemplates ? store.template(id, version) : (world.templates[id] ?? null),
      config: async () => world.config,
    },
    makeToken: async (order) => {
      const at = world.now;
      const outcome = await world.upstream(order);
      orders.push({ ...order, at, outcome: outcome.outcome });
      return world.misread(outcome);
    },
    endpoints: LIVE_SERVICE,
    requests: createRequestMemory({ now: () => world.now }),
    log: createLog((severity, message, fields) =>
      lines.push(JSON.stringify({ severity, message, ...fields })),
    ),
    now: () => world.now,
    newId: () => randomUUID().replaceAll('-', '').slice(0, 20),
    emulated: true,
  });
  let dependencies = instance();

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
    store,
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
    sweep: () => sweepLiveSessions(store, world.now),
    session: async (sessionId) =>
      (await db.doc(`liveSessions/${sessionId}`).get()).data() as LiveSessionDocument,
    useStoredTemplates: () => {
      books.storedTemplates = true;
    },
    breakBooks: () => {
      books.broken = true;
    },
    anotherInstance: () => {
      dependencies = instance();
    },
    close: () => deleteApp(app),
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
