/**
 * Who calls: the credentials that a request brings, and the rights they give at an endpoint.
 * @module
 */
import type { ClosingCondition } from './closings.ts';
import type { Endpoint } from './endpoints.ts';
import { accessTokenOf, addressOf, type Headers, single } from './routes.ts';
import { bearerPass, keyPass, type SessionPass } from './session-pass.ts';

/** What a request brings, by where it stood. */
export interface Credentials {
  /** `?key=`. */
  readonly queryKey?: string | undefined;
  /** `x-goog-api-key`. */
  readonly headerKey?: string | undefined;
  /** An ephemeral token: `?access_token=`, or `Authorization: Token …`. */
  readonly token?: string | undefined;
  /** `Authorization: Bearer …`. */
  readonly bearer?: string | undefined;
}

/** Reads the credentials of a request. */
export function credentialsOf(url: string, headers: Headers): Credentials {
  const { searchParams } = addressOf(url);
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(single(headers.authorization) ?? '') ?? [];
  return {
    queryKey: searchParams.get('key') || undefined,
    headerKey: single(headers['x-goog-api-key']) || undefined,
    token: accessTokenOf(url, headers),
    bearer,
  };
}

/**
 * The rights that a caller's credentials give at an endpoint, or why they give none. Nobody's identity can be checked
 * here: any key and any bearer is good where one of its kind is asked for.
 */
export function passOf(
  endpoint: Pick<Endpoint, 'backend' | 'door' | 'method'>,
  credentials: Credentials,
  findToken: (name: string) => SessionPass | undefined,
): SessionPass | ClosingCondition {
  if (endpoint.door === 'firebase') return firebasePass(credentials);
  if (endpoint.backend === 'vertex-ai') return vertexPass(credentials);
  const { queryKey, headerKey, token } = credentials;
  const key = queryKey ?? headerKey;
  if (endpoint.method === 'BidiGenerateContent')
    return key === undefined ? 'unregistered-caller' : keyPass(key);
  if (token === undefined) return 'unregistered-caller';
  return findToken(token) ?? 'token-not-found';
}

/** The web API key, in the query alone: a page can set no header on a socket. */
function firebasePass({ queryKey }: Credentials): SessionPass | ClosingCondition {
  return queryKey === undefined ? 'unregistered-caller' : keyPass(queryKey);
}

/** An OAuth bearer, or in express mode a key; ephemeral tokens do not exist here. */
function vertexPass({ bearer, headerKey, token }: Credentials): SessionPass | ClosingCondition {
  if (bearer !== undefined) return bearer.startsWith('auth_tokens/') ? 'invalid-credential' : bearerPass();
  if (headerKey !== undefined)
    return headerKey.startsWith('auth_tokens/') ? 'invalid-credential' : keyPass(headerKey);
  return token === undefined ? 'unauthenticated' : 'invalid-credential';
}
