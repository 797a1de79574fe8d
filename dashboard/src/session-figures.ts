/**
 * What the page says of a session, worked out from its document. Pure.
 * @module
 */
import type { LeaseEntry, LiveSessionDocument, SessionState, UsageTotals } from '@livegate/protocol';
import { tokensIn } from './format.ts';

/**
 * How alive a session is:
 * - `live`: it goes on
 * - `lingering`: it is over, and a token of it can still be used until `deadAt`
 * - `over`: nothing of it can be used any more
 */
export type Liveness = 'live' | 'lingering' | 'over';

/** How alive a session is at `nowMs`. A failed one never had a token. */
export function livenessOf(document: LiveSessionDocument, nowMs: number): Liveness {
  if (document.deadAt <= nowMs || document.state === 'failed') return 'over';
  return document.state === 'reserved' || document.state === 'active' ? 'live' : 'lingering';
}

/** What each state means, for titles. */
export const STATE_MEANINGS = {
  reserved: 'Time is set aside; nothing says yet that its token is in use.',
  active: 'Its token is in use: a report or a renewal came.',
  ended: 'The page said goodbye.',
  expired: 'Its last token died without a goodbye.',
  revoked: 'An operator ended it; no renewal.',
  failed: 'The service refused the first token; nothing was charged.',
} as const satisfies Readonly<Record<SessionState, string>>;

/** The usage to count: what the relay measured where it did, else what the page reported. */
export function usageOf(document: LiveSessionDocument): UsageTotals {
  return document.metered?.totals ?? document.reported.totals;
}

/** Tokens that went to the model: the prompts and what its tools read. */
export function tokensToModel(totals: UsageTotals): number {
  return tokensIn(totals.prompt) + tokensIn(totals.toolUse);
}

/** Tokens that came from the model. */
export function tokensFromModel(totals: UsageTotals): number {
  return tokensIn(totals.response) + totals.thoughts;
}

/** A lease and the length it was charged for, in s. */
export interface LeaseLine extends LeaseEntry {
  readonly id: string;
  readonly seconds: number;
}

/** The leases of a session in the order they were handed out. A refused one was charged nothing. */
export function leaseLines(document: LiveSessionDocument): readonly LeaseLine[] {
  return Object.entries(document.leases)
    .map(([id, lease]) => ({
      ...lease,
      id,
      seconds: lease.state === 'refused' ? 0 : Math.max(0, (lease.expiresAt - lease.mintedAt) / 1000),
    }))
    .sort((a, b) => a.mintedAt - b.mintedAt);
}
