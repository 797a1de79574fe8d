/**
 * What can go wrong, in words: what happened, what to do, and how to go on. Pure.
 * @module
 */
import type { AIErrorCode, LiveCloseCause } from '@livegate/web';
import { AUDIO, MICROPHONE, SIGN_IN, VIDEO } from './browser-problems.ts';
import { type Problem, REFUSALS } from './refusals.ts';

const AGAIN = 'Start again.';
const again = ['again'] as const;

/** Nobody is signed in. */
export const NOT_SIGNED_IN: Problem = REFUSALS.unauthenticated;

/** What the module says beside refusals. */
const CODES: Readonly<Partial<Record<AIErrorCode, Problem>>> = {
  'fetch-error': { title: 'No connection', advice: `Check the network. ${AGAIN}`, ways: again },
  'response-error': { title: 'The service broke the conversation off', advice: AGAIN, ways: again },
  'session-closed': { title: 'The session is over', advice: AGAIN, ways: again },
};

/** Whatever was thrown on the way to a conversation or in it, as a problem. Never quotes what was said. */
export function problemOf(error: unknown): Problem {
  const { name, code, message, customErrorData, cause } = fieldsOf(error);
  const { reason, audio, video, retryAfterMs, closeReason, field } = fieldsOf(customErrorData);
  const known =
    lookUp(REFUSALS, reason) ??
    lookUp(AUDIO, audio) ??
    lookUp(VIDEO, video) ??
    lookUp(MICROPHONE, name) ??
    lookUp(MICROPHONE, fieldsOf(cause).name) ??
    lookUp(SIGN_IN, code) ??
    (code === 'unsupported' ? unsupported(field, message) : undefined) ??
    lookUp(CODES, code) ??
    unknown(message);
  // Refused by name: which wish it was that the policy, or the model, does not grant.
  const refused = typeof field === 'string' ? ` Refused: ${field}.` : '';
  const detail = typeof closeReason === 'string' && closeReason !== '' ? ` It said: ${closeReason}` : '';
  return {
    ...known,
    advice: `${known.advice}${refused}${detail}`,
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
      return stopOf(cause.notice.reason);
    case 'lease-over':
      return cause.refusal === undefined
        ? { title: 'Your time for this talk is over', advice: AGAIN, ways: again }
        : REFUSALS[cause.refusal];
    case 'lost':
      return {
        title: 'The connection was lost',
        advice: `It could not be brought back (${cause.code}). Check the network. ${AGAIN}`,
        ways: again,
      };
    case 'refused':
      return {
        title: 'The service ended the session',
        advice: `${cause.detail === '' ? `Code ${cause.code}.` : `${cause.detail} (${cause.code}).`} ${AGAIN}`,
        ways: again,
      };
  }
}

type StopReason = Extract<LiveCloseCause, { reason: 'stopped' }>['notice']['reason'];

/** Why somebody else ends a session, or is about to. */
export function stopOf(reason: StopReason): Problem {
  return {
    revoked: { title: 'An operator ended the session', advice: AGAIN, ways: again },
    blocked: REFUSALS.blocked,
    'kill-switch': REFUSALS['kill-switch'],
    quota: {
      title: 'Your minutes are used up',
      advice: 'They come back with the next day or month, UTC.',
      ways: again,
    },
    'session-over': REFUSALS['session-over'],
  }[reason];
}

/** The browser cannot do it, or (with a field) the model: then the message names the remedy. */
function unsupported(field: unknown, message: unknown): Problem {
  if (typeof field === 'string')
    return { title: 'This model does not take that', advice: wordsOf(message), ways: ['no-wishes'] };
  return {
    title: 'This browser cannot do it',
    advice: `Use a current Chrome, Edge, Firefox or Safari. ${wordsOf(message)}`,
    ways: ['again', 'text-only'],
  };
}

function unknown(message: unknown): Problem {
  return { title: 'Something went wrong', advice: `${wordsOf(message)} ${AGAIN}`.trim(), ways: again };
}

function wordsOf(message: unknown): string {
  return typeof message === 'string' ? message.replace(/^AI: | \(AI\/[a-z-]+\)$/g, '') : '';
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function lookUp(table: Readonly<Record<string, Problem>>, key: unknown): Problem | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
