/**
 * One connection of a session as its runner holds it: the token it runs under, its setup, its end.
 * @module
 */
import type { LiveSetup, ServerMessage } from '@livegate/protocol';
import type { ClosedBy, LiveConnection } from './live-connection.ts';
import type { MintedToken } from './token-request.ts';

/** Made before the connection is opened; `connection` is there once it is. */
export interface SessionLink<Token extends MintedToken = MintedToken> {
  readonly token: Token;
  /** The first frame. */
  readonly setup: LiveSetup;
  connection: LiveConnection | undefined;
  /** What came in the moment between `setupComplete` and the session's going on with it; then `undefined`. */
  early: { readonly message: ServerMessage; readonly bytes: number }[] | undefined;
  closedBy: ClosedBy | undefined;
}
