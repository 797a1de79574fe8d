/**
 * Keeps a session in tokens: asks for the next one in time and says when to move to it, as `lease-policy.ts` decides.
 * @module
 */
import type { RefusalReason, StopNotice } from '@livegate/protocol';
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import { type LeaseStep, nextStep, type Renewal } from './lease-policy.ts';
import type { Grant, MintDesk } from './mint-desk.ts';
import { refusalReason } from './mint-error.ts';
import { backoffMs, canUseHeld, isTransient, operatorsWord } from './resume-policy.ts';

/** What goes on in the conversation, as far as leases care. */
export interface Quiet {
  /** Nobody speaks, the model has answered, no tool runs. */
  readonly quiet: boolean;
  /** Quiet, and the state that could be resumed holds all that was said. */
  readonly settled: boolean;
  /** There is a state that could be resumed. */
  readonly resumable: boolean;
  /** When this may change by itself. */
  readonly until: number | undefined;
}

/** What the session is told to do. */
export interface LeaseOrders {
  /** Move to another connection: under `first`, or under a token that is still to be asked for. */
  move(by: 'lease' | 'goAway', token: { readonly first: Grant | undefined; readonly held: boolean }): void;
  stop(notice: StopNotice): void;
  /** A refusal was an operator's word: {@link LeaseKeeper.stop} is to hear of it, and the page. */
  told(notice: StopNotice): void;
  lapse(refusal: RefusalReason | undefined): void;
  /** A token came. */
  granted(grant: Grant): void;
  look(): Quiet;
}

/** The leases of one session. Sleeps between {@link LeaseKeeper.pause} and {@link LeaseKeeper.begin}. */
export class LeaseKeeper {
  readonly #desk: MintDesk;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #orders: LeaseOrders;
  #grant: Grant | undefined;
  /** The token's second connection has been had. */
  #reused = false;
  #next: Grant | undefined;
  #renewal: Renewal = { state: 'idle' };
  #refusals = 0;
  #leaveBy: number | undefined;
  #stop: StopNotice | undefined;
  #awake = false;
  #cancelWake: () => void = () => {};

  constructor(options: {
    readonly desk: MintDesk;
    readonly clock: Clock;
    readonly random: () => number;
    readonly orders: LeaseOrders;
  }) {
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#orders = options.orders;
  }

  /** What the session was told to stop for. */
  get stopping(): StopNotice | undefined {
    return this.#stop;
  }

  /** Counts from a connection that has just opened under `grant`; `reused`: not the first one under it. */
  begin(grant: Grant, reused: boolean): void {
    this.#grant = grant;
    this.#reused = reused;
    // A token that came while the session moved under another one is paid for: it is the next.
    if (!isLater(this.#next, grant)) this.#next = undefined;
    this.#renewal = { state: 'idle' };
    this.#refusals = 0;
    this.#leaveBy = undefined;
    this.#awake = true;
    this.consider();
  }

  /** The session moves, or is over: no more orders. */
  pause(): void {
    this.#awake = false;
    this.#cancelWake();
  }

  /** Starts over: what was known of leases holds no more. */
  forget(): void {
    this.pause();
    this.#next = undefined;
    this.#stop = undefined;
  }

  /** The server closes in `leftMs`. */
  leaveIn(leftMs: number): void {
    // The same margin as before a token's end.
    this.#leaveBy = this.#clock.now() + leftMs - Math.min(5_000, leftMs / 4);
    this.consider();
  }

  /** The session is to stop. False where it was told before. */
  stop(notice: StopNotice): boolean {
    if (this.#stop) return false;
    this.#stop = notice;
    this.consider();
    return true;
  }

  /** A token to come back with after a drop: the next one, or the running one once more while that is worth it. */
  tokenAfterDrop(hasHandle: boolean): { readonly first: Grant | undefined; readonly held: boolean } {
    if (this.#next) return { first: this.#next, held: false };
    const grant = this.#grant;
    const held = grant !== undefined && canUseHeld(grant.lease, this.#clock.now(), hasHandle, this.#reused);
    return { first: held ? grant : undefined, held };
  }

  /** Why the server's close at this moment is the lease's end and no drop; `undefined` where it is one. */
  lapsedAtClose(): { readonly refusal: RefusalReason | undefined } | undefined {
    const isLate = this.#grant !== undefined && this.#clock.now() >= this.#grant.lease.forceAt;
    return isLate && this.#renewal.state === 'refused' ? { refusal: this.#renewal.reason } : undefined;
  }

  /** Looks what is to be done, now and whenever something changed. */
  consider(): void {
    const grant = this.#grant;
    if (!this.#awake || !grant) return;
    this.#cancelWake();
    const { quiet, settled, resumable, until } = this.#orders.look();
    const now = this.#clock.now();
    const view = {
      lease: grant.lease,
      next: this.#next?.lease,
      renewal: this.#renewal,
      leaveBy: this.#leaveBy,
      canReuse: resumable && !this.#reused,
      quiet,
      settled,
      stop: this.#stop,
    };
    this.#do(nextStep(view, now), { grant, now, until });
  }

  #do(
    step: LeaseStep,
    at: { readonly grant: Grant; readonly now: number; readonly until: number | undefined },
  ): void {
    switch (step.do) {
      case 'wait': {
        const until = Math.min(step.until, at.until ?? step.until);
        this.#cancelWake = this.#clock.after(until - at.now, () => this.consider());
        break;
      }
      case 'mint':
        void this.#mint(step.op, at.grant);
        this.consider();
        break;
      case 'swap':
        this.#orders.move(step.by, {
          first: step.with === 'next' ? this.#next : at.grant,
          held: step.with === 'held',
        });
        break;
      case 'resume':
        this.#orders.move('lease', { first: undefined, held: false });
        break;
      case 'stop':
        this.#orders.stop(step.notice);
        break;
      case 'lapse':
        this.#orders.lapse(step.refusal);
        break;
    }
  }

  /** Asks for the next token; one question at a time. */
  async #mint(op: 'renew' | 'remint', under: Grant): Promise<void> {
    this.#renewal = { state: 'asked' };
    let renewal: Renewal = { state: 'idle' };
    try {
      const grant = await this.#desk.ask({ op, sessionId: under.answer.sessionId });
      this.#orders.granted(grant);
      if (under === this.#grant) this.#next = grant;
    } catch (error) {
      renewal = this.#refused(error);
    }
    if (under === this.#grant) this.#renewal = renewal;
    const notice = renewal.state === 'refused' ? operatorsWord(renewal.reason) : undefined;
    if (notice) this.#orders.told(notice);
    this.consider();
  }

  #refused(error: unknown): Renewal {
    const reason = error instanceof AIError ? refusalReason(error) : undefined;
    const wait = error instanceof AIError ? error.customErrorData?.retryAfterMs : undefined;
    if (!isTransient(reason)) return { state: 'refused', ...(reason ? { reason } : {}) };
    const backoff = backoffMs(this.#refusals++, this.#random);
    return { state: 'retry', at: this.#clock.now() + Math.max(wait ?? 0, backoff) };
  }
}

function isLater(grant: Grant | undefined, than: Grant | undefined): boolean {
  return grant !== undefined && than !== undefined && grant.lease.expiresAt > than.lease.expiresAt;
}
