/**
 * How the books of a session close. Pure; times in epoch ms.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  type LiveOpsDocument,
  type LivePriceDocument,
  type LiveSessionDocument,
  type SessionState,
} from '@livegate/protocol';
import { costOf } from './cost-policy.ts';
import { flagsOf } from './flag-policy.ts';
import { SAMPLE_SHARD } from './queries.ts';
import { dayOf, monthOf } from './quota-window.ts';
import { additionOf, bookedUsage, type StatsAddition, withoutVersion } from './stats-policy.ts';
import type { UsageAddition } from './usage-policy.ts';

/** What the books close by. */
export interface BooksOrder {
  /** The list price of the session's model, `null` for none. */
  readonly price: LivePriceDocument | null;
  readonly now: number;
  /** Somebody is to be told that the books are closed. */
  readonly tells: boolean;
}

/** What closing the books of one session writes. */
export interface BooksClosing {
  readonly sessionId: string;
  /** Fields of the session that change. */
  readonly change: Pick<LiveSessionDocument, 'open' | 'state' | 'endedAt'> & { readonly unsettled?: true };
  readonly ops: LiveOpsDocument;
  /** The stats shard that counts it: the UTC day in which it began, and its own shard. */
  readonly day: string;
  readonly shard: number | string;
  readonly addition: StatsAddition;
  /** What its user's month gains; `null` for a user who is being erased. */
  readonly usage: UsageAddition | null;
}

/**
 * The closing of a session whose last token is dead. A session that nobody ended has `expired`, with the death of its
 * last token as its end; one that ended, was revoked or failed stays that. That of a user who is being erased counts in
 * the figures that name nobody, and in no other.
 */
export function closedBooks(
  sessionId: string,
  session: LiveSessionDocument,
  { price, now, tells }: BooksOrder,
): BooksClosing {
  const { state, endedAt, deadAt, createdAt, shard, policy, purgeAt } = session;
  const cost = costOf(bookedUsage(session), price);
  const flags = flagsOf(session);
  const addition = additionOf(session, { cost, flags });
  return {
    sessionId,
    change: {
      open: false,
      state: closedState(state),
      endedAt: endedAt ?? deadAt,
      ...(tells ? { unsettled: true as const } : {}),
    },
    ops: {
      v: DOCUMENTS_VERSION,
      sessionId,
      createdAt,
      day: dayOf(createdAt),
      uid: session.uid,
      backend: session.backend,
      model: session.model,
      templateId: templateIdOf(session),
      state: closedState(state),
      ...(session.sample ? { sample: true as const } : {}),
      flags,
      cost,
      policy,
      closedAt: now,
      purgeAt,
    },
    day: dayOf(createdAt),
    shard: session.sample ? SAMPLE_SHARD : shard,
    addition,
    usage: session.erased
      ? null
      : {
          uid: session.uid,
          month: monthOf(createdAt),
          figures: addition.all,
          closedAt: now,
          ...(session.sample ? { sample: true as const } : {}),
        },
  };
}

/** A session that was opened by functions of before they wrote it has the template's version only. */
function templateIdOf({
  template,
  templateId,
}: Pick<LiveSessionDocument, 'template'> & Partial<LiveSessionDocument>): string | null {
  return templateId ?? (template === null ? null : withoutVersion(template));
}

/** Where nobody ended it, its last token did. */
function closedState(state: SessionState): SessionState {
  return state === 'reserved' || state === 'active' ? 'expired' : state;
}
