/**
 * What a credential allows: the seam between a session and whoever vouches for its caller.
 * @module
 */
import { createHash } from 'node:crypto';
import type { ClosingCondition } from './closings.ts';
import { NO_LOCK, type SetupLock } from './setup-lock.ts';

/** Gives an admitted session's place back. Called once, when the session is over. */
export type ReleasePlace = () => void;

/** The caller's rights. */
export interface SessionPass {
  /** Whose handles the session makes and may resume under `handleScope: 'token'`. Not the credential itself. */
  readonly owner: string;
  /** The project it belongs to, where it is not one of its own. */
  readonly project?: string;
  /** Present for an ephemeral token: names it without telling it. */
  readonly tokenHash?: string;
  readonly lock: SetupLock;
  /** Epoch ms; `Infinity` for an API key. */
  readonly expiresAtMs: number;
  /** Takes a place for a session that starts now, or says why there is none. */
  admit(kind: 'new' | 'resumed', nowMs: number): { readonly release: ReleasePlace } | ClosingCondition;
}

/** The rights of an API key: any key, all rights. */
export function keyPass(key: string): SessionPass {
  return {
    owner: `key:${secretHash(key)}`,
    lock: NO_LOCK,
    expiresAtMs: Number.POSITIVE_INFINITY,
    admit: () => ({ release: () => {} }),
  };
}

/** The rights of an OAuth caller. One owner for all: an access token is renewed within the hour, its holder stays. */
export function bearerPass(): SessionPass {
  return {
    owner: 'bearer',
    lock: NO_LOCK,
    expiresAtMs: Number.POSITIVE_INFINITY,
    admit: () => ({ release: () => {} }),
  };
}

/** First 16 hex digits of the SHA-256: enough to tell secrets apart, not to know them. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16);
}
