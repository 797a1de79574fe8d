/**
 * What a session's document says to the page whose session it is.
 * @module
 */
import { isObject, type StopNotice } from '@livegate/protocol';

/**
 * The order to stop that stands in a document of `liveSessions`, in the words of the callables' answers, or
 * `undefined`. One that its own page ended, or that ran out, holds none: there is nothing to stop.
 */
export function stopOf(document: unknown): StopNotice | undefined {
  if (!isObject(document) || document.state !== 'revoked') return undefined;
  return { reason: document.stopReason === 'blocked' ? 'blocked' : 'revoked' };
}
