/**
 * A page that talks as `@livegate/web` does, on a clock that the test moves: its decisions are that module's own.
 * @module
 */
import type { MintAnswer } from '@livegate/protocol';
import {
  canUseHeld,
  isTransient,
  type LeaseTimes,
  leaseTimes,
  mintOp,
  nextStep,
  type Renewal,
} from '@livegate/web/testing';
import type { Outcome, World } from './world.ts';

/** What a page meets. */
export interface TalkOptions {
  /** Seconds from its start. */
  readonly drops?: readonly number[];
  /** Seconds from its start; what the page held in memory is gone, the token with it. */
  readonly reloads?: readonly number[];
  /** Whether the service takes a held token a second time. Unconfirmed, hence both. */
  readonly heldWorks?: boolean;
}

/** A token the page has. */
interface Held {
  readonly lease: LeaseTimes;
  /** Its second connection has been had. */
  readonly reused: boolean;
}

/** The clock that all pages of a user share: they act in the order of time. */
export interface Clock {
  at(time: number, act: () => Promise<void>): void;
}

/** Does what is due, in the order of time, until nothing is left. */
export function createClock(world: World): Clock & { run(): Promise<void> } {
  const due: { readonly time: number; readonly act: () => Promise<void> }[] = [];
  return {
    at: (time, act) => void due.push({ time, act }),
    async run() {
      for (;;) {
        const next = due.reduce<(typeof due)[number] | undefined>(
          (first, each) => (first === undefined || each.time < first.time ? each : first),
          undefined,
        );
        if (!next) return;
        due.splice(due.indexOf(next), 1);
        world.now = Math.max(world.now, next.time);
        await next.act();
      }
    },
  };
}

/** Starts a conversation that lasts `seconds`, as soon as it is let in; it tells of each refusal. */
export class TalkingPage {
  /** Seconds it has talked. */
  spoken = 0;
  /** Mints that were refused. */
  refused = 0;
  /** The page closed, or gave up. */
  endedAt = 0;
  readonly #world: World;
  readonly #clock: Clock;
  readonly #heldWorks: boolean;
  #sessionId = '';
  #held: Held | undefined;
  #leaseIndex = -1;
  #renewal: Renewal = { state: 'idle' };
  #isOver = false;
  /** Since when nobody is heard. */
  #silentSince: number | undefined;

  constructor(world: World, clock: Clock, { heldWorks = true }: TalkOptions = {}) {
    this.#world = world;
    this.#clock = clock;
    this.#heldWorks = heldWorks;
  }

  /** Opens, waits where it is told to, and closes after `seconds`. `then` is called at its end. */
  async talk(
    seconds: number,
    { drops = [], reloads = [] }: TalkOptions = {},
    then: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const outcome = await this.#world.start();
    if (!outcome.ok) {
      this.refused += 1;
      const { retryAfterMs } = outcome.details;
      if (retryAfterMs === undefined) throw new Error(`refused for good: ${outcome.details.reason}`);
      this.#clock.at(this.#world.now + retryAfterMs, () => this.talk(seconds, { drops, reloads }, then));
      return;
    }
    const { now } = this.#world;
    this.#sessionId = outcome.answer.sessionId;
    this.#isOver = false;
    this.#held = undefined;
    this.#silentSince = undefined;
    this.#take(outcome.answer);
    for (const drop of drops) this.#clock.at(now + drop * 1_000, () => this.#drop());
    for (const reload of reloads) this.#clock.at(now + reload * 1_000, () => this.#reload());
    this.#clock.at(now + seconds * 1_000, async () => {
      this.#isOver = true;
      this.spoken += seconds - (this.#world.now - (this.#silentSince ?? this.#world.now)) / 1_000;
      this.endedAt = this.#world.now;
      await then();
    });
  }

  #take(answer: MintAnswer): void {
    const { now } = this.#world;
    const silentSince = this.#silentSince ?? Math.min(now, this.#held?.lease.expiresAt ?? now);
    this.spoken -= (now - silentSince) / 1_000;
    this.#silentSince = undefined;
    const isSameLease = this.#leaseIndex === answer.leaseIndex;
    const leaseEnd = isSameLease ? this.#held?.lease.leaseEndsAt : undefined;
    this.#leaseIndex = answer.leaseIndex;
    this.#held = { lease: leaseTimes(answer, now, now, leaseEnd), reused: false };
    this.#renewal = { state: 'idle' };
    this.#watch();
  }

  /** Looks again when the module would. Nobody speaks at a boundary: it moves at once. */
  #watch(): void {
    const held = this.#held;
    if (!held || this.#isOver) return;
    const { now } = this.#world;
    const view = {
      lease: held.lease,
      next: undefined,
      renewal: this.#renewal,
      leaveBy: undefined,
      canReuse: !held.reused,
      stop: undefined,
    };
    const step = nextStep({ ...view, quiet: true, settled: true }, now);
    if (step.do === 'wait') {
      this.#clock.at(step.until, async () => {
        if (this.#held === held && !this.#isOver) this.#watch();
      });
    } else if (step.do === 'mint') {
      this.#clock.at(now, () => this.#mint(step.op));
    } else throw new Error(`the page would ${step.do}`);
  }

  async #mint(op: 'renew' | 'remint'): Promise<void> {
    if (this.#isOver) return;
    this.#renewal = { state: 'asked' };
    const outcome: Outcome<MintAnswer> = await (op === 'renew'
      ? this.#world.renew(this.#sessionId)
      : this.#world.remint(this.#sessionId));
    if (outcome.ok) {
      this.#take(outcome.answer);
      return;
    }
    this.refused += 1;
    const { reason, retryAfterMs } = outcome.details;
    const held = this.#held;
    if (!isTransient(reason) || retryAfterMs === undefined || !held)
      throw new Error(`the page would give up: ${reason}`);
    const at = this.#world.now + retryAfterMs;
    this.#clock.at(at, () => this.#mint(mintOp(held.lease, at)));
  }

  /** The token that is paid for first, where that is worth it; else another. */
  async #drop(): Promise<void> {
    const held = this.#held;
    if (!held || this.#isOver || this.#silentSince !== undefined) return;
    const { now } = this.#world;
    if (canUseHeld(held.lease, now, true, held.reused) && this.#heldWorks) {
      this.#held = { ...held, reused: true };
      this.#watch();
      return;
    }
    this.#silentSince = now;
    await this.#mint(mintOp(held.lease, now));
  }

  /** The next page knows the session and its handle, and no token. */
  async #reload(): Promise<void> {
    const held = this.#held;
    if (!held || this.#isOver) return;
    this.#silentSince = this.#world.now;
    await this.#mint(mintOp(held.lease, this.#world.now));
  }
}
