/**
 * The real effects, put together once for each process.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { COLLECTIONS, type CollectionNames } from '@livegate/protocol';
import { type App, getApps, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { type AccountDirectory, firebaseAccounts } from './accounts.ts';
import type { AdminDependencies } from './admin-act.ts';
import type { BooksDependencies } from './books-store.ts';
import { createBurstGuard } from './burst-guard.ts';
import { createCallGate } from './call-gate.ts';
import { environment, GEMINI_API_KEY, inEmulator, LIVE_DATABASE, liveEndpoints } from './config.ts';
import type { LiveDependencies } from './dependencies.ts';
import type { EraseDependencies } from './erasure-job.ts';
import { createFullMemory } from './full-memory.ts';
import { HOOK_LIMIT_MS, type LiveHooks } from './hooks.ts';
import type { LiveLog } from './logs.ts';
import { firebaseUsers, type UserDirectory } from './operator-door.ts';
import { livePaths } from './paths.ts';
import type { ReadUserDependencies } from './read-user.ts';
import { createRefusalCounter, type RefusalCounter } from './refusal-counter.ts';
import { createRequestMemory } from './request-memory.ts';
import { rememberSettings, type SettingsSource } from './settings.ts';
import { settingsStore } from './settings-store.ts';
import { createStore } from './store.ts';
import { transactionsOn } from './transactions.ts';
import { httpTokenMaker } from './upstream.ts';

/** What a team may set. */
export interface LiveOptions extends LiveHooks {
  /** Id of the database; the parameter `LIVEGATE_DATABASE` where it is absent. */
  readonly database?: string;
  /** Names of collections, where the usual ones are taken. Rules, indexes and dashboard must name the same. */
  readonly collections?: Partial<CollectionNames>;
  /** How long `authorize` and `onLease` may take, in ms; 3,000 where it is absent. */
  readonly hookLimitMs?: number;
}

/** What the triggers work with: one object for mints, books, operators and erasures. */
export interface LiveProcess
  extends LiveDependencies,
    AdminDependencies,
    EraseDependencies,
    BooksDependencies,
    ReadUserDependencies {
  readonly hooks: LiveHooks;
  readonly log: LiveLog;
  readonly settings: SettingsSource;
  readonly refusals: RefusalCounter;
}

/** Settings are believed for a minute; in the emulators for a second, where people change them and look. */
const EMULATED_MEMORY_MS = 1_000;
/** Reports of a user that one instance takes in a minute. A page sends one in minutes and one at each swap. */
const REPORTS_PER_MINUTE = 60;

/** The API key, or a stand-in where the emulators have none. */
export function apiKey(): string {
  return GEMINI_API_KEY.value().trim() || 'no-key';
}

/** Accounts; the SDK's half for them is loaded when an operator calls, not when a page mints. */
function accountsOf(app: App): { readonly users: UserDirectory; readonly accounts: AccountDirectory } {
  let loaded: Promise<UserDirectory & AccountDirectory> | undefined;
  const load = (): Promise<UserDirectory & AccountDirectory> => {
    loaded ??= import('firebase-admin/auth').then(({ getAuth }) => {
      const auth = getAuth(app);
      return { ...firebaseUsers(auth), ...firebaseAccounts(auth) };
    });
    return loaded;
  };
  return {
    users: {
      read: async (uid) => (await load()).read(uid),
      setClaims: async (uid, claims) => (await load()).setClaims(uid, claims),
      revokeTokens: async (uid) => (await load()).revokeTokens(uid),
    },
    accounts: { find: async (who) => (await load()).find(who) },
  };
}

/** Opens the database. Not to be called before the first request: discovery must not. */
export function openProcess(options: LiveOptions, log: LiveLog): LiveProcess {
  const emulated = inEmulator(environment);
  const [app = initializeApp()] = getApps();
  const db = getFirestore(app, options.database ?? (LIVE_DATABASE.value() || '(default)'));
  const paths = livePaths(db, { ...COLLECTIONS, ...options.collections });
  const endpoints = liveEndpoints(environment);
  const now = Date.now;
  return {
    paths,
    store: createStore(paths),
    settings: rememberSettings(settingsStore(paths), {
      now,
      ...(emulated ? { memoryMs: EMULATED_MEMORY_MS } : {}),
    }),
    makeToken: httpTokenMaker(endpoints, apiKey),
    endpoints,
    requests: createRequestMemory({ now }),
    bursts: createBurstGuard(),
    full: createFullMemory({ now }),
    reportGate: createCallGate({ now, perMinute: REPORTS_PER_MINUTE }),
    refusals: createRefusalCounter({ paths, now, log }),
    run: transactionsOn(db),
    ...accountsOf(app),
    hooks: options,
    hookLimitMs: options.hookLimitMs ?? HOOK_LIMIT_MS,
    log,
    now,
    newId: () => randomBytes(15).toString('base64url').replace(/[-_]/g, 'x'),
    emulated,
  };
}
