/**
 * The course of a session as one list: what the functions wrote of its leases and its end, and what its pages told.
 * Pure; times in epoch ms.
 * @module
 */
import type { LeaseEntry, LiveOpsDocument, LiveSessionDocument } from '@livegate/protocol';
import { type Locale, momentText, secondsText } from '../format.ts';
import { type LineWords, lineWords } from './line-words.ts';
import { connectionIds, type ToldLine } from './told-lines.ts';

/** One entry of the list. */
export interface TimelineEntry extends LineWords {
  readonly id: string;
  readonly at: number;
  /** Number of the connection it is about, from 1. */
  readonly connection: number | null;
  /** Who says so: the functions wrote it, or a page told it. */
  readonly source: 'functions' | 'page';
  /** It is still to come. */
  readonly ahead: boolean;
}

/** What the list is made from. */
export interface TimelineOrder extends Locale {
  readonly session: LiveSessionDocument;
  readonly lines: readonly ToldLine[];
  /** When the books were closed, if they are. */
  readonly closedAt: LiveOpsDocument['closedAt'] | null;
  readonly nowMs: number;
}

/** The list, oldest first. At one instant what the functions wrote stands before what a page told. */
export function timelineOf(order: TimelineOrder): readonly TimelineEntry[] {
  return [...written(order), ...told(order)].sort((a, b) => a.at - b.at);
}

function told({ session, lines, nowMs, ...locale }: TimelineOrder): readonly TimelineEntry[] {
  const connections = connectionIds(session);
  let turn = 0;
  return lines.map((each) => {
    if (each.line?.type === 'turn') turn += 1;
    const id = each.connection === null ? undefined : connections[each.connection - 1];
    const closeCode = id === undefined ? undefined : session.connections[id]?.quality?.closeCode;
    return {
      ...lineWords(each, { ...locale, turn, closeCode }),
      id: each.id,
      at: each.at,
      connection: each.connection,
      source: 'page' as const,
      ahead: each.at > nowMs,
    };
  });
}

function written({ session, closedAt, nowMs, ...locale }: TimelineOrder): readonly TimelineEntry[] {
  const connections = connectionIds(session);
  const leases = Object.entries(session.leases).map(([id, lease]) => ({
    ...leaseWords(lease, nowMs, locale),
    id: `lease ${id}`,
    at: lease.mintedAt,
    connection: lease.state === 'refused' ? null : connections.indexOf(lease.connectionId) + 1,
  }));
  const { endedAt, deadAt, state } = session;
  const rest: (LineWords & { readonly id: string; readonly at: number })[] = [];
  if (endedAt !== null && state !== 'expired')
    rest.push({ ...endWords(session), kind: 'session', id: 'ended', at: endedAt });
  if (state !== 'failed') rest.push({ ...deathWords(session, nowMs), id: 'dead', at: deadAt });
  if (closedAt !== null)
    rest.push({
      kind: 'session',
      title: 'Books closed',
      detail: 'cost and flags are settled',
      tone: 'plain',
      id: 'books',
      at: closedAt,
    });
  return [...leases, ...rest.map((each) => ({ ...each, connection: null }))].map((each) => ({
    ...each,
    source: 'functions' as const,
    ahead: each.at > nowMs,
  }));
}

function leaseWords(
  { index, op, state, mintedAt, expiresAt }: LeaseEntry,
  nowMs: number,
  locale: Locale,
): LineWords {
  const title = `Lease ${index + 1} ${
    op === 'start' ? 'minted' : op === 'renew' ? 'minted to renew' : 'minted again after a drop'
  }`;
  if (state === 'refused')
    return {
      kind: 'lease',
      title: `Lease ${index + 1} refused`,
      detail: 'the service gave no token; nothing is charged',
      tone: 'bad',
    };
  const validity = `${secondsText((expiresAt - mintedAt) / 1_000, locale)}, valid until ${momentText(expiresAt, nowMs, locale)}`;
  return state === 'kept'
    ? {
        kind: 'lease',
        title,
        detail: `${validity}; nobody knows whether there is a token: charged`,
        tone: 'warn',
      }
    : { kind: 'lease', title, detail: validity, tone: 'plain' };
}

function endWords({ state, stopReason }: LiveSessionDocument): Omit<LineWords, 'kind'> {
  if (state === 'revoked')
    return {
      title: stopReason === 'blocked' ? 'Ended: its user was blocked' : 'Ended by an operator',
      detail: 'no further token',
      tone: 'warn',
    };
  if (state === 'failed')
    return {
      title: 'Failed',
      detail: 'the service refused the first token; nothing is charged',
      tone: 'bad',
    };
  return { title: 'Ended', detail: 'the page said goodbye', tone: 'plain' };
}

function deathWords({ state, deadAt }: LiveSessionDocument, nowMs: number): LineWords {
  if (deadAt > nowMs)
    return {
      kind: 'lease',
      title: 'The last token dies',
      detail: state === 'reserved' || state === 'active' ? 'unless it is renewed' : null,
      tone: 'plain',
    };
  return {
    kind: 'lease',
    title: 'The last token died',
    detail: state === 'expired' ? 'without a goodbye: the session expired' : null,
    tone: state === 'expired' ? 'warn' : 'plain',
  };
}
