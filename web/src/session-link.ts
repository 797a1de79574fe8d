/**
 * One connection of a session as its runner holds it: the token it runs under, its books, its end.
 * @module
 */
import type { ServerMessage } from '@livegate/protocol';
import type { ClosedBy, LiveConnection } from './live-connection.ts';
import type { Grant } from './mint-desk.ts';
import type { UsageBook } from './usage-book.ts';

/** Made before the connection is opened; `connection` is there once it is. */
export interface SessionLink {
  readonly grant: Grant;
  readonly book: UsageBook;
  connection: LiveConnection | undefined;
  /** What came in the moment between `setupComplete` and the session's going on with it; then `undefined`. */
  early: { readonly message: ServerMessage; readonly bytes: number }[] | undefined;
  closedBy: ClosedBy | undefined;
  /** Its token was used for a second connection. */
  reused: boolean;
}
