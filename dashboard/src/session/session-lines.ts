/**
 * The rows of the tables on the page of a session. Pure.
 * @module
 */
import type {
  ConnectionFigures,
  LeaseEntry,
  LiveSessionDocument,
  TokensByModality,
  UsageTotals,
} from '@livegate/protocol';
import { connectionIds } from './told-lines.ts';

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
  return connectionIds(document).map((id) => ({ id, figures: document.connections[id] ?? null }));
}
