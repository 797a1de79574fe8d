/**
 * The real handlers on a Firestore emulator, as one instance of the functions has them: settings remembered for a
 * minute, what is remembered kept between calls. Only the clock, the Live API and the user records are the bench's.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  DOCUMENTS_VERSION,
  LIST_PRICES,
  type LiveCaps,
  type LiveConfigDocument,
  type LivePolicyDocument,
  OPEN_POLICY,
} from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { AccountDirectory } from '../../functions/src/accounts.ts';
import { createBurstGuard } from '../../functions/src/burst-guard.ts';
import { createCallGate } from '../../functions/src/call-gate.ts';
import type { Caller } from '../../functions/src/caller.ts';
import { createFullMemory } from '../../functions/src/full-memory.ts';
import type { LiveProcess } from '../../functions/src/live-dependencies.ts';
import { createLog } from '../../functions/src/logs.ts';
import type { UserDirectory } from '../../functions/src/operator-door.ts';
import { type LivePaths, livePaths } from '../../functions/src/paths.ts';
import { createRefusalCounter } from '../../functions/src/refusal-counter.ts';
import { createRequestMemory } from '../../functions/src/request-memory.ts';
import { rememberSettings } from '../../functions/src/settings.ts';
import { settingsStore } from '../../functions/src/settings-store.ts';
import { createStore } from '../../functions/src/store.ts';
import { transactionsOn } from '../../functions/src/transactions.ts';
import { LIVE_SERVICE, type TokenMaker, type TokenOrder } from '../../functions/src/upstream.ts';
import { calibrate, countFirestore, type FirestoreCounter } from './counted-firestore.ts';

/** The model that is talked to. */
export const MODEL = 'gemini-3.8-live';

/** One instance of the functions. */
export interface BenchBackend {
  readonly db: Firestore;
  readonly paths: LivePaths;
  readonly counter: FirestoreCounter;
  /** What the handlers take. */
  readonly live: LiveProcess;
  /** Epoch ms: the clock of the handlers. */
  now: number;
  /** Time that the last mint waited for the Live API, in ms. */
  readonly upstreamMs: number;
  /** What the last mint asked the Live API for. */
  readonly lastOrder: TokenOrder | null;
  /** What the Live API answers. */
  upstream: TokenMaker;
  /** Writes `livePolicies/default` and `liveConfig/global`, and forgets what is remembered. */
  configure(settings: BenchSettings): Promise<void>;
  /** Forgets everything, as a new instance does. */
  startAnew(): void;
  close(): Promise<void>;
}

/** What the project is set to. */
export interface BenchSettings {
  readonly policy?: Partial<LivePolicyDocument>;
  readonly caps?: LiveCaps | null;
  readonly killSwitch?: boolean;
}

/** Bounds that nobody reaches, in so many shards as a project of some size has. */
export const WIDE_CAPS: LiveCaps = { minutesPerDay: 100_000_000, liveTokens: 10_000_000, shards: 16 };

/** A user nobody has seen. */
export function someone(provider = 'password'): Caller {
  return { uid: `user-${newId()}`, provider };
}

/** 20 characters of `A-Za-z0-9`. */
export function newId(): string {
  return randomBytes(15).toString('base64url').replace(/[-_]/g, 'x');
}

/** The policy `open` with room for the bench. */
export function benchPolicy(changes: Partial<LivePolicyDocument> = {}): LivePolicyDocument {
  return {
    ...OPEN_POLICY,
    minutesPerDay: 1_000,
    minutesPerMonth: 100_000,
    sessionsPerMinute: 1_000,
    ...changes,
  };
}

/** Opens an instance on the emulator at `host:port`, in a project of its own. */
export async function openBackend(firestoreHost: string): Promise<BenchBackend> {
  // No look-up of a cloud machine's metadata: there is none.
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = firestoreHost;
  const app = initializeApp({ projectId: 'demo-bench' }, newId());
  const db = getFirestore(app);
  const counter = countFirestore(db);
  await calibrate(db, counter);
  const paths = livePaths(db);
  const state = { now: Date.parse('2026-11-21T12:00:00Z'), upstreamMs: 0 };
  const now = (): number => state.now;
  let upstream: TokenMaker = async () => ({ outcome: 'minted', token: 'auth_tokens/bench' });
  let lastOrder: TokenOrder | null = null;
  const makeToken: TokenMaker = async (order) => {
    lastOrder = order;
    const begun = performance.now();
    try {
      return await upstream(order);
    } finally {
      state.upstreamMs = performance.now() - begun;
    }
  };

  const instance = (): LiveProcess => {
    // Lines are made, as in production, and go nowhere.
    const log = createLog(
      (severity, message, fields) => void JSON.stringify({ severity, message, ...fields }),
    );
    return {
      paths,
      store: createStore(paths),
      settings: rememberSettings(settingsStore(paths), { now }),
      makeToken,
      endpoints: LIVE_SERVICE,
      requests: createRequestMemory({ now }),
      bursts: createBurstGuard(),
      full: createFullMemory({ now }),
      reportGate: createCallGate({ now, perMinute: 1_000 }),
      refusals: createRefusalCounter({ paths, now, log }),
      run: transactionsOn(db),
      users: usersInMemory(),
      accounts: ACCOUNTS,
      hooks: {},
      hookLimitMs: 3_000,
      log,
      now,
      newId,
      emulated: false,
    };
  };
  let live = instance();

  return {
    db,
    paths,
    counter,
    get live() {
      return live;
    },
    get now() {
      return state.now;
    },
    set now(ms) {
      state.now = ms;
    },
    get upstreamMs() {
      return state.upstreamMs;
    },
    get lastOrder() {
      return lastOrder;
    },
    get upstream() {
      return upstream;
    },
    set upstream(next) {
      upstream = next;
    },
    async configure({ policy = {}, caps = null, killSwitch = false }) {
      const config: LiveConfigDocument = { v: DOCUMENTS_VERSION, killSwitch, caps, alerts: null };
      await paths.config().set(config);
      await paths.policy('default').set(benchPolicy(policy));
      for (const [model, price] of Object.entries(LIST_PRICES)) await paths.price(model).set(price);
      live = instance();
    },
    startAnew() {
      live = instance();
    },
    async close() {
      await deleteApp(app);
      // The next emulator has another address, and the client believes this variable before anything else.
      delete process.env.FIRESTORE_EMULATOR_HOST;
    },
  };
}

/** Accounts that are no Firestore documents either: everybody has one. */
const ACCOUNTS: AccountDirectory = {
  find: async (who) => ({
    uid: 'uid' in who ? who.uid : who.email,
    email: null,
    name: null,
    providers: ['password'],
    disabled: false,
    createdAt: null,
    lastSignInAt: null,
    customClaims: {},
  }),
};

/** Users whose records are no Firestore documents, and cost none. */
function usersInMemory(): UserDirectory {
  const claims = new Map<string, Readonly<Record<string, unknown>>>();
  return {
    read: async (uid) => ({ disabled: false, customClaims: claims.get(uid) ?? {}, tokensValidAfter: null }),
    setClaims: async (uid, set) => void claims.set(uid, set),
    revokeTokens: async () => undefined,
  };
}
