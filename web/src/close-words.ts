/**
 * What a server says as it closes, without what it may have quoted.
 * @module
 */
import { CLOSE_REASON_MAX_BYTES } from '@livegate/protocol';

/** Tokens, keys, parameters of the address, quotations, and what is long enough to be a handle. */
const SECRETS =
  /auth_tokens\/\S+|AIza[\w-]+|\b(?:access_token|key)=[^\s&]+|"[^"]*"?|“[^”]*”?|\B'[^']*'?|[\w+/=]{32,}/g;

/** The server's words with `…` for what an app must not log: a token, a key, a handle, a quotation. Bounded. */
export function closeWords(reason: string): string {
  return reason.slice(0, CLOSE_REASON_MAX_BYTES).replace(SECRETS, '…');
}
