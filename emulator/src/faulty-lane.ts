/**
 * One way of a connection: messages that change places, then a line that takes its time.
 * @module
 */
import { type Freight, ShapedQueue } from './shaped-queue.ts';

interface Late<Item> {
  readonly items: readonly Item[];
  readonly freight: Freight;
  readonly untilMs: number;
}

/** A {@link ShapedQueue} at whose door one message may wait for the next. */
export class FaultyLane<Item> {
  readonly queue: ShapedQueue<Item>;
  #late: Late<Item> | undefined;

  constructor(random: () => number) {
    this.queue = new ShapedQueue(random);
  }

  /** Puts in what became of a message, and behind it the one that waited for it. */
  put(items: readonly Item[], freight: Freight, nowMs: number): void {
    for (const item of items) this.queue.put(item, freight, nowMs);
    this.#putLate(nowMs);
  }

  /** Lets a message wait for the next one, `withinMs` at most. Where one waits already, this is that next one. */
  putLate(items: readonly Item[], freight: Freight, withinMs: number, nowMs: number): void {
    if (this.#late) this.put(items, freight, nowMs);
    else this.#late = { items, freight, untilMs: nowMs + withinMs };
  }

  /** Puts in what ends it all; whoever waited goes first. */
  putLast(item: Item, nowMs: number): void {
    this.#putLate(nowMs);
    this.queue.put(item, { bytes: 0, audioMs: 0 }, nowMs);
  }

  /** When {@link take} has something to give. */
  get nextMs(): number | undefined {
    const { nextMs } = this.queue;
    if (this.#late === undefined) return nextMs;
    return Math.min(this.#late.untilMs, nextMs ?? Number.POSITIVE_INFINITY);
  }

  /** True where what is put in at `nowMs` comes out at once. */
  isClear(nowMs: number): boolean {
    return this.#late === undefined && this.queue.isClear(nowMs);
  }

  get isEmpty(): boolean {
    return this.#late === undefined && this.queue.isEmpty;
  }

  /** What has come through at `nowMs`, oldest first. */
  take(nowMs: number): readonly Item[] {
    if (this.#late && nowMs >= this.#late.untilMs) this.#putLate(nowMs);
    return this.queue.take(nowMs);
  }

  /** Ends everything that holds a message up, and gives what was held. */
  release(nowMs: number): readonly Item[] {
    this.#putLate(nowMs);
    return this.queue.release();
  }

  #putLate(nowMs: number): void {
    const late = this.#late;
    this.#late = undefined;
    for (const item of late?.items ?? []) this.queue.put(item, late?.freight ?? NOTHING, nowMs);
  }
}

const NOTHING: Freight = { bytes: 0, audioMs: 0 };
