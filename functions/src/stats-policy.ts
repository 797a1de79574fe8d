/**
 * What a session adds to the figures of its day, and how the shards of a day add up. Pure.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  type LiveSessionDocument,
  type LiveStatsShard,
  NO_USAGE,
  type SessionFlag,
  type StatsFigures,
  type UsageCost,
  type UsageTotals,
} from '@livegate/protocol';
import { addTrees, type NumberTree } from './stats-tree.ts';

/** Nothing counted yet. */
export const NO_FIGURES: StatsFigures = {
  sessions: 0,
  leasedSeconds: 0,
  reportedSeconds: 0,
  meteredSeconds: 0,
  microUsd: 0,
  unpriced: 0,
  flagged: 0,
  failed: 0,
};

/** The name under which sessions without a template are counted. */
export const NO_TEMPLATE = '-';

/** What one session, or several, add to a stats shard. */
export type StatsAddition = Pick<LiveStatsShard, 'all' | 'usage' | 'byModel' | 'byTemplate' | 'byTier'>;

/** The tokens a session goes into the books with: what the relay measured where it did, else what its pages said. */
export function bookedUsage({
  metered,
  reported,
}: Pick<LiveSessionDocument, 'metered' | 'reported'>): UsageTotals {
  return metered?.totals ?? reported.totals;
}

/** What a session adds to the figures of the day it began in. Its three figures of seconds stand side by side. */
export function additionOf(
  session: LiveSessionDocument,
  { cost, flags }: { readonly cost: UsageCost; readonly flags: readonly SessionFlag[] },
): StatsAddition {
  const all: StatsFigures = {
    sessions: 1,
    leasedSeconds: session.leased.seconds,
    reportedSeconds: session.reported.seconds,
    meteredSeconds: session.metered?.seconds ?? 0,
    microUsd: cost.pricedMicroUsd,
    unpriced: cost.microUsd === null ? 1 : 0,
    flagged: flags.length > 0 ? 1 : 0,
    failed: session.state === 'failed' ? 1 : 0,
  };
  return {
    all,
    usage: bookedUsage(session),
    byModel: { [session.model]: all },
    byTemplate: { [session.template === null ? NO_TEMPLATE : withoutVersion(session.template)]: all },
    byTier: { [withoutVersion(session.policy)]: all },
  };
}

/** An addition, as the tree of numbers that it is. */
export function treeOf(addition: StatsAddition): NumberTree {
  return { ...addition } as unknown as NumberTree;
}

/** The sum of a day's shards. A shard may lack any field: it is made of increments. */
export function sumShards(shards: readonly Partial<LiveStatsShard>[]): LiveStatsShard {
  const sum = shards.reduce<NumberTree>(
    (tree, { v: _, ...shard }) => addTrees(tree, shard as NumberTree),
    {},
  );
  const { all, usage, byModel, byTemplate, byTier, refusals } = sum as Partial<LiveStatsShard>;
  return {
    v: DOCUMENTS_VERSION,
    all: { ...NO_FIGURES, ...all },
    usage: { ...NO_USAGE, ...usage },
    byModel: whole(byModel),
    byTemplate: whole(byTemplate),
    byTier: whole(byTier),
    refusals: refusals ?? {},
  };
}

function whole(by: LiveStatsShard['byModel'] = {}): LiveStatsShard['byModel'] {
  return Object.fromEntries(
    Object.entries(by).map(([name, figures]) => [name, { ...NO_FIGURES, ...figures }]),
  );
}

/** `support@3` → `support`. */
export function withoutVersion(named: string): string {
  const at = named.lastIndexOf('@');
  return at < 0 ? named : named.slice(0, at);
}
