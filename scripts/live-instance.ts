/**
 * One instance of the functions, put together by hand: their own handlers on any Firestore, at any time.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Firestore } from 'firebase-admin/firestore';
import { createBurstGuard } from '../functions/src/burst-guard.ts';
import { createCallGate } from '../functions/src/call-gate.ts';
import { createFullMemory } from '../functions/src/full-memory.ts';
import { HOOK_LIMIT_MS } from '../functions/src/hooks.ts';
import type { LiveProcess } from '../functions/src/live-dependencies.ts';
import { createLog, type LogSink } from '../functions/src/logs.ts';
import type { UserDirectory } from '../functions/src/operator-door.ts';
import { livePaths } from '../functions/src/paths.ts';
import { createRefusalCounter } from '../functions/src/refusal-counter.ts';
import { createRequestMemory } from '../functions/src/request-memory.ts';
import { rememberSettings } from '../functions/src/settings.ts';
import { settingsStore } from '../functions/src/settings-store.ts';
import { createStore } from '../functions/src/store.ts';
import { transactionsOn } from '../functions/src/transactions.ts';
import { LIVE_SERVICE, type TokenMaker } from '../functions/src/upstream.ts';

/** What an instance stands on. */
export interface InstanceOptions {
  readonly db: Firestore;
  /** Epoch ms. */
  readonly now: () => number;
  /** What the Live API answers. */
  readonly makeToken: TokenMaker;
  readonly users: UserDirectory;
  readonly log: LogSink;
  /** A new id: 20 characters of `A-Za-z0-9`. */
  readonly newId?: () => string;
  /** Answers 0 ≤ x < 1. */
  readonly random?: () => number;
}

/** What the functions work with, with no hooks. One instance per user of it: it remembers. */
export function liveInstance(options: InstanceOptions): LiveProcess {
  const { db, now, makeToken, users, newId = freshId, random = Math.random } = options;
  const paths = livePaths(db);
  const log = createLog(options.log);
  return {
    paths,
    store: createStore(paths, { random }),
    settings: rememberSettings(settingsStore(paths), { now }),
    makeToken,
    endpoints: LIVE_SERVICE,
    requests: createRequestMemory({ now }),
    bursts: createBurstGuard(),
    full: createFullMemory({ now }),
    reportGate: createCallGate({ now, perMinute: 1_000 }),
    refusals: createRefusalCounter({ paths, now, log, random }),
    run: transactionsOn(db, { random }),
    users,
    // Nobody looks users up here.
    accounts: { find: async () => null },
    hooks: {},
    hookLimitMs: HOOK_LIMIT_MS,
    log,
    now,
    newId,
    emulated: true,
  };
}

function freshId(): string {
  return randomBytes(15).toString('base64url').replace(/[-_]/g, 'x');
}
