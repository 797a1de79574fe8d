/**
 * What can go wrong, in words: what happened and what to do. Pure.
 * @module
 */
import type { AIErrorCode, LiveCloseCause, LiveErrorReason } from '@livegate/web';

/** A problem as the page shows it. */
export interface Problem {
  readonly title: string;
  readonly advice: string;
  /** Trying again before this many ms have passed cannot help; absent where waiting is not the remedy. */
  readonly retryAfterMs?: number;
  /** Signing in is the remedy. */
  readonly needsSignIn?: boolean;
}

const AGAIN = 'Press “Start talking” to try again.';

/** Why no token was given. */
const REFUSALS: Readonly<Record<LiveErrorReason, Problem>> = {
  unauthenticated: {
    title: 'You are not signed in',
    advice: 'Sign in, then start again.',
    needsSignIn: true,
  },
  unreachable: {
    title: 'The server cannot be reached',
    advice: `Check the connection. ${AGAIN}`,
  },
  anonymous: {
    title: 'Guests may not talk here',
    advice: 'Sign in with an account, then start again.',
    needsSignIn: true,
  },
  'minutes-day': { title: 'No minutes left today', advice: 'Your minutes come back at midnight UTC.' },
  'minutes-month': { title: 'No minutes left this month', advice: 'Your minutes come back on the 1st, UTC.' },
  concurrency: {
    title: 'You are talking somewhere else',
    advice: 'End the other conversation. Its place becomes free when its lease is over.',
  },
  'live-tokens': {
    title: 'Too many connections in a short time',
    advice: 'Wait until the oldest has run out.',
  },
  rate: { title: 'Too many starts in a minute', advice: 'Wait a moment, then start again.' },
  contention: { title: 'The server is busy with another start of yours', advice: AGAIN },
  'already-issued': { title: 'This start was already answered', advice: AGAIN },
  blocked: { title: 'Your account is blocked', advice: 'Ask whoever runs this app.' },
  'kill-switch': {
    title: 'Talking is switched off',
    advice: 'Whoever runs this app switched it off for everybody. Try later.',
  },
  'app-check': { title: 'This page could not prove itself', advice: 'Reload the page, then start again.' },
  'client-outdated': { title: 'This page is out of date', advice: 'Reload the page, then start again.' },
  'no-template': { title: 'This kind of talk does not exist', advice: 'Choose another template.' },
  voice: { title: 'This voice is not allowed', advice: 'Choose another voice.' },
  model: {
    title: 'This model is not allowed',
    advice: 'Whoever runs this app has to allow it in the policy.',
  },
  modality: {
    title: 'This kind of answer is not allowed',
    advice: 'Whoever runs this app has to allow it in the policy.',
  },
  backend: {
    title: 'This service is not allowed',
    advice: 'Whoever runs this app has to allow it in the policy.',
  },
  field: {
    title: 'A setting is not allowed',
    advice: 'The policy forbids a setting that this page asks for.',
  },
  invalid: { title: 'The server did not understand the page', advice: 'Reload the page, then start again.' },
  'emulator-only': {
    title: 'This policy is for the emulators only',
    advice: 'Whoever runs this app has to write a policy of their own.',
  },
  'relay-only': {
    title: 'This policy needs the relay',
    advice: 'Whoever runs this app has to set up the relay.',
  },
  'not-owner': { title: 'This is not your session', advice: AGAIN },
  'no-session': { title: 'The session no longer exists', advice: AGAIN },
  'renew-early': { title: 'The session was continued too early', advice: AGAIN },
  'session-over': { title: 'The session is over', advice: AGAIN },
  revoked: { title: 'This talk was ended by an operator', advice: 'Ask whoever runs this app.' },
  'single-lease': { title: 'Your time for one talk is over', advice: AGAIN },
  'anonymous-pool': {
    title: 'The minutes of guests are used up here',
    advice: 'Sign in with an account for minutes of your own.',
    needsSignIn: true,
  },
  'cap-minutes': {
    title: "This app's minutes of today are used up",
    advice: 'They come back at midnight UTC.',
  },
  'cap-tokens': { title: 'Too many people are talking', advice: 'Wait a moment, then start again.' },
  'spend-day': {
    title: 'Your share of today is used up',
    advice: 'It comes back at midnight UTC.',
  },
  tool: { title: 'A tool is not allowed', advice: 'Whoever runs this app has to allow it in the policy.' },
  'not-authorized': { title: 'A rule of this app says no', advice: 'Ask whoever runs this app.' },
  ...forOperators(),
  'upstream-refused': {
    title: 'Gemini refused the session',
    advice: 'Whoever runs this app has to look at the API key and the model.',
  },
  'upstream-unavailable': { title: 'Gemini cannot be reached', advice: 'Wait a moment, then start again.' },
};

