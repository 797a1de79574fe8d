/**
 * Reads and charges the bounds that a token shares with others', inside the transaction that reserves it.
 * @module
 */
import type { LiveBudgetDocument, LiveCaps, RefusalReason } from '@livegate/protocol';
import { type DocumentReference, Timestamp, type Transaction } from 'firebase-admin/firestore';
import { type BudgetLimits, budgetAt, budgetWith, budgetWithout, roomIn, shareOf } from './budget-policy.ts';
import type { FullMemory } from './full-memory.ts';
import { SHORTEST_LEASE_MS } from './lease-policy.ts';
import type { LivePaths } from './paths.ts';
import { Refusal } from './refusal.ts';

/** The bounds of one mint, beside the user's own. */
export interface SharedBounds {
  readonly caps: LiveCaps | null;
  /** What the anonymous users of this origin share. */
  readonly pool: { readonly origin: string; readonly minutesPerDay: number } | null;
}

/** A token's time. */
interface Charge {
  readonly mintedAt: number;
  readonly expiresAt: number;
}

/** Shares that were read and have room. */
export interface SharedRoom {
  /** The least that any of them leaves, in ms. */
  readonly leftMs: number;
  /** Where the charge goes: to be given back there. */
  readonly paidFrom: readonly DocumentReference[];
  /** Writes the charge. */
  pay(transaction: Transaction, charge: Charge): void;
}

/** One bound: its shares, one of which pays. */
interface Bound {
  readonly places: readonly DocumentReference[];
  readonly limits: BudgetLimits;
  readonly minutesReason: RefusalReason;
  readonly message: string;
  readonly purgeDays?: number;
}

/** The document of a bound that pays. */
interface Share {
  readonly ref: DocumentReference;
  readonly budget: LiveBudgetDocument;
  readonly leftMs: number;
  readonly purgeDays: number | undefined;
}

const POOL_DAYS = 3;

/** Shares of one bound that a mint looks at before it is refused. Ours: more would hold a lock on the whole bound. */
const MOST_TRIED = 4;

/**
 * Throws the refusal of a bound all of whose shares were just found full; costs no read. Throws {@link Refusal}:
 * `cap-minutes`, `cap-tokens`, `anonymous-pool`.
 */
export function checkShares(paths: LivePaths, bounds: SharedBounds, full: FullMemory): void {
  for (const { places } of boundsOf(paths, bounds)) full.checkAll(places.map(({ path }) => path));
}

/**
 * Reads a share of each bound: a random one, and others only where that cannot pay the lease whole. Throws
 * {@link Refusal}: `cap-minutes`, `cap-tokens`, `anonymous-pool`.
 */
export async function readSharedRoom(
  transaction: Transaction,
  paths: LivePaths,
  order: {
    readonly bounds: SharedBounds;
    readonly wanted: Charge;
    readonly random: () => number;
    readonly full: FullMemory;
  },
): Promise<SharedRoom> {
  const found: Share[] = [];
  for (const bound of boundsOf(paths, order.bounds))
    found.push(await shareWithRoom(transaction, bound, order));
  return {
    leftMs: Math.min(Number.POSITIVE_INFINITY, ...found.map(({ leftMs }) => leftMs)),
    paidFrom: found.map(({ ref }) => ref),
    pay(tx, charge) {
      for (const { ref, budget, purgeDays } of found) {
        const purge = purgeDays
          ? { purgeAt: Timestamp.fromMillis(charge.mintedAt + purgeDays * 86_400_000) }
          : {};
        tx.set(ref, { ...budgetWith(budget, charge), ...purge });
      }
    },
  };
}

/** Takes a charge out of the shares it was paid from. `snapshots` were read in this transaction. */
export function giveBackShares(
  transaction: Transaction,
  snapshots: readonly { readonly ref: DocumentReference; data(): unknown }[],
  charge: Charge,
): void {
  for (const snapshot of snapshots) {
    const budget = snapshot.data() as LiveBudgetDocument | undefined;
    if (budget) transaction.set(snapshot.ref, budgetWithout(budget, charge));
  }
}

function boundsOf(paths: LivePaths, { caps, pool }: SharedBounds): readonly Bound[] {
  const bounds: Bound[] = [];
  if (pool) {
    bounds.push({
      places: [paths.pool(pool.origin)],
      limits: { dayMs: pool.minutesPerDay * 60_000, liveTokens: null },
      minutesReason: 'anonymous-pool',
      message: 'The minutes that guests share here are used up for today; sign in for minutes of your own.',
      purgeDays: POOL_DAYS,
    });
  }
  if (caps) {
    bounds.push({
      places: Array.from({ length: caps.shards }, (_, shard) => paths.cap(shard)),
      limits: shareOf(caps),
      minutesReason: 'cap-minutes',
      message: "This app's minutes of today are used up.",
    });
  }
  return bounds;
}

async function shareWithRoom(
  transaction: Transaction,
  { places, limits, minutesReason, message, purgeDays }: Bound,
  {
    wanted,
    random,
    full,
  }: { readonly wanted: Charge; readonly random: () => number; readonly full: FullMemory },
): Promise<Share> {
  const { mintedAt: now, expiresAt } = wanted;
  const leastMs = Math.min(SHORTEST_LEASE_MS, expiresAt - now);
  let best: Share | undefined;
  let refusal = new Refusal(minutesReason, message);
  for (const ref of tried(places, random, full)) {
    const stored = (await transaction.get(ref)).data() as LiveBudgetDocument | undefined;
    const budget = budgetAt(stored ?? null, now);
    const { leftMs, tokensLeft, newDayInMs, tokenFreeInMs } = roomIn(budget, limits, now);
    if (leftMs < leastMs || tokensLeft < 1) {
      refusal =
        leftMs < leastMs
          ? new Refusal(minutesReason, message, { retryAfterMs: newDayInMs })
          : new Refusal('cap-tokens', 'This app has as many talks at once as it may have.', {
              retryAfterMs: tokenFreeInMs,
            });
      full.note(ref.path, refusal);
      continue;
    }
    if (!best || leftMs > best.leftMs) best = { ref, budget, leftMs, purgeDays };
    if (leftMs >= expiresAt - now) return best;
  }
  if (best) return best;
  throw refusal;
}

/** Shares to look at, in a random order, those that are known to be full left out. */
function tried(
  places: readonly DocumentReference[],
  random: () => number,
  full: FullMemory,
): readonly DocumentReference[] {
  const open = places.filter(({ path }) => !full.isFull(path));
  const order = open.map((ref) => ({ ref, key: random() })).sort((a, b) => a.key - b.key);
  return order.slice(0, MOST_TRIED).map(({ ref }) => ref);
}
