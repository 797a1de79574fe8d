/**
 * Asks the Live API for an ephemeral token. The only file that holds the API key; nothing of an answer but the
 * token's name leaves it.
 * @module
 */
import { isObject, type LiveSetup } from '@livegate/protocol';

/** Version of the Live API. `auth_tokens` and the Constrained method are documented for both; SDKs use this one. */
export const LIVE_API_VERSION = 'v1alpha';

/** Where tokens come from and where their sockets go. */
export interface LiveEndpoints {
  /** `https://generativelanguage.googleapis.com`, without a slash at the end. */
  readonly http: string;
  /** `wss://generativelanguage.googleapis.com`, likewise. */
  readonly socket: string;
}

/** The real service. */
export const LIVE_SERVICE: LiveEndpoints = {
  http: 'https://generativelanguage.googleapis.com',
  socket: 'wss://generativelanguage.googleapis.com',
};

/** The emulator at `host:port`. */
export function emulatedEndpoints(host: string): LiveEndpoints {
  return { http: `http://${host}`, socket: `ws://${host}` };
}

/** The address a browser dials with a token. */
export function socketUrl(endpoints: LiveEndpoints): string {
  return `${endpoints.socket}/ws/google.ai.generativelanguage.${LIVE_API_VERSION}.GenerativeService.BidiGenerateContentConstrained`;
}

/** A token that is to be made. Times in epoch ms. */
export interface TokenOrder {
  readonly expiresAt: number;
  readonly startBy: number;
  readonly constraints: LiveSetup;
  readonly fieldMask: string;
}

/**
 * - `minted`: `token` opens the socket
 * - `refused`: the service said no (4xx), so no token exists; `status` is its HTTP status
 * - `unknown`: no answer, or one that cannot be read: a token may exist
 */
export type TokenOutcome =
  | { readonly outcome: 'minted'; readonly token: string }
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unknown'; readonly problem: string };

/** Makes one token. Never throws and never tells more of a failure than its kind. */
export type TokenMaker = (order: TokenOrder) => Promise<TokenOutcome>;

/** The body of `POST auth_tokens`: one use, a window to start in, an expiry, and a setup locked by an explicit mask. */
export function tokenBody({ expiresAt, startBy, constraints, fieldMask }: TokenOrder): object {
  return {
    uses: 1,
    expireTime: new Date(expiresAt).toISOString(),
    newSessionExpireTime: new Date(startBy).toISOString(),
    bidiGenerateContentSetup: constraints,
    fieldMask,
  };
}

/** How long the service may take, in ms. Ours: a page waits for it. */
const TIMEOUT_MS = 10_000;

/** A {@link TokenMaker} over HTTP. `apiKey` is read at each call, so that a secret may be bound late. */
export function httpTokenMaker(endpoints: LiveEndpoints, apiKey: () => string): TokenMaker {
  const url = `${endpoints.http}/${LIVE_API_VERSION}/auth_tokens`;
  return async (order) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey() },
        body: JSON.stringify(tokenBody(order)),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      // 408 and 429 say nothing about whether the request was carried out.
      if (
        response.status >= 400 &&
        response.status < 500 &&
        response.status !== 408 &&
        response.status !== 429
      ) {
        await response.body?.cancel();
        return { outcome: 'refused', status: response.status };
      }
      if (!response.ok) {
        await response.body?.cancel();
        return { outcome: 'unknown', problem: `HTTP ${response.status}` };
      }
      const answer: unknown = await response.json();
      const name = isObject(answer) ? answer.name : undefined;
      if (typeof name !== 'string' || name === '')
        return { outcome: 'unknown', problem: 'an answer without a name' };
      return { outcome: 'minted', token: name };
    } catch (error) {
      return { outcome: 'unknown', problem: error instanceof Error ? error.name : 'an error' };
    }
  };
}
