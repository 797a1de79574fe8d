/**
 * What the Live API was asked for, and the bounds that must hold of it. Computed from the `expireTime` it received and
 * from when; nothing here reads a document of Livegate's.
 * @module
 */
import type { LivePolicyDocument } from '@livegate/protocol';

/** One order of a token, as the Live API saw it. */
export interface Order {
  readonly user: string;
  /** The session's id, or a name of ours while nobody was told it. */
  session: string;
  readonly op: 'start' | 'renew' | 'remint';
  /** Number of its lease in the session. */
  readonly index: number;
  readonly requestId: string;
  /** When the call began: the lease counts from here, and in the windows of this instant. */
  readonly calledAt: number;
  /** The order's `expireTime`. */
  readonly expiresAt: number;
  /** When it came; `null`: its instance died before it was sent. */
  arrivedAt: number | null;
  /** A token exists, whether or not anybody was told. */
  made: boolean;
  /** It was not definitely refused and given back. */
  stands: boolean;
}

type Bounds = Pick<
  LivePolicyDocument,
  | 'minutesPerDay'
  | 'minutesPerMonth'
  | 'concurrentSessions'
  | 'maxLiveTokens'
  | 'leaseSeconds'
  | 'renewal'
  | 'singleLeaseSeconds'
>;

/** Length, in ms, that the schedule allows a lease with this number. */
export function stepMs({ leaseSeconds, renewal, singleLeaseSeconds }: Bounds, index: number): number {
  const step = leaseSeconds[Math.min(index, leaseSeconds.length - 1)] ?? 0;
  return (renewal === 'single' ? singleLeaseSeconds : step) * 1_000;
}

/** Most tokens of a user that may be alive. */
export function mostTokens({ maxLiveTokens, concurrentSessions }: Bounds): number {
  return maxLiveTokens ?? concurrentSessions * 6;
}

/** How long the token can be used. */
export function validityMs({ expiresAt, arrivedAt, made }: Order): number {
  return made && arrivedAt !== null ? Math.max(0, expiresAt - arrivedAt) : 0;
}

/** What an operator gave a user on top of the policy's minutes. */
export class GivenMinutes {
  readonly #most = new Map<string, number>();
  readonly #last = new Map<string, number>();

  /** From now on the UTC day of `at` has so many minutes more. */
  give(at: number, minutes: number): void {
    this.#last.set(windowOf(at, 10), minutes);
    for (const letters of [10, 7]) {
      const window = windowOf(at, letters);
      this.#most.set(window, Math.max(minutes, this.#most.get(window) ?? 0));
    }
  }

  /** The most that a day or a month had. */
  mostOf(window: string): number {
    return this.#most.get(window) ?? 0;
  }

  /** What the day of `at` has by now. */
  lastOn(at: number): number {
    return this.#last.get(windowOf(at, 10)) ?? 0;
  }
}

function windowOf(at: number, letters: number): string {
  return new Date(at).toISOString().slice(0, letters);
}

/** The bounds of one user, as sentences; those that are broken are returned. */
export function brokenBounds(
  orders: readonly Order[],
  bounds: Bounds,
  { now, given }: { readonly now: number; readonly given: GivenMinutes },
): readonly string[] {
  const broken: string[] = [];
  const windows = [
    { of: 'day', letters: 10, minutes: bounds.minutesPerDay },
    { of: 'month', letters: 7, minutes: bounds.minutesPerMonth },
  ] as const;
  for (const { of, letters, minutes } of windows) {
    if (minutes === null) continue;
    for (const [window, ms] of sums(orders, letters)) {
      const most = minutes + given.mostOf(window);
      if (ms > most * 60_000)
        broken.push(`${ms / 1_000} s of validity in the ${of} ${window}, of ${most} min`);
    }
  }
  const live = orders.filter(
    ({ made, arrivedAt, expiresAt }) => made && arrivedAt !== null && expiresAt > now,
  );
  if (live.length > mostTokens(bounds)) broken.push(`${live.length} live tokens, of ${mostTokens(bounds)}`);
  const sessions = new Set(live.map(({ session }) => session)).size;
  if (sessions > bounds.concurrentSessions)
    broken.push(`${sessions} sessions with a live token, of ${bounds.concurrentSessions}`);
  return broken;
}

function sums(orders: readonly Order[], letters: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const order of orders) {
    const window = windowOf(order.calledAt, letters);
    sums.set(window, (sums.get(window) ?? 0) + validityMs(order));
  }
  return sums;
}

/** What is wrong with the newest order of a user, after those before it. */
export function brokenOrder(
  order: Order,
  before: readonly Order[],
  bounds: Bounds & { readonly given: GivenMinutes },
): readonly string[] {
  const broken: string[] = [];
  // What was given and taken back, or given for another day, lets nobody in: not only the most of a window counts.
  for (const [letters, minutes] of [
    [10, bounds.minutesPerDay],
    [7, bounds.minutesPerMonth],
  ] as const) {
    const window = windowOf(order.calledAt, letters);
    const charged = [...before, order]
      .filter(
        (each) => each.stands && each.user === order.user && windowOf(each.calledAt, letters) === window,
      )
      .reduce((sum, each) => sum + each.expiresAt - each.calledAt, 0);
    const most = minutes === null ? null : minutes + bounds.given.lastOn(order.calledAt);
    if (most !== null && charged > most * 60_000)
      broken.push(`${charged / 1_000} s charged to ${window}, of ${most} min`);
  }
  const length = order.expiresAt - order.calledAt;
  const step = stepMs(bounds, order.op === 'remint' ? 0 : order.index);
  if (length > step)
    broken.push(`a ${order.op} of ${length} ms where the schedule's step ${order.index} is ${step}`);
  if (validityMs(order) > step) broken.push(`validity of ${validityMs(order)} ms, of ${step}`);
  if (length <= 0) broken.push('a token that is dead when it is asked for');
  if (order.op === 'remint') {
    const end = Math.max(
      0,
      ...before
        .filter((each) => each.stands && each.session === order.session && each.index === order.index)
        .map(({ expiresAt }) => expiresAt),
    );
    if (order.expiresAt > end) broken.push(`a re-mint that ends ${order.expiresAt - end} ms after its lease`);
  }
  return broken;
}

/** Orders of a session's leases so far: the number of the next one. */
export function nextIndex(orders: readonly Order[], session: string): number {
  return orders.filter((each) => each.stands && each.session === session && each.op !== 'remint').length;
}
