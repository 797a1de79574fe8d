/**
 * One connection of a page, as the service sees it: what came when, and what was said when.
 * @module
 */
import type { WebSocket } from 'ws';
import { epochNow } from './epoch-clock.ts';

/** A message of the page. */
export interface Received {
  /** When it was here, in epoch ms. */
  readonly at: number;
  /** On the wire, with the WebSocket frame's header and mask. */
  readonly wireBytes: number;
  /** `undefined` where the line counts only. */
  readonly text: string | undefined;
}

/** The bench's end of a Live connection. Frames go out binary, as the service's do. */
export class LiveLine {
  readonly received: Received[] = [];
  /** `false`: texts are not kept, for long runs. */
  keepsTexts = true;
  /** When the page had its `setupComplete`, in epoch ms. */
  readonly openedAt: number;
  readonly #socket: WebSocket;
  #wake: () => void = () => {};

  constructor(socket: WebSocket, openedAt: number) {
    this.#socket = socket;
    this.openedAt = openedAt;
  }

  /** The server's own call: a message came. */
  take(data: Buffer, at: number): void {
    const text = this.keepsTexts ? data.toString('utf8') : undefined;
    this.received.push({ at, wireBytes: data.length + headerBytes(data.length), text });
    this.#wake();
  }

  /** Says a message; answers when, in epoch ms. */
  say(text: string): number {
    const at = epochNow();
    this.#socket.send(Buffer.from(text, 'utf8'));
    return at;
  }

  /** The first message of audio that comes, or came, after `since` (epoch ms). Rejects after `ms`. */
  async firstAudio(since: number, ms = 15_000): Promise<Received> {
    const deadline = epochNow() + ms;
    for (;;) {
      const found = this.received.find((each) => each.at > since && each.text?.includes('"realtimeInput"'));
      if (found) return found;
      const left = deadline - epochNow();
      if (left <= 0) throw new Error('No audio came from the page.');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** Header and mask of a client's frame. RFC 6455, section 5.2. */
function headerBytes(length: number): number {
  return 6 + (length < 126 ? 0 : length < 65_536 ? 2 : 8);
}
