/**
 * A line that takes its time: what goes in comes out later, in the same order. Knows times, keeps no timer.
 * @module
 */
import type { LineFault } from './fault.ts';

/** How a line is slowed. */
export type LineShape = Omit<Extract<LineFault, { kind: 'shape' }>, 'kind' | 'direction' | 'forMs'>;
/** How audio is kept back. */
export type AudioHold = Omit<Extract<LineFault, { kind: 'bursty-audio' }>, 'kind' | 'forMs'>;

/** What the line must know of a thing it carries. `audioMs` is 0 for what is no audio. */
export interface Freight {
  readonly bytes: number;
  readonly audioMs: number;
}

/** In a row: nothing comes out before what stands ahead of it, whenever its own time was. */
interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly dueMs: number;
}

/** One way of one connection. `random` decides the jitter. Times are epoch ms, never earlier than before. */
export class ShapedQueue<Item> {
  readonly #random: () => number;
  #waiting: Waiting<Item>[] = [];
  #heldBytes = 0;
  #stalledUntilMs = Number.NEGATIVE_INFINITY;
  #shape: { readonly shape: LineShape; readonly untilMs: number; freeMs: number } | undefined;
  #hold: { readonly hold: AudioHold; readonly untilMs: number; freeMs: number; burstMs: number } | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Slows what is put in from now on; takes the place of an earlier shape. */
  shape(shape: LineShape, untilMs: number): void {
    this.#shape = { shape, untilMs, freeMs: Number.NEGATIVE_INFINITY };
  }

  /** Keeps audio back that is put in from now on. */
  holdAudio(hold: AudioHold, untilMs: number): void {
    this.#hold = { hold, untilMs, freeMs: Number.NEGATIVE_INFINITY, burstMs: Number.NEGATIVE_INFINITY };
  }

  /** Lets nothing out before `untilMs`, what is inside included. */
  stall(untilMs: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, untilMs);
  }

  /** Bytes inside. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** True where a thing put in at `nowMs` comes out at once. */
  isClear(nowMs: number): boolean {
    const isSlow = nowMs < (this.#shape?.untilMs ?? nowMs) || nowMs < (this.#hold?.untilMs ?? nowMs);
    return this.isEmpty && !isSlow && nowMs >= this.#stalledUntilMs;
  }

  /** When the next thing comes out; `undefined` where none will by itself. */
  get nextMs(): number | undefined {
    const [next] = this.#waiting;
    const nextMs = next && Math.max(next.dueMs, this.#stalledUntilMs);
    return nextMs !== undefined && Number.isFinite(nextMs) ? nextMs : undefined;
  }

  put(item: Item, { bytes, audioMs }: Freight, nowMs: number): void {
    const heldMs = audioMs > 0 ? this.#holdMs(audioMs, nowMs) : nowMs;
    const dueMs = this.#arrivalMs(bytes, heldMs, nowMs);
    this.#heldBytes += bytes;
    this.#waiting.push({ item, bytes, dueMs });
  }

  /** What has come through at `nowMs`, oldest first. */
  take(nowMs: number): readonly Item[] {
    const isDue = ({ dueMs }: Waiting<Item>): boolean => Math.max(dueMs, this.#stalledUntilMs) <= nowMs;
    const firstLate = this.#waiting.findIndex((each) => !isDue(each));
    return this.#remove(firstLate < 0 ? this.#waiting.length : firstLate);
  }

  /** Ends every stall and shape, and gives all that is inside. */
  release(): readonly Item[] {
    this.#shape = undefined;
    this.#hold = undefined;
    this.#stalledUntilMs = Number.NEGATIVE_INFINITY;
    return this.#remove(this.#waiting.length);
  }

  #remove(count: number): readonly Item[] {
    if (count === 0) return [];
    const out = this.#waiting.splice(0, count);
    for (const { bytes } of out) this.#heldBytes -= bytes;
    return out.map(({ item }) => item);
  }

  /** When audio that comes at `nowMs` is let go: paced, then at the end of its burst. */
  #holdMs(audioMs: number, nowMs: number): number {
    const held = this.#hold;
    if (!held || nowMs >= held.untilMs) return nowMs;
    const { holdMs, rate = Number.POSITIVE_INFINITY } = held.hold;
    held.freeMs = Math.max(held.freeMs, nowMs) + audioMs / rate;
    // The first piece after a silence opens a row of bursts, and waits for the whole of the first.
    if (nowMs >= held.burstMs + holdMs) held.burstMs = nowMs + holdMs;
    const bursts = Math.ceil((Math.max(nowMs, held.freeMs) - held.burstMs) / holdMs);
    held.burstMs += Math.max(0, bursts) * holdMs;
    return held.burstMs;
  }

  /** A token bucket of `burstBytes` that fills at `bytesPerSecond`, then the way itself. */
  #arrivalMs(bytes: number, atMs: number, nowMs: number): number {
    const shaped = this.#shape;
    if (!shaped || nowMs >= shaped.untilMs) return atMs;
    const { bytesPerSecond, burstBytes = 0, latencyMs = 0, jitterMs = 0 } = shaped.shape;
    let gone = atMs;
    if (bytesPerSecond !== undefined) {
      const fullMs = (burstBytes / bytesPerSecond) * 1_000;
      shaped.freeMs = Math.max(shaped.freeMs, atMs - fullMs) + (bytes / bytesPerSecond) * 1_000;
      gone = Math.max(atMs, shaped.freeMs);
    }
    return gone + latencyMs + (jitterMs > 0 ? this.#random() * jitterMs : 0);
  }
}
