/**
 * The way out of a session before what keeps it going is there: to the socket at once, and on into the outbox, which
 * knows what to send again, once that has come.
 * @module
 */
import { type ClientMessage, encodeClientMessage } from '@livegate/protocol';
import { audioWire, lengthMs } from './audio-wire.ts';
import { AIError } from './errors.ts';
import type { LiveConnection } from './live-connection.ts';
import type { Outbox } from './outbox.ts';

/** Most audio that is held after a drop until the outbox is there, which holds as much, in ms. Ours. */
const MOST_AUDIO_MS = 30_000;
/** Most bytes of other messages meanwhile. Ours. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A message, or 16 kHz PCM16LE mono. */
export type Passed = ClientMessage | Uint8Array;

interface Held {
  readonly what: Passed;
  readonly sent: () => void;
  readonly failed: (error: unknown) => void;
}

const NOBODY = (): void => {};

/** The way out of one session, across its connections. What it promises is what {@link Outbox} does. */
export class WayOut {
  /** Told what went to the socket, in order, until the outbox is there. */
  readonly #onPassed: (what: Passed) => void;
  #outbox: Outbox | undefined;
  #connection: LiveConnection | undefined;
  /** Where messages go, whoever sends them; and who wants to know. */
  #reached: LiveConnection | undefined;
  readonly #followers = new Set<(connection: LiveConnection | undefined) => void>();
  #held: Held[] = [];
  #heldMs = 0;
  #heldBytes = 0;
  #lostMs = 0;
  #over: AIError | undefined;

  constructor(options: { readonly onPassed: (what: Passed) => void }) {
    this.#onPassed = options.onPassed;
  }

  /** Bytes that the socket has taken and the network has not. */
  get bufferedAmount(): number {
    return (this.#outbox ?? this.#connection)?.bufferedAmount ?? 0;
  }

  send(message: ClientMessage): Promise<void> {
    return this.#outbox
      ? this.#outbox.send(message)
      : new Promise((sent, failed) => this.#pass({ what: message, sent, failed }));
  }

  sendPcm(samples: Uint8Array): void {
    if (this.#outbox) this.#outbox.sendPcm(samples);
    // Whoever it is from may use its memory again.
    else this.#pass({ what: samples.slice(), sent: NOBODY, failed: NOBODY });
  }

  /** Takes note of such samples that went to the socket without the page. */
  sentPcm(samples: Uint8Array): void {
    if (this.#outbox) this.#outbox.sentPcm(samples);
    else if (!this.#over) this.#onPassed(samples.slice());
  }

  /** So much audio did not fit into a socket that the network takes nothing from. */
  unsent(ms: number): void {
    this.#outbox?.unsent(ms);
  }

  /** Calls `listener` with the connection that messages go to, now and whenever it changes. The answer ends that. */
  follow(listener: (connection: LiveConnection | undefined) => void): () => void {
    this.#followers.add(listener);
    listener(this.#reached);
    return () => this.#followers.delete(listener);
  }

  hold(): void {
    this.#connection = undefined;
    this.#outbox?.hold();
    this.#reach(undefined);
  }

  open(connection: LiveConnection): void {
    this.#connection = connection;
    this.#over = undefined;
    this.#outbox?.open(connection);
    this.#reach(connection);
  }

  end(error: AIError): void {
    this.#over = error;
    this.#connection = undefined;
    this.#outbox?.end(error);
    this.#reach(undefined);
    this.#heldMs = this.#heldBytes = 0;
    for (const { failed } of this.#held.splice(0)) failed(error);
  }

  /** Gives all that follows to the outbox, and first what is held. */
  goOnBy(outbox: Outbox): void {
    this.#outbox = outbox;
    if (this.#over) outbox.end(this.#over);
    else if (this.#connection) outbox.open(this.#connection);
    else outbox.hold();
    if (this.#lostMs > 0) outbox.unsent(this.#lostMs);
    for (const { what, sent, failed } of this.#held.splice(0))
      if (what instanceof Uint8Array) outbox.sendPcm(what);
      else outbox.send(what).then(sent, failed);
    outbox.follow((connection) => this.#reach(connection));
  }

  #reach(connection: LiveConnection | undefined): void {
    if (connection === this.#reached) return;
    this.#reached = connection;
    for (const follower of this.#followers) follower(connection);
  }

  #pass(each: Held): void {
    const { what, sent, failed } = each;
    if (this.#over) failed(this.#over);
    else if (this.#connection) {
      this.#connection.send(what instanceof Uint8Array ? audioWire(what) : encodeClientMessage(what));
      this.#onPassed(what);
      sent();
    } else this.#hold(each);
  }

  #hold(each: Held): void {
    const { what, failed } = each;
    if (what instanceof Uint8Array) this.#heldMs += lengthMs(what);
    else {
      const bytes = encodeClientMessage(what).length;
      if (this.#heldBytes + bytes > MOST_BYTES) {
        failed(new AIError('request-error', 'Too much waits to be sent.'));
        return;
      }
      this.#heldBytes += bytes;
    }
    this.#held.push(each);
    while (this.#heldMs > MOST_AUDIO_MS) {
      const oldest = this.#held.findIndex((held) => held.what instanceof Uint8Array);
      const [lost] = this.#held.splice(oldest, 1);
      const ms = lengthMs(lost?.what as Uint8Array);
      this.#heldMs -= ms;
      this.#lostMs += ms;
    }
  }
}
