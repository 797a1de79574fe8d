/**
 * Session ids. Each carries a mark of the user it was made for, so that an id that is somebody else's, or made
 * up, is refused before a document is read. The mark is no secret and no permission: ownership is the document's.
 * @module
 */
import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';

const MARK_CHARACTERS = 6;

/** A session id for `uid` out of an unguessable `random` of `A-Za-z0-9`. */
export function makeSessionId(random: string, uid: string): string {
  return random + markOf(random, uid);
}

/** Throws {@link Refusal} `not-owner` for an id that {@link makeSessionId} cannot have made for `uid`. */
export function checkSessionOf(uid: string, sessionId: string): void {
  const random = sessionId.slice(0, -MARK_CHARACTERS);
  if (random === '' || sessionId !== makeSessionId(random, uid)) throw notOwner();
}

/** The refusal of a session that is somebody else's, or nobody's. */
export function notOwner(): Refusal {
  return new Refusal('not-owner', 'No session of this user has this id.');
}

function markOf(random: string, uid: string): string {
  const digest = createHash('sha256').update(`${random}/${uid}`).digest('base64url');
  return digest.replace(/[-_]/g, '').slice(0, MARK_CHARACTERS);
}
