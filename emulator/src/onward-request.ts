/**
 * What of a client's request goes on to the service, and whose requests do. Pure.
 * @module
 */
import { EmulatorError } from './errors.ts';
import { addressOf, type Headers, single } from './routes.ts';

/** Where requests go on to, and with which key. */
export interface Onward {
  /** Base address of the service, without a slash at its end: see {@link readTarget}. */
  readonly target: string;
  /** Goes to the service instead of the client's key. */
  readonly apiKey?: string;
}

/** Request headers that are passed on to the service. */
const PASSED_ON = [
  'authorization',
  'x-goog-api-key',
  'x-goog-api-client',
  'x-goog-user-project',
  'content-type',
];

/**
 * Reads the base URL of a service. Throws {@link EmulatorError} `invalid-option` for text that is none: found out at the
 * first request, it would stand in an error's text together with the key.
 */
export function readTarget(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBase =
    url !== undefined && /^https?:$/.test(url.protocol) && `${url.username}${url.search}${url.hash}` === '';
  if (!isBase)
    throw new EmulatorError(
      'invalid-option',
      'The target must be an http or https URL without user, query and fragment, such as https://service.example.',
    );
  return url.href.replace(/\/+$/, '');
}

/**
 * True for a request of this machine that no page from elsewhere caused: such a page can reach this port too, and would
 * speak with the key of whoever runs it. Pages of this machine are let in. A browser names the origin of a script's
 * request; what a page has it load (a picture, a script) comes without, but marked.
 */
export function isFromHere(headers: Headers): boolean {
  if (!isLoopback(single(headers.host) ?? '')) return false;
  const origin = single(headers.origin);
  if (origin !== undefined) return isLoopback(origin.replace(/^https?:\/\//, ''));
  return ['none', 'same-origin', undefined].includes(single(headers['sec-fetch-site']));
}

/** The address at the service that a request is for. */
export function onwardUrl(url: string, { target, apiKey }: Onward): string {
  const { pathname, searchParams, search } = addressOf(url);
  if (apiKey === undefined || !searchParams.has('key')) return `${target}${pathname}${search}`;
  searchParams.set('key', apiKey);
  return `${target}${pathname}?${searchParams}`;
}

/** The headers that go with it. */
export function onwardHeaders(headers: Headers, { apiKey }: Onward): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = single(headers[name]);
    if (value !== undefined) passed[name] = value;
  }
  if (apiKey !== undefined && passed['x-goog-api-key'] !== undefined) passed['x-goog-api-key'] = apiKey;
  return passed;
}

function isLoopback(name: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(name);
}
