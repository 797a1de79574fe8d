/**
 * Where a session's sockets are: in the live worker, or on the page where that cannot be had.
 * @module
 */
import { AIError } from './errors.ts';
import { inWords } from './late-words.ts';
import type { LiveWorker } from './live-worker.ts';
import type {
  LiveSocket,
  LiveSocketEvents,
  LiveSocketFactory,
  SocketInWorker,
} from './web-socket-handler.ts';

/**
 * Opens each socket in the worker that `find` answers then, loading or loaded; on the page, with a warning, where that
 * does not load; on the page without a word where there is none. Throws {@link AIError} `unsupported` in a runtime without
 * WebSocket.
 */
export function liveSockets(find: () => LiveWorker | undefined): LiveSocketFactory {
  let isTold = false;
  return (url, protocols, events) => {
    if (typeof WebSocket === 'undefined')
      throw new AIError('unsupported', 'The Live API needs WebSocket: a browser, or Node 22 and later.');
    return new LateSocket(events, async () => {
      const worker = find();
      if (!worker) return undefined;
      if ((await worker.isReady) && !worker.isOver) return worker.openSocket;
      if (!isTold)
        void inWords((rare) => rare.NO_WORKER, 'live.worker.js could not be loaded.').then((words) =>
          events.warned?.(words),
        );
      isTold = true;
      return undefined;
    }).open(url, protocols);
  };
}

/** A socket that is opened once it is known where. */
class LateSocket implements LiveSocket {
  readonly #events: LiveSocketEvents;
  readonly #where: () => Promise<LiveSocketFactory | undefined>;
  #socket: LiveSocket | undefined;
  #isClosed = false;

  constructor(events: LiveSocketEvents, where: () => Promise<LiveSocketFactory | undefined>) {
    this.#events = events;
    this.#where = where;
  }

  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  get inWorker(): SocketInWorker | undefined {
    return this.#socket?.inWorker;
  }

  open(url: string, protocols: readonly string[]): this {
    void this.#open(url, protocols);
    return this;
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(code: number, reason: string): void {
    this.#isClosed = true;
    this.#socket?.close(code, reason);
  }

  async #open(url: string, protocols: readonly string[]): Promise<void> {
    try {
      const openSocket = (await this.#where()) ?? (await import('./web-socket-handler.ts')).openWebSocket;
      if (!this.#isClosed) this.#socket = openSocket(url, protocols, this.#events);
    } catch {
      // The runtime's message may quote the address, and with it the token.
      this.#events.failed();
    }
  }
}
