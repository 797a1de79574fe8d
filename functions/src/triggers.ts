/**
 * The functions as Firebase sees them: check who calls, call the handler, turn its refusals into errors.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { MintAnswer, ReportAnswer } from '@livegate/protocol';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { type CallableRequest, HttpsError, onCall } from 'firebase-functions/https';
import { write } from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { type Caller, callerOf } from './caller.ts';
import {
  ENFORCE_APP_CHECK,
  environment,
  GEMINI_API_KEY,
  guardEnvironment,
  inEmulator,
  LIVE_DATABASE,
  LIVE_REGION,
  liveEndpoints,
  MAX_INSTANCES,
} from './config.ts';
import { createLog, type LiveLog } from './logs.ts';
import { type LiveDependencies, mintLiveToken as mint } from './mint.ts';
import { Refusal } from './refusal.ts';
import { reportLiveUsage as report } from './report.ts';
import { createRequestMemory } from './request-memory.ts';
import { rememberSettings } from './settings.ts';
import { createStore } from './store.ts';
import { sweepLiveSessions as sweep } from './sweep.ts';
import { httpTokenMaker } from './upstream.ts';

guardEnvironment(environment);

const emulated = inEmulator(environment);
const log: LiveLog = createLog((severity, message, fields) => write({ severity, message, ...fields }));
/** Settings are believed for a minute; in the emulators for a second, where people change them and look. */
const EMULATED_MEMORY_MS = 1_000;

let held: LiveDependencies | undefined;
/** Made at the first call: discovery must not open a database. */
function dependencies(): LiveDependencies {
  if (held) return held;
  const [app = initializeApp()] = getApps();
  const store = createStore(getFirestore(app, LIVE_DATABASE.value() || '(default)'));
  const endpoints = liveEndpoints(environment);
  const now = Date.now;
  held = {
    store,
    settings: rememberSettings(store, { now, ...(emulated ? { memoryMs: EMULATED_MEMORY_MS } : {}) }),
    makeToken: httpTokenMaker(endpoints, () => GEMINI_API_KEY.value().trim() || 'no-key'),
    endpoints,
    requests: createRequestMemory({ now }),
    log,
    now,
    newId: () => randomBytes(15).toString('base64url').replace(/[-_]/g, 'x'),
    emulated,
  };
  return held;
}

const options = {
  region: LIVE_REGION,
  enforceAppCheck: emulated ? false : ENFORCE_APP_CHECK,
  cors: true,
  memory: '256MiB',
  timeoutSeconds: 60,
  maxInstances: MAX_INSTANCES,
} as const;

/** Mints the token of a session's next connection. See `MintRequest` and `MintAnswer`. */
export const mintLiveToken = onCall<unknown, Promise<MintAnswer>>(
  { ...options, secrets: [GEMINI_API_KEY] },
  (request) => answered('minting', request, (caller) => mint(dependencies(), caller, request.data)),
);

/** Takes the cumulative figures of one connection. See `UsageReport` and `ReportAnswer`. */
export const reportLiveUsage = onCall<unknown, Promise<ReportAnswer>>(options, (request) =>
  answered('taking a report', request, (caller) => report(dependencies(), caller, request.data)),
);

/** Closes the books of sessions whose last token is dead. */
export const sweepLiveSessions = onSchedule(
  {
    region: LIVE_REGION,
    schedule: 'every 5 minutes',
    memory: '256MiB',
    timeoutSeconds: 300,
    maxInstances: 1,
  },
  async () => {
    log.booksClosed({ closed: await sweep(dependencies().store, Date.now()) });
  },
);

async function answered<T>(
  doing: string,
  request: CallableRequest<unknown>,
  answer: (caller: Caller) => Promise<T>,
): Promise<T> {
  if (!request.auth)
    throw new HttpsError('unauthenticated', 'Sign in first: Livegate counts minutes by user.');
  try {
    return await answer(callerOf(request.auth));
  } catch (error) {
    if (error instanceof Refusal) throw new HttpsError(error.code, error.message, error.details);
    log.unexpected(error, doing);
    throw new HttpsError('internal', 'Something went wrong here; ask again.');
  }
}
