/**
 * Who plays in a run: two users, two instances of the functions that may die, one clock.
 * @module
 */
import type { LivePolicyDocument } from '@livegate/protocol';
import type { Caller } from '../../../functions/src/caller.ts';
import type { TokenOrder, TokenOutcome } from '../../../functions/src/upstream.ts';
import type { CrashGate, DeathPlan, ModelBooks } from './model-crash.ts';
import { createWorld, type World } from './world.ts';

/** A broken bound, or a refusal without ground. */
export class ModelError extends Error {}

/** The cast of one run. Times in epoch ms. */
export class ModelCast {
  readonly callers: readonly Caller[];
  readonly policy: LivePolicyDocument;
  readonly #books: ModelBooks;
  readonly #worlds: readonly World[];
  #now: number;

  constructor(
    books: ModelBooks,
    start: {
      readonly policy: Partial<LivePolicyDocument>;
      readonly at: number;
      /** The Live API, as an instance sees it. */
      readonly upstream: (order: TokenOrder, instance: number) => TokenOutcome;
    },
  ) {
    this.#books = books;
    this.#now = start.at;
    this.#worlds = books.doors.map(({ firestore }, instance) => {
      const world = createWorld({ firestore, policy: start.policy });
      world.upstream = (order) => start.upstream(order, instance);
      world.now = start.at;
      return world;
    });
    const { caller, policy } = this.world(0);
    this.policy = policy;
    this.callers = [0, 1].map((user) => ({ ...caller, uid: `${caller.uid}-${user}` }));
  }

  get now(): number {
    return this.#now;
  }

  /** The clock never goes back. */
  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
    for (const world of this.#worlds) world.now = this.#now;
  }

  world(instance: number): World {
    return found(this.#worlds[instance]);
  }

  caller(user: number): Caller {
    return found(this.callers[user]);
  }

  /** Readies an instance for one call: when it is to die, and how long its first commit takes. */
  arm(instance: number, plan: DeathPlan | null = null, commitMs = 0): void {
    this.#gate(instance).arm(plan, () => this.advanceTo(this.#now + commitMs));
  }

  die(instance: number): never {
    return this.#gate(instance).die();
  }

  /** What a call came to, or `null` where its instance died: another one stands in its place then. */
  async outlived<T>(instance: number, work: Promise<T>): Promise<T | null> {
    const gate = this.#gate(instance);
    let answer: T | null = null;
    try {
      answer = await work;
    } catch (error) {
      if (!gate.isDead || error instanceof ModelError) throw error;
    }
    if (!gate.isDead) return answer;
    // What the dead one had still under way runs against its closed gate.
    await new Promise((resolve) => setImmediate(resolve));
    this.world(instance).anotherInstance();
    this.arm(instance);
    return null;
  }

  #gate(instance: number): CrashGate {
    return found(this.#books.doors[instance]).gate;
  }
}

function found<T>(each: T | undefined): T {
  if (each === undefined) throw new Error('no such instance or user');
  return each;
}
