/**
 * Every consumer of a session's messages.
 * @module
 */
import type { Clock } from './clock.ts';
import type { AIError } from './errors.ts';
import type { LiveServerMessage } from './live-types.ts';
import { MessageQueue, type Missed } from './message-queue.ts';

/** What consumers lose is told once in so long, in ms: a burst may lose a thousand messages one by one. Ours. */
const TELLING_MS = 100;

/**
 * Gives each message to every consumer. The first consumer also gets what came before it; the others begin
 * where they came in.
 */
export class MessageFeed {
  readonly #queues = new Set<MessageQueue>();
  readonly #clock: Clock;
  readonly #onMissed: (missed: Missed) => void;
  readonly #closed: () => AIError;
  #first: MessageQueue | undefined;
  #ended = false;
  #untold: Missed | undefined;
  #stopTelling: () => void = () => {};

  /** `closed` makes the error of a read that comes after the end. */
  constructor(options: {
    readonly clock: Clock;
    readonly onMissed: (missed: Missed) => void;
    readonly closed: () => AIError;
  }) {
    this.#clock = options.clock;
    this.#onMissed = options.onMissed;
    this.#closed = options.closed;
    this.#first = this.#open();
  }

  /** How many consumers listen; the messages kept for the first one are none. */
  get consumers(): number {
    return this.#queues.size - (this.#first ? 1 : 0);
  }

  /** A new consumer. After the end: what was kept for the first one, or an error at the first read. */
  subscribe(): MessageQueue {
    const first = this.#first;
    if (first) {
      this.#first = undefined;
      return first;
    }
    const queue = this.#open();
    if (this.#ended) queue.end();
    return queue;
  }

  /** Gives a message to all. */
  push(message: LiveServerMessage, bytes: number): void {
    for (const queue of this.#queues) queue.push(message, bytes);
  }

  /** Ends all consumers; each can read what waits for it. `keepUnclaimed`: so can a first one that comes later. */
  end(keepUnclaimed: boolean): void {
    this.#ended = true;
    this.#tell();
    for (const queue of this.#queues) queue.end();
    this.#queues.clear();
    if (!keepUnclaimed) this.#first = undefined;
  }

  /** Starts over after {@link end}, with a new first consumer. */
  reopen(): void {
    if (!this.#ended) return;
    this.#ended = false;
    this.#first = this.#open();
  }

  #open(): MessageQueue {
    const queue = new MessageQueue({
      onMissed: (missed) => this.#miss(missed),
      onLeft: (left) => this.#queues.delete(left),
      unread: () => this.#closed(),
    });
    this.#queues.add(queue);
    return queue;
  }

  #miss({ audio, content }: Missed): void {
    if (!this.#untold) this.#stopTelling = this.#clock.after(TELLING_MS, () => this.#tell());
    const { audio: audioBefore, content: contentBefore } = this.#untold ?? { audio: 0, content: 0 };
    this.#untold = { audio: audioBefore + audio, content: contentBefore + content };
  }

  #tell(): void {
    this.#stopTelling();
    const untold = this.#untold;
    this.#untold = undefined;
    if (untold) this.#onMissed(untold);
  }
}
