/**
 * What the page says of a session, worked out from its document. Pure.
 * @module
 */
import type {
  ConnectionFigures,
  LeaseEntry,
  LiveSessionDocument,
  SessionState,
  TokensByModality,
  UsageTotals,
} from '@livegate/protocol';
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

/** One line of the table of tokens. */
export interface ModalityLine {
  readonly modality: string;
  readonly prompt: number;
  readonly cached: number;
  readonly toolUse: number;
  readonly response: number;
}

/** Totals turned to lines, one for each modality that occurred anywhere, largest first. */
export function modalityLines(totals: UsageTotals): readonly ModalityLine[] {
  const parts = [totals.prompt, totals.cached, totals.toolUse, totals.response] as readonly Readonly<
    Record<string, number>
  >[];
  const names = new Set(parts.flatMap((tokens) => Object.keys(tokens)));
  const at = (tokens: TokensByModality, name: string): number =>
    (tokens as Readonly<Record<string, number>>)[name] ?? 0;
  return [...names]
    .map((name) => ({
      modality: name.toLowerCase(),
      prompt: at(totals.prompt, name),
      cached: at(totals.cached, name),
      toolUse: at(totals.toolUse, name),
      response: at(totals.response, name),
    }))
    .filter((line) => line.prompt + line.cached + line.toolUse + line.response > 0)
    .sort((a, b) => b.prompt + b.toolUse + b.response - (a.prompt + a.toolUse + a.response));
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

/**
 * What became of a lease at `nowMs`, in words. That a token was made is written only where that costs no write of
 * its own, so one that was not refused is taken for good until its time is over.
 */
export function leaseFate({ state, expiresAt }: LeaseEntry, nowMs: number): string {
  if (state === 'refused') return 'refused';
  const fate = expiresAt > nowMs ? 'in force' : 'over';
  return state === 'kept' ? `${fate}, unconfirmed` : fate;
}

/** A connection and what it reported last, `null` where it never reported. */
export interface ConnectionLine {
  readonly id: string;
  readonly figures: ConnectionFigures | null;
}

/** The connections of a session: those that its leases name, oldest first, whether they reported or not. */
export function connectionLines(document: LiveSessionDocument): readonly ConnectionLine[] {
  const named = leaseLines(document)
    .filter((lease) => lease.state !== 'refused')
    .map((lease) => lease.connectionId);
  const ids = new Set([...named, ...Object.keys(document.connections)]);
  return [...ids].map((id) => ({ id, figures: document.connections[id] ?? null }));
}
