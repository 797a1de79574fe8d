/**
 * Paths of every endpoint, and where a request holds its key or token.
 * @module
 */
import type { Endpoint } from './endpoints.ts';
import { locationOfHost } from './vertex-locations.ts';

/** Versions in which `auth_tokens` is served. */
export type ApiVersion = 'v1' | 'v1alpha' | 'v1beta';

/** What an address leads to. */
export type Route =
  | ({ readonly kind: 'live' } & Endpoint)
  | { readonly kind: 'tokens'; readonly apiVersion: ApiVersion }
  | { readonly kind: 'health' };

/** Headers as Node gives them: lower-case names. */
export type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** The paths of the Live API; the groups of each are the varying parts of its {@link Endpoint}. */
const LIVE_PATHS = [
  {
    path: /^\/ws\/google\.ai\.generativelanguage\.(?<apiVersion>v1|v1alpha|v1beta)\.GenerativeService\.(?<method>BidiGenerateContent|BidiGenerateContentConstrained)$/,
    backend: 'google-ai',
    door: 'direct',
  },
  {
    path: /^\/ws\/google\.cloud\.aiplatform\.(?<apiVersion>v1|v1beta1)\.LlmBidiService\/(?<method>BidiGenerateContent)$/,
    backend: 'vertex-ai',
    door: 'direct',
  },
  {
    path: /^\/ws\/google\.firebase\.vertexai\.(?<apiVersion>v1beta)\.GenerativeService\/(?<method>BidiGenerateContent)$/,
    backend: 'google-ai',
    door: 'firebase',
  },
  {
    path: /^\/ws\/google\.firebase\.vertexai\.(?<apiVersion>v1beta)\.LlmBidiService\/(?<method>BidiGenerateContent)\/locations\/(?<location>[^/]+)$/,
    backend: 'vertex-ai',
    door: 'firebase',
  },
] as const satisfies readonly (Pick<Endpoint, 'backend' | 'door'> & { readonly path: RegExp })[];

const TOKENS_PATH = /^\/(v1|v1alpha|v1beta)\/auth_tokens$/;

/** Finds the route of a path; doubled slashes (one SDK dials `//ws/…`) count as one. */
export function routeOf(url: string): Route | undefined {
  const path = addressOf(url).pathname;
  if (path === '/' || path === '/livegate/health') return { kind: 'health' };
  const [, tokensVersion] = TOKENS_PATH.exec(path) ?? [];
  if (tokensVersion !== undefined) return { kind: 'tokens', apiVersion: tokensVersion as ApiVersion };
  for (const { path: form, backend, door } of LIVE_PATHS) {
    const groups = form.exec(path)?.groups as
      | Pick<Endpoint, 'apiVersion' | 'method' | 'location'>
      | undefined;
    if (groups) return { kind: 'live', backend, door, ...groups };
  }
  return undefined;
}

/** The endpoint of a route; where its path names no region, that of the host it was called by. */
export function endpointOf(
  { kind: _, ...endpoint }: Extract<Route, { kind: 'live' }>,
  headers: Headers,
): Endpoint {
  const location = endpoint.backend === 'vertex-ai' ? locationOfHost(single(headers.host)) : undefined;
  return location === undefined ? endpoint : { location, ...endpoint };
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

/** A request's address; doubled slashes of its path count as one, its query stays as it is. */
export function addressOf(url: string): URL {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return new URL(`http://localhost${path.replace(/\/{2,}/g, '/')}?${query}`);
}

/** The value of a header, its first where there are several. */
export function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
