/**
 * Where a socket may go. The answer to a mint names an address; the page dials only those it was built for.
 * @module
 */
import type { MintAnswer } from '@livegate/protocol';
import { AIError } from './errors.ts';

/** The Developer API's host. */
const GOOGLE_HOST = 'generativelanguage.googleapis.com';

/** Where to open a socket, credential included: never to be logged. */
export interface SocketAddress {
  readonly url: string;
  readonly protocols: readonly string[];
}

/**
 * The address of an answer's socket. Throws {@link AIError} `request-error` for a host that is not listed, and for
 * plain `ws:` to any but a listed emulator's (`host:port`).
 */
export function socketAddress(socket: MintAnswer['socket'], emulators: ReadonlySet<string>): SocketAddress {
  let url: URL;
  try {
    url = new URL(socket.url);
  } catch (cause) {
    throw new AIError('request-error', 'The token names no valid socket address.', {}, { cause });
  }
  const isGoogle = url.protocol === 'wss:' && url.host === GOOGLE_HOST;
  const isEmulator = (url.protocol === 'ws:' || url.protocol === 'wss:') && emulators.has(url.host);
  if (!isGoogle && !isEmulator)
    throw new AIError(
      'request-error',
      `The token is for ${url.protocol}//${url.host}, which this page does not dial. For the Live emulator call connectLiveEmulator(ai, '${url.host}').`,
    );
  if (socket.auth.kind === 'subprotocol') return { url: socket.url, protocols: [socket.auth.value] };
  // The service's own SDK leaves the slash of `auth_tokens/…` as it is.
  const value = encodeURIComponent(socket.auth.value).replaceAll('%2F', '/');
  const joint = url.search === '' ? '?' : '&';
  return { url: `${socket.url}${joint}${socket.auth.name}=${value}`, protocols: [] };
}

/** `host:port` as a page may write it. Throws {@link AIError} `request-error` for anything else. */
export function emulatorHost(host: string): string {
  if (!/^(\[[0-9a-f:]+\]|[a-z0-9.-]+):\d{1,5}$/i.test(host))
    throw new AIError('request-error', `"${host.slice(0, 60)}" is no host and port, such as 127.0.0.1:9399.`);
  return host.toLowerCase();
}
