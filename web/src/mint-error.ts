/**
 * Reads why a token source refused.
 * @module
 */
import { isObject, REFUSAL_REASONS, type RefusalReason } from '@livegate/protocol';
import { AIError, type CustomErrorData } from './errors.ts';
import { remedyFor, waitText } from './mint-remedies.ts';

const SIGN_IN = `Nobody is signed in. Before connect():
  import { getAuth, signInAnonymously } from 'firebase/auth';
  await signInAnonymously(getAuth(app)); // or any other sign-in`;

/** Longest wait that is believed, in ms: a day and a bit, for daily minutes. */
const LONGEST_WAIT_MS = 32 * 86_400_000;

/**
 * Makes an {@link AIError} of whatever a token source threw: `request-error` with `customErrorData.reason` for a
 * refusal, `fetch-error` with reason `unreachable` where no answer came. The cause is kept.
 */
export function mintError(cause: unknown): AIError {
  if (cause instanceof AIError) return cause;
  const { code, message, details } = isObject(cause) || cause instanceof Error ? (cause as Thrown) : {};
  const status = typeof code === 'string' ? code.replace(/^functions\//, '') : '';
  const refusal = readRefusal(details);
  if (refusal) {
    const wait = refusal.retryAfterMs;
    const remedy = remedyFor(refusal.reason);
    const when = wait === undefined ? '' : ` Try again in ${waitText(wait)}.`;
    const what = typeof message === 'string' && message !== '' ? message.slice(0, 300) : 'No reason given.';
    return new AIError(
      'request-error',
      `No token (${refusal.reason}): ${what}${remedy && ` ${remedy}`}${when}`,
      refusal,
      { cause },
    );
  }
  if (status === 'unauthenticated')
    return new AIError(
      'request-error',
      SIGN_IN,
      { reason: 'unauthenticated', statusText: status },
      { cause },
    );
  const data: CustomErrorData = { reason: 'unreachable', ...(status === '' ? {} : { statusText: status }) };
  if (status === 'not-found')
    return new AIError(
      'fetch-error',
      'The function mintLiveToken was not found: is it deployed, and in the region of `options.region`?',
      data,
      { cause },
    );
  return new AIError(
    'fetch-error',
    // A browser tells none of these from the others.
    `The token could not be fetched${status && ` (${status})`}: check the network, that mintLiveToken is deployed in \`options.region\`, and that the page's content security policy lets its host through.`,
    data,
    {
      cause,
    },
  );
}

/** The refusal's reason, or `undefined` where nothing was decided. */
export function refusalReason(error: AIError): RefusalReason | undefined {
  const reason = error.customErrorData?.reason;
  return reason === 'unreachable' || reason === 'unauthenticated' ? undefined : reason;
}

interface Thrown {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

function readRefusal(details: unknown): (CustomErrorData & { reason: RefusalReason }) | undefined {
  if (!isObject(details)) return undefined;
  const reason = REFUSAL_REASONS.find((each) => each === details.reason);
  if (reason === undefined) return undefined;
  const { retryAfterMs, field, sessionId } = details;
  const waits = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs <= LONGEST_WAIT_MS;
  return {
    reason,
    ...(waits ? { retryAfterMs } : {}),
    ...(typeof field === 'string' ? { field } : {}),
    ...(typeof sessionId === 'string' ? { sessionId } : {}),
  };
}
