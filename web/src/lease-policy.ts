/**
 * When to ask for the next lease and when to move to it. Pure: times in, decision out.
 * @module
 */
import type { MintAnswer, RefusalReason, StopNotice } from '@livegate/protocol';

/** Moves a session at the latest this long before its token dies, in ms. Design §2 step 5. */
const FORCE_MARGIN_MS = 5_000;
/** A token that lives on for at least this long is worth a second connection, in ms. Design §2 step 6. */
export const HELD_TOKEN_MIN_MS = 20_000;
/** An unopened token is taken up at the latest this long before its last moment to start, in ms. Ours. */
const START_MARGIN_MS = 2_000;
/** A lease that lives on for at least this long after a re-minted token is used up before it is renewed, in ms. Ours. */
const WORTH_REMINT_MS = 60_000;
/** Most that a slow answer may shorten a lease by, in ms. Ours. */
const MAX_TRIP_MS = 2_000;

/** A token's times by the session's own {@link Clock}, in ms. */
export interface LeaseTimes {
  /** A renewal before this would be refused. At or after `expiresAt`: there is none. */
  readonly renewAt: number;
  /** The session has left this token's socket by then. */
  readonly forceAt: number;
  /** The token is dead. */
  readonly expiresAt: number;
  /** The socket must be opened before this. */
  readonly startBy: number;
  /** The lease is over: the latest end of a token in it. After `expiresAt` under a token that was re-minted. */
  readonly leaseEndsAt: number;
}

/**
 * Reckons an answer's times by our own clock. The server read its clock somewhere between our asking and its
 * answer's arrival: what must not come late is counted from the earlier end (by 2 s at most, so that a cold
 * function does not eat the lease), what must not come early from the later. `leaseEndsAt`: the latest end known of
 * a token in the same lease.
 */
export function leaseTimes(
  answer: MintAnswer,
  sentAt: number,
  receivedAt: number,
  leaseEndsAt = 0,
): LeaseTimes {
  const early = Math.max(sentAt, receivedAt - MAX_TRIP_MS) - answer.serverTime;
  const late = receivedAt - answer.serverTime;
  const length = answer.expiresAt - answer.serverTime;
  const expiresAt = answer.expiresAt + early;
  return {
    renewAt: answer.renewAfter >= answer.expiresAt ? Number.POSITIVE_INFINITY : answer.renewAfter + late,
    forceAt: expiresAt - Math.min(FORCE_MARGIN_MS, length / 4),
    expiresAt,
    startBy: answer.startBy + early,
    leaseEndsAt: Math.max(expiresAt, leaseEndsAt),
  };
}

/** How far the next lease is. `retry`: a refusal that time heals. `refused`: there will be none. */
export type Renewal =
  | { readonly state: 'idle' }
  | { readonly state: 'asked' }
  | { readonly state: 'retry'; readonly at: number }
  | { readonly state: 'refused'; readonly reason?: RefusalReason };

/** What the decision looks at while a connection is open. */
export interface LeaseView {
  readonly lease: LeaseTimes;
  /** The next token, minted and not yet opened. */
  readonly next: LeaseTimes | undefined;
  readonly renewal: Renewal;
  /** The server said it will close; the session must have left by then. */
  readonly leaveBy: number | undefined;
  /** The running token can open another connection: there is a handle, and it has opened but one. */
  readonly canReuse: boolean;
  /** Nobody speaks, the model has answered, no tool runs. */
  readonly quiet: boolean;
  /** Quiet, and the state that could be resumed holds all that was said. */
  readonly settled: boolean;
  readonly stop: StopNotice | undefined;
}

/** What to do now; `wait` says when to look again at the latest. */
export type LeaseStep =
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'mint'; readonly op: 'renew' | 'remint' }
  | { readonly do: 'swap'; readonly with: 'next' | 'held'; readonly by: 'lease' | 'goAway' }
  /** The token is dead and no other is here: hold everything and get one. */
  | { readonly do: 'resume' }
  | { readonly do: 'stop'; readonly notice: StopNotice }
  | { readonly do: 'lapse'; readonly refusal: RefusalReason | undefined };

/** A stop that waits for the turn: nobody is to be cut off for a limit. The others are an operator's. */
const AFTER_TURN: ReadonlySet<StopNotice['reason']> = new Set(['quota', 'session-over']);

/** Decides the next step of an open session. Asked again after every event and at `until`. */
export function nextStep(view: LeaseView, now: number): LeaseStep {
  const { lease, next, renewal, leaveBy, canReuse, quiet, settled, stop } = view;
  if (stop && (quiet || !AFTER_TURN.has(stop.reason) || now >= lease.forceAt))
    return { do: 'stop', notice: stop };
  if (stop) return { do: 'wait', until: lease.forceAt };
  if (leaveBy !== undefined) {
    const isWorth = canReuse && lease.expiresAt - now >= HELD_TOKEN_MIN_MS;
    const ready = next ? 'next' : isWorth ? 'held' : undefined;
    if (ready && (settled || now >= leaveBy)) return { do: 'swap', with: ready, by: 'goAway' };
    if (!ready && renewal.state === 'idle') return { do: 'mint', op: mintOp(lease, now) };
  }
  if (next) {
    const latest = Math.min(lease.forceAt, next.startBy - START_MARGIN_MS);
    if (settled || now >= latest) return { do: 'swap', with: 'next', by: 'lease' };
    return { do: 'wait', until: Math.min(latest, leaveBy ?? latest) };
  }
  if (now >= lease.expiresAt)
    return renewal.state === 'refused' ? { do: 'lapse', refusal: renewal.reason } : unrenewed(lease);
  const dueAt = renewal.state === 'idle' ? lease.renewAt : renewal.state === 'retry' ? renewal.at : undefined;
  if (dueAt !== undefined && now >= dueAt) return { do: 'mint', op: mintOp(lease, now) };
  const ahead = [lease.expiresAt, dueAt, leaveBy].filter((at) => at !== undefined && at > now) as number[];
  return { do: 'wait', until: Math.min(...ahead) };
}

function unrenewed(lease: LeaseTimes): LeaseStep {
  // A policy of one single lease: its end is the session's.
  return Number.isFinite(lease.renewAt) ? { do: 'resume' } : { do: 'lapse', refusal: 'single-lease' };
}

/**
 * The operation that gets a token now: the next lease once that is open, else another inside this one. After a
 * re-mint the lease has minutes left that the running token does not reach: they are re-minted step by step to the
 * lease's own end, so that a drop costs a first step and not a whole lease more. A step costs about a third more a
 * second than a long lease does: at most 190 s of a lease of 600 s, against up to 600 s for a lease that a drop or
 * the end of the talk cuts short.
 */
export function mintOp(lease: LeaseTimes, now: number): 'renew' | 'remint' {
  const left = lease.leaseEndsAt - Math.max(now, lease.expiresAt);
  return now >= lease.renewAt && left < WORTH_REMINT_MS ? 'renew' : 'remint';
}
