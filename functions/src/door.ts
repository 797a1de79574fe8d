/**
 * What every callable does around its handler: who calls, did the app prove itself, and refusals as errors.
 * @module
 */
import { type CallableRequest, HttpsError } from 'firebase-functions/https';
import { type AppCheckDemands, checkApp, verdictOf } from './app-check-policy.ts';
import { type Caller, callerOf } from './caller.ts';
import type { LiveLog } from './logs.ts';
import { addressOf, originOf } from './origin.ts';
import { Refusal } from './refusal.ts';

/** What the door asks of a request. */
export interface DoorDemands {
  readonly appCheck: AppCheckDemands;
  /** The key of the hash that tells origins apart; absent where none is wanted. */
  readonly originSecret?: () => string;
  readonly log: Pick<LiveLog, 'unexpected'>;
  /** What is being done, for the log. */
  readonly doing: string;
}

/** A call that came through. */
export interface Admitted {
  readonly caller: Caller;
  /** The verified ID token's claims. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Lets a signed-in user of a proven app through to `answer`, and answers what it answers. Every refusal leaves as an
 * `HttpsError` with its details; anything else as `internal`, told to the log alone.
 */
export async function throughDoor<T>(
  request: CallableRequest<unknown>,
  { appCheck, originSecret, log, doing }: DoorDemands,
  answer: (admitted: Admitted) => Promise<T>,
): Promise<T> {
  try {
    const sent = headersOf(request)['x-firebase-appcheck'] !== undefined;
    checkApp(verdictOf({ sent, app: request.app }), appCheck);
    // The emulators decode a token without verifying it: one that is none has no uid.
    if (typeof request.auth?.uid !== 'string' || request.auth.uid === '')
      throw new HttpsError('unauthenticated', 'Sign in first: every call here is a user’s own.');
    const caller = callerOf(request.auth);
    const isGuest = caller.provider === 'anonymous' && originSecret !== undefined;
    const origin = isGuest ? { origin: originOf(placeOf(request), originSecret()) } : {};
    return await answer({ caller: { ...caller, ...origin }, claims: request.auth.token });
  } catch (error) {
    if (error instanceof HttpsError) throw error;
    if (error instanceof Refusal) throw new HttpsError(error.code, error.message, error.details);
    log.unexpected(error, doing);
    throw new HttpsError('internal', 'Something went wrong here; ask again.');
  }
}

function placeOf(request: CallableRequest<unknown>): Parameters<typeof originOf>[0] {
  const forwarded = headersOf(request)['x-forwarded-for'];
  const address = addressOf(
    Array.isArray(forwarded) ? forwarded.at(-1) : forwarded,
    request.rawRequest?.socket?.remoteAddress,
  );
  return { address, appId: request.app?.appId ?? 'unproven', nowMs: Date.now() };
}

/** Headers; none where a handler is run without a request, as `.run()` does in a team's own tests. */
function headersOf({ rawRequest }: CallableRequest<unknown>): CallableRequest['rawRequest']['headers'] {
  return rawRequest?.headers ?? {};
}
