/**
 * Paths and credentials of the Developer API, as clients write them.
 * @module
 */
import type { ClosingCondition } from './closings.ts';
import { keyPass, type SessionPass } from './session-pass.ts';

/** Versions of the API that are served. */
export type ApiVersion = 'v1alpha' | 'v1beta';

/** What an address leads to. */
export type Route =
  | { readonly kind: 'live'; readonly apiVersion: ApiVersion; readonly method: LiveMethod }
  | { readonly kind: 'tokens'; readonly apiVersion: ApiVersion }
  | { readonly kind: 'health' };

/** The two methods of the Live API: by key, and by ephemeral token. */
export type LiveMethod = 'BidiGenerateContent' | 'BidiGenerateContentConstrained';

/** Headers as Node gives them: lower-case names. */
export type Headers = { readonly [name: string]: string | readonly string[] | undefined };

const LIVE_PATH =
  /^\/ws\/google\.ai\.generativelanguage\.(v1alpha|v1beta)\.GenerativeService\.(BidiGenerateContent|BidiGenerateContentConstrained)$/;
const TOKENS_PATH = /^\/(v1alpha|v1beta)\/auth_tokens$/;

/** Finds the route of a path; doubled slashes (one SDK dials `//ws/…`) count as one. */
export function routeOf(url: string): Route | undefined {
  const path = addressOf(url).pathname;
  if (path === '/' || path === '/livegate/health') return { kind: 'health' };
  const [, apiVersion, method] = LIVE_PATH.exec(path) ?? TOKENS_PATH.exec(path) ?? [];
  if (apiVersion === undefined) return undefined;
  const version = apiVersion as ApiVersion;
  return method === undefined
    ? { kind: 'tokens', apiVersion: version }
    : { kind: 'live', apiVersion: version, method: method as LiveMethod };
}

/** The API key: `?key=` or the header `x-goog-api-key`. */
export function apiKeyOf(url: string, headers: Headers): string | undefined {
  return addressOf(url).searchParams.get('key') || single(headers['x-goog-api-key']) || undefined;
}

/** The ephemeral token: `?access_token=`, its slash encoded or not, or `Authorization: Token …`. */
export function accessTokenOf(url: string, headers: Headers): string | undefined {
  const [, fromHeader] = /^Token\s+(\S+)$/i.exec(single(headers.authorization) ?? '') ?? [];
  return addressOf(url).searchParams.get('access_token') || fromHeader || undefined;
}

/** The rights that a caller's credentials give on a method, or why they give none. */
export function passOf(
  method: LiveMethod,
  credentials: { readonly key: string | undefined; readonly token: string | undefined },
  findToken: (name: string) => SessionPass | undefined,
): SessionPass | ClosingCondition {
  if (method === 'BidiGenerateContent')
    return credentials.key === undefined ? 'unregistered-caller' : keyPass(credentials.key);
  if (credentials.token === undefined) return 'unregistered-caller';
  return findToken(credentials.token) ?? 'token-not-found';
}

function addressOf(url: string): URL {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return new URL(`http://localhost${path.replace(/\/{2,}/g, '/')}?${query}`);
}

function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