/** Refusals of callables that this page does not call. */
function forOperators() {
  const problem: Problem = { title: 'This is for operators', advice: 'Use the dashboard.' };
  return {
    conflict: problem,
    'last-admin': problem,
    'no-user': problem,
    'not-operator': problem,
    'sign-in-old': problem,
  } as const;
}

/** Nobody is signed in. */
export const NOT_SIGNED_IN: Problem = REFUSALS.unauthenticated;

/** What the browser says of a microphone that it does not give. */
const MICROPHONE: Readonly<Record<string, Problem>> = {
  NotAllowedError: {
    title: 'The microphone is not allowed',
    advice: 'Allow it in the address bar or in the settings of the system, then start again.',
  },
  SecurityError: {
    title: 'The microphone is not allowed here',
    advice: 'Microphones work on https:// pages and on localhost only.',
  },
  NotFoundError: { title: 'There is no microphone', advice: 'Connect one, then start again.' },
  OverconstrainedError: { title: 'No microphone fits', advice: 'Connect another one, then start again.' },
  NotReadableError: {
    title: 'The microphone is in use',
    advice: 'Close the program that holds it, then start again.',
  },
};

/** What the Auth SDK says. */
const SIGN_IN: Readonly<Record<string, Problem>> = {
  'auth/network-request-failed': {
    title: 'The sign-in service cannot be reached',
    advice: 'Check the connection and try again.',
  },
  'auth/popup-blocked': {
    title: 'The browser blocked the pop-up',
    advice: 'Allow pop-ups for this page and try again.',
  },
  'auth/admin-restricted-operation': {
    title: 'Guests are not allowed',
    advice: 'Sign in with an account.',
    needsSignIn: true,
  },
  'auth/operation-not-allowed': {
    title: 'This way to sign in is switched off',
    advice: 'Use another one.',
    needsSignIn: true,
  },
};

/** What the module says beside refusals. */
const CODES: Readonly<Partial<Record<AIErrorCode, Problem>>> = {
  'fetch-error': { title: 'No connection', advice: `Check the network. ${AGAIN}` },
  'response-error': { title: 'The service broke the conversation off', advice: AGAIN },
  'session-closed': { title: 'The session is over', advice: AGAIN },
  unsupported: {
    title: 'This browser cannot do it',
    advice: 'Use a current Chrome, Edge, Firefox or Safari.',
  },
};

/** Whatever was thrown on the way to a conversation or in it, as a problem. Never quotes what was said. */
export function problemOf(error: unknown): Problem {
  const { name, code, message, customErrorData, cause } = fieldsOf(error);
  const { reason, retryAfterMs, closeReason } = fieldsOf(customErrorData);
  const known =
    lookUp(REFUSALS, reason) ??
    lookUp(MICROPHONE, name) ??
    lookUp(MICROPHONE, fieldsOf(cause).name) ??
    lookUp(SIGN_IN, code) ??
    lookUp(CODES, code);
  const problem = known ?? {
    title: 'Something went wrong',
    advice: `${typeof message === 'string' && message !== '' ? `${message} ` : ''}${AGAIN}`,
  };
  const detail = typeof closeReason === 'string' && closeReason !== '' ? ` It said: ${closeReason}` : '';
  return {
    ...problem,
    advice: `${problem.advice}${detail}`,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  };
}

/** Why a session ended, as a problem; `undefined` where it ended as it should. */
export function endingOf(cause: LiveCloseCause): Problem | undefined {
  switch (cause.reason) {
    case 'app':
    case 'server':
      return undefined;
    case 'stopped':
      return {
        revoked: { title: 'An operator ended the session', advice: AGAIN },
        blocked: REFUSALS.blocked,
        'kill-switch': REFUSALS['kill-switch'],
        quota: {
          title: 'Your minutes are used up',
          advice: 'They come back with the next day or month, UTC.',
        },
        'session-over': REFUSALS['session-over'],
      }[cause.notice.reason];
    case 'lease-over':
      return cause.refusal === undefined
        ? { title: 'Your time for this talk is over', advice: AGAIN }
        : REFUSALS[cause.refusal];
    case 'lost':
      return {
        title: 'The connection was lost',
        advice: `It could not be brought back (${cause.code}). ${AGAIN}`,
      };
    case 'refused':
      return {
        title: 'The service ended the session',
        advice: `${cause.detail === '' ? `Code ${cause.code}.` : `${cause.detail} (${cause.code}).`} ${AGAIN}`,
      };
  }
}

/** How long to wait, in words: `now`, `12 s`, `3 min`, `5 h`. */
export function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return 'now';
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function lookUp(table: Readonly<Record<string, Problem>>, key: unknown): Problem | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
