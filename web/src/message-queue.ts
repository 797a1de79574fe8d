/**
 * One consumer's messages: bounded, in order, and readable to the last one after the end.
 * @module
 */
import { AIError } from './errors.ts';
import type { LiveServerMessage } from './live-types.ts';
import { type Weight, weightOf } from './message-yields.ts';

/** Most messages and bytes that wait for a consumer. Design §6. */
export const QUEUE_LIMITS = { messages: 1_024, bytes: 8 * 1024 * 1024 } as const;

interface Queued {
  readonly message: LiveServerMessage;
  readonly bytes: number;
  readonly weight: Weight;
}

/** What a queue lost. */
export interface Missed {
  readonly audio: number;
  readonly content: number;
}

type Result = IteratorResult<LiveServerMessage, undefined>;
interface Waiter {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A queue that is read as an async generator. When it is full, the oldest audio goes first, then the oldest other
 * content; control messages never go: a queue full of those alone rejects with `request-error`.
 * `return()` frees it at once, a pending `next()` included, so that no message goes to a reader that has left.
 */
export class MessageQueue implements AsyncGenerator<LiveServerMessage, undefined, undefined> {
  #queued: Queued[] = [];
  #bytes = 0;
  #waiters: Waiter[] = [];
  #state: 'open' | 'ended' | 'left' = 'open';
  #failure: AIError | undefined;
  #read = false;
  readonly #onMissed: (missed: Missed) => void;
  readonly #onLeft: (queue: MessageQueue) => void;
  readonly #unread: () => AIError | undefined;

  /** `unread` is asked at the first read of a queue that ended empty: the error of reading a closed session. */
  constructor(options: {
    readonly onMissed: (missed: Missed) => void;
    readonly onLeft: (queue: MessageQueue) => void;
    readonly unread: () => AIError | undefined;
  }) {
    this.#onMissed = options.onMissed;
    this.#onLeft = options.onLeft;
    this.#unread = options.unread;
  }

  /** True while messages wait. */
  get hasMessages(): boolean {
    return this.#queued.length > 0;
  }

  /** Gives the consumer a message; `bytes` is what its frame weighed. */
  push(message: LiveServerMessage, bytes: number): void {
    if (this.#state !== 'open') return;
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.resolve({ done: false, value: message });
      return;
    }
    this.#queued.push({ message, bytes, weight: weightOf(message) });
    this.#bytes += bytes;
    this.#fit();
  }

  /** No more will come. What waits can still be read. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ done: true, value: undefined });
  }

  async next(): Promise<Result> {
    const isFirst = !this.#read;
    this.#read = true;
    const queued = this.#queued.shift();
    if (queued) {
      this.#bytes -= queued.bytes;
      return { done: false, value: queued.message };
    }
    const failure = this.#failure ?? (isFirst && this.#state === 'ended' ? this.#unread() : undefined);
    this.#failure = undefined;
    if (failure) {
      this.#leave();
      throw failure;
    }
    if (this.#state !== 'open') return { done: true, value: undefined };
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  async return(): Promise<Result> {
    this.#leave();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<Result> {
    this.#leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  #leave(): void {
    this.end();
    this.#state = 'left';
    this.#queued = [];
    this.#bytes = 0;
    this.#onLeft(this);
  }

  #fit(): void {
    const lost = { audio: 0, content: 0 };
    while (this.#queued.length > QUEUE_LIMITS.messages || this.#bytes > QUEUE_LIMITS.bytes) {
      const weight = (['audio', 'content'] as const).find((each) =>
        this.#queued.some((q) => q.weight === each),
      );
      if (weight === undefined) {
        this.#overflow();
        break;
      }
      const [gone] = this.#queued.splice(
        this.#queued.findIndex((each) => each.weight === weight),
        1,
      );
      this.#bytes -= gone?.bytes ?? 0;
      lost[weight]++;
    }
    if (lost.audio + lost.content > 0) this.#onMissed(lost);
  }

  #overflow(): void {
    this.#queued = [];
    this.#bytes = 0;
    this.#failure = new AIError(
      'request-error',
      'This receive() was left unread for so long that messages which must not be lost no longer fit.',
    );
    this.#state = 'ended';
  }
}
