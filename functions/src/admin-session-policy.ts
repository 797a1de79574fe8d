/**
 * What an operator's stop changes. Pure.
 * @module
 */
import type { LiveSessionDocument, LiveToken } from '@livegate/protocol';

/** Why an operator ended a session, as `stopReason` has it. */
export type StopReason = 'revoked' | 'blocked';

/** Fields of the session that a stop changes. */
export type StopChange = Pick<LiveSessionDocument, 'state' | 'stopReason' | 'endedAt'>;

/**
 * The change that ends a session; `null` where it is over or was ended by an operator before. The charge stays as it is,
 * and so does `open`: the token that is alive cannot be called back.
 */
export function revokedSession(
  { state, open, deadAt, endedAt }: Pick<LiveSessionDocument, 'state' | 'open' | 'deadAt' | 'endedAt'>,
  { now, stopReason }: { readonly now: number; readonly stopReason: StopReason },
): StopChange | null {
  if (!open || state === 'revoked' || deadAt <= now) return null;
  return { state: 'revoked', stopReason, endedAt: endedAt ?? now };
}

/** The tokens with those of a session (or all) marked: no further one after them. `null` where all of them were. */
export function revokedTokens(
  tokens: { readonly [leaseId: string]: LiveToken },
  sessionId?: string,
): { readonly [leaseId: string]: LiveToken } | null {
  const isMeant = (token: LiveToken): boolean =>
    token.revoked !== true && (sessionId === undefined || token.sessionId === sessionId);
  const entries = Object.entries(tokens);
  if (!entries.some(([, token]) => isMeant(token))) return null;
  return Object.fromEntries(
    entries.map(([leaseId, token]) => [
      leaseId,
      isMeant(token) ? { ...token, revoked: true as const } : token,
    ]),
  );
}

/** The last of these instants that is still to come; absent where none is. */
export function latestDeath(instants: readonly number[], now: number): number | undefined {
  const last = Math.max(...instants);
  return last > now ? last : undefined;
}
