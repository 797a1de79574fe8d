/**
 * Every consumer of a session's messages.
 * @module
 */
import type { AIError } from './errors.ts';
import type { LiveServerMessage } from './live-types.ts';
import { MessageQueue, type Missed } from './message-queue.ts';

/**
 * Gives each message to every consumer. The first consumer also gets what came before it; the others begin
 * where they came in.
 */
export class MessageFeed {
  readonly #queues = new Set<MessageQueue>();
  readonly #onMissed: (missed: Missed) => void;
  readonly #closed: () => AIError;
  #first: MessageQueue | undefined;
  #ended = false;

  /** `closed` makes the error of a read that comes after the end. */
  constructor(options: { readonly onMissed: (missed: Missed) => void; readonly closed: () => AIError }) {
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
      onMissed: this.#onMissed,
      onLeft: (left) => this.#queues.delete(left),
      unread: () => this.#closed(),
    });
    this.#queues.add(queue);
    return queue;
  }
}
