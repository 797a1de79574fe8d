/**
 * Why no token was given, in words: what happened, what to do, and the ways on that the page offers. Pure.
 * @module
 */
import type { LiveErrorReason } from '@livegate/web';

/**
 * What a button can do about a problem: sign in, start again, start without a microphone, start without this page's
 * wishes, reload the page.
 */
export type WayOn = 'sign-in' | 'again' | 'text-only' | 'no-wishes' | 'reload';

/** A problem as the page shows it. */
export interface Problem {
  readonly title: string;
  readonly advice: string;
  /** The first one is the remedy. */
  readonly ways: readonly WayOn[];
  /** Trying again before this many ms have passed cannot help; absent where waiting is not the remedy. */
  readonly retryAfterMs?: number;
}

const problem = (title: string, advice: string, ...ways: readonly WayOn[]): Problem => ({
  title,
  advice,
  ways: ways.length === 0 ? ['again'] : ways,
});
const again = 'Then start again.';
const policy =
  'Whoever runs this app has to allow it in the policy; without it the talk starts as they wrote it.';
const operators = problem('This is for operators', 'Use the dashboard.');

/** Every reason of the callable, and those of the way there. */
export const REFUSALS: Readonly<Record<LiveErrorReason, Problem>> = {
  unauthenticated: problem('You are not signed in', 'Sign in, then start again.', 'sign-in'),
  unreachable: problem('The server cannot be reached', `Check the connection. ${again}`),
  anonymous: problem('Guests may not talk here', 'Sign in with an account, then start again.', 'sign-in'),
  'anonymous-pool': problem(
    'The minutes of guests are used up here',
    'Sign in with an account for minutes of your own.',
    'sign-in',
    'again',
  ),
  'minutes-day': problem('No minutes left today', 'Your minutes come back at midnight UTC.'),
  'minutes-month': problem('No minutes left this month', 'Your minutes come back on the 1st, UTC.'),
  'spend-day': problem('Your share of today is used up', 'It comes back at midnight UTC.'),
  'cap-minutes': problem("This app's minutes of today are used up", 'They come back at midnight UTC.'),
  'cap-tokens': problem('Too many people are talking', `Wait a moment. ${again}`),
  concurrency: problem(
    'You are talking somewhere else',
    'End the other conversation. Its place becomes free when its lease is over.',
  ),
  'live-tokens': problem('Too many connections in a short time', 'Wait until the oldest has run out.'),
  rate: problem('Too many starts in a minute', `Wait a moment. ${again}`),
  contention: problem('The server is busy with another start of yours', `Wait a moment. ${again}`),
  'already-issued': problem('This start was already answered', 'Start again.'),
  blocked: problem(
    'Your account is blocked',
    'Ask whoever runs this app; start again when they have changed it.',
  ),
  'kill-switch': problem(
    'Talking is switched off',
    'Whoever runs this app switched it off for everybody. Try again later.',
  ),
  'not-authorized': problem('A rule of this app says no', 'Ask whoever runs this app.'),
  'app-check': problem('This page could not prove itself', `Reload the page. ${again}`, 'reload'),
  'client-outdated': problem('This page is out of date', `Reload the page. ${again}`, 'reload'),
  invalid: problem('The server did not understand the page', `Reload the page. ${again}`, 'reload'),
  'no-template': problem(
    'This kind of talk does not exist',
    'Choose another template below. Then start again.',
  ),
  voice: problem('This voice is not allowed', `Choose another one below. ${policy}`, 'no-wishes'),
  model: problem('This model is not allowed', `Choose another one below. ${policy}`, 'no-wishes'),
  modality: problem('This kind of answer is not allowed', `Choose another one below. ${policy}`, 'no-wishes'),
  tool: problem('A tool is not allowed', `Choose another template below. ${policy}`),
  field: problem('A setting is not allowed', policy, 'no-wishes'),
  backend: problem('This service is not allowed', 'Whoever runs this app has to allow it in the policy.'),
  'emulator-only': problem(
    'This policy is for the emulators only',
    'Whoever runs this app has to write a policy of their own.',
  ),
  'relay-only': problem('This policy needs the relay', 'Whoever runs this app has to set up the relay.'),
  'not-owner': problem('This is not your session', 'Start a new one.'),
  'no-session': problem('The session no longer exists', 'Start a new one.'),
  'renew-early': problem('The session was continued too early', 'Start a new one.'),
  'session-over': problem('The session is over', 'Start a new one.'),
  'single-lease': problem('Your time for one talk is over', 'Start a new one.'),
  revoked: problem('This talk was ended by an operator', 'Ask whoever runs this app, or start a new one.'),
  'upstream-refused': problem(
    'Gemini refused the session',
    'Whoever runs this app has to look at the API key and the model.',
    'again',
    'no-wishes',
  ),
  'upstream-unavailable': problem('Gemini cannot be reached', `Wait a moment. ${again}`),
  // Refusals of callables that this page does not call.
  conflict: operators,
  'last-admin': operators,
  'no-user': operators,
  'not-operator': operators,
  'sign-in-old': operators,
};
