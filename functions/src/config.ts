/**
 * Parameters, secrets and the environment: the only file that reads them.
 * @module
 */
import { defineBoolean, defineInt, defineSecret, defineString } from 'firebase-functions/params';
import { emulatedEndpoints, LIVE_SERVICE, type LiveEndpoints } from './upstream.ts';

/** The Gemini API key. A secret parameter: bound to `mintLiveToken` alone. */
export const GEMINI_API_KEY = defineSecret('GEMINI_API_KEY');

/** Whether callables refuse requests without a valid App Check token. */
export const ENFORCE_APP_CHECK = defineBoolean('LIVEGATE_ENFORCE_APP_CHECK', {
  default: true,
  description: 'Refuse callables without a valid App Check token. The emulators always let them in.',
});

/** Whether an App Check token may be used once only. */
export const APP_CHECK_REPLAY_PROTECTION = defineBoolean('LIVEGATE_APP_CHECK_REPLAY_PROTECTION', {
  default: false,
  description:
    'Take each App Check token once only. Costs a call to App Check and a fresh attestation for each mint and report.',
});

/**
 * The same parameter as a deployed function finds it in its environment. The SDK wants it while the functions are
 * being defined, which is too early for the parameter itself: at discovery it has no value yet.
 */
export function hasReplayProtection(environment: Environment): boolean {
  return !inEmulator(environment) && environment.LIVEGATE_APP_CHECK_REPLAY_PROTECTION === 'true';
}

/** Where the functions run. */
export const LIVE_REGION = defineString('LIVEGATE_REGION', {
  default: 'us-central1',
  description: 'Region of the functions: best that of the database.',
});

/** The Firestore database that holds the books. */
export const LIVE_DATABASE = defineString('LIVEGATE_DATABASE', {
  default: '(default)',
  description: 'Id of the Firestore database.',
});

/** Bounds what a flood of calls can cost. */
export const MAX_INSTANCES = defineInt('LIVEGATE_MAX_INSTANCES', {
  default: 20,
  description: 'Most instances of each callable; one answers 80 calls at a time.',
});

/** What the boot guard looks at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that only make sense in the emulators: addresses of emulators, and the SDK's debug switches, one of
 * which takes ID tokens unverified.
 */
const EMULATOR_ONLY = /(_EMULATOR_HOST|^FIREBASE_EMULATOR_HUB|^FIREBASE_DEBUG_(MODE|FEATURES))$/;

/** True inside the functions emulator. */
export function inEmulator(environment: Environment): boolean {
  return environment.FUNCTIONS_EMULATOR === 'true';
}

/**
 * Throws where an emulator's address or a debug switch is set outside the emulators: a deployed function must
 * never take its tokens, its users or its books from one. Runs at import, so that a deploy fails at discovery.
 */
export function guardEnvironment(environment: Environment): void {
  if (inEmulator(environment)) return;
  const set = Object.keys(environment).filter((name) => EMULATOR_ONLY.test(name) && environment[name]);
  if (set.length > 0) {
    throw new Error(
      `${set.sort().join(', ')} ${set.length > 1 ? 'are' : 'is'} set outside the emulators. Remove it from the environment and deploy again.`,
    );
  }
}

/** The Live API of this environment. Call {@link guardEnvironment} first. */
export function liveEndpoints(environment: Environment): LiveEndpoints {
  const host = environment.GEMINI_LIVE_EMULATOR_HOST;
  return host && inEmulator(environment) ? emulatedEndpoints(host) : LIVE_SERVICE;
}

/** The environment of this process. */
export const environment: Environment = process.env;
