/**
 * One socket from its opening to its close: handshake, frames in order, end.
 * @module
 */
import {
  encodeClientMessage,
  type LiveSetup,
  ProtocolError,
  readServerMessage,
  type ServerMessage,
  type UsageMetadata,
} from '@livegate/protocol';
import type { Clock } from './clock.ts';
import { closeWords } from './close-words.ts';
import { AIError, type AIErrorCode, type CustomErrorData } from './errors.ts';
import { markHeard } from './heard-sound.ts';
import type { SocketAddress } from './socket-address.ts';
import type { LiveSocket, LiveSocketFactory, SocketInWorker } from './web-socket-handler.ts';

/** Codes a browser may close with; 1011 and its like throw there. */
const NORMAL_CLOSE = 1000;
/** A close that nobody confirms is taken for done after this, in ms. Ours. */
const CLOSE_WAIT_MS = 2_000;
/** RFC 6455: no close frame came. */
const ABNORMAL = 1006;

const ABANDONED = 'The session was closed while it was connecting.';

/** How a connection ended. */
export interface ClosedBy {
  readonly code: number;
  /** The server's words as {@link closeWords} lets them through. */
  readonly reason: string;
}

/** What an open connection tells, in the order it came; `closed` once and last. */
export interface ConnectionEvents {
  /** `bytes` is the length of its text. */
  message(message: ServerMessage, bytes: number): void;
  /** A frame that could not be read was skipped; says of what kind, never what was in it. */
  skipped(why: string): void;
  /** Something to tell developers. */
  warned?(message: string): void;
  closed(by: ClosedBy): void;
}

/** What a connection is opened with. */
export interface ConnectionOptions {
  readonly openSocket: LiveSocketFactory;
  readonly clock: Clock;
  readonly address: SocketAddress;
  readonly setup: LiveSetup;
  /** For errors. */
  readonly sessionId: string;
  /** For the whole handshake, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly events: ConnectionEvents;
}

/** An open connection. {@link openConnection} makes it, so that a half-open one is never seen. */
export interface LiveConnection {
  readonly bufferedAmount: number;
  /** Where its socket is, if a worker has it. */
  readonly inWorker?: SocketInWorker | undefined;
  /** Hands a message's text to the socket. Does nothing once the connection is closing. */
  send(wire: string): void;
  /** Closes with 1000; resolves when the close is confirmed, after 2 s at the latest. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a socket, sends the setup as its first frame and waits for `setupComplete`.
 *
 * Rejects with {@link AIError}: `fetch-error` where no connection came about; `response-error` where the server
 * closed (with `closeCode` and `closeReason`), answered something else, or did not answer in time; `request-error`
 * when `signal` ended it. The socket is closed then; nothing is left open.
 */
export function openConnection(options: ConnectionOptions): Promise<LiveConnection> {
  return new Promise((resolve, reject) => {
    const connection = new Connection(options, { resolve, reject });
    connection.start();
  });
}

interface Settle {
  readonly resolve: (connection: LiveConnection) => void;
  readonly reject: (error: AIError) => void;
}

class Connection implements LiveConnection {
  readonly #options: ConnectionOptions;
  readonly #settle: Settle;
  #socket: LiveSocket | undefined;
  #phase: 'connecting' | 'setup' | 'open' | 'closing' | 'closed' = 'connecting';
  #stopTimer: () => void = () => {};
  /** Frames that wait for a Blob before them. */
  #decoding: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #confirmClose: () => void = () => {};

  constructor(options: ConnectionOptions, settle: Settle) {
    this.#options = options;
    this.#settle = settle;
  }

  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  get inWorker(): SocketInWorker | undefined {
    return this.#socket?.inWorker;
  }

  start(): void {
    const { openSocket, address, clock, timeoutMs, signal } = this.#options;
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#stopTimer = clock.after(timeoutMs, () => {
      const seconds = Math.round(timeoutMs / 1_000);
      if (this.#phase === 'connecting')
        this.#fail('fetch-error', `The socket did not open within ${seconds} s: check the network.`);
      else
        this.#fail(
          'response-error',
          `The server did not answer the setup within ${seconds} s: connect again.`,
        );
    });
    try {
      this.#socket = openSocket(address.url, address.protocols, {
        opened: () => this.#opened(),
        frame: (data, heard) => this.#frame(data, heard),
        failed: () => this.#failed(),
        closed: (code, reason) => this.#inOrder(() => this.#closed({ code, reason: closeWords(reason) })),
        warned: (message) => this.#options.events.warned?.(message),
      });
    } catch (cause) {
      // The runtime's message may quote the address, and with it the token.
      if (cause instanceof AIError) this.#reject(cause);
      else this.#fail('fetch-error', 'The socket could not be opened.');
    }
  }

  send(wire: string): void {
    if (this.#phase === 'open') this.#socket?.send(wire);
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      if (this.#phase === 'closed') return resolve();
      this.#phase = 'closing';
      const stop = this.#options.clock.after(CLOSE_WAIT_MS, () =>
        this.#closed({ code: ABNORMAL, reason: '' }),
      );
      this.#confirmClose = () => {
        stop();
        resolve();
      };
      this.#socket?.close(NORMAL_CLOSE, 'Client closed session.');
    });
    return this.#closing;
  }

  #opened(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'setup';
    this.#socket?.send(encodeClientMessage({ setup: this.#options.setup }));
  }

  #failed(): void {
    // Once open, the close that follows an error says more.
    if (this.#phase === 'connecting')
      this.#fail('fetch-error', 'The socket did not open: check the network, and connect-src of the page.');
  }

  #frame(data: unknown, heard: number | undefined): void {
    if (typeof data === 'string') this.#inOrder(() => this.#text(data, heard));
    else if (data instanceof ArrayBuffer) this.#inOrder(() => this.#text(new TextDecoder().decode(data)));
    else if (typeof Blob !== 'undefined' && data instanceof Blob) this.#decode(data);
    else this.#inOrder(() => this.#unreadable('a frame of an unknown type'));
  }

  #decode(blob: Blob): void {
    const before = this.#decoding ?? Promise.resolve();
    this.#queue(
      before
        .then(() => blob.text())
        .then(
          (text) => this.#text(text),
          () => this.#unreadable('a Blob that could not be read'),
        ),
    );
  }

  #queue(decoding: Promise<void>): void {
    const queued = decoding.finally(() => {
      if (this.#decoding === queued) this.#decoding = undefined;
    });
    this.#decoding = queued;
  }

  /** Runs at once, or after the Blobs that came before: a late one must not overtake them, nor the close. */
  #inOrder(run: () => void): void {
    if (this.#decoding) this.#queue(this.#decoding.then(run));
    else run();
  }

  #text(text: string, heard?: number): void {
    if (this.#phase === 'closed' || this.#phase === 'connecting') return;
    let message: ServerMessage;
    try {
      // Usage is read by who sums it: with the session's keeper.
      message = readServerMessage(text, (usage) => usage as UsageMetadata);
    } catch (error) {
      this.#unreadable(error instanceof ProtocolError ? error.code : 'a frame that could not be read');
      return;
    }
    if (heard !== undefined) markHeard(message, heard);
    if (this.#phase === 'setup') this.#answered(message, text.length);
    else this.#options.events.message(message, text.length);
  }

  #answered({ setupComplete, ...rest }: ServerMessage, bytes: number): void {
    if (!setupComplete) {
      this.#unreadable('something else than setupComplete');
      return;
    }
    this.#phase = 'open';
    this.#release();
    this.#settle.resolve(this);
    if (Object.keys(rest).length > 0) this.#options.events.message(rest, bytes);
  }

  #unreadable(what: string): void {
    if (this.#phase === 'setup')
      this.#fail('response-error', `The server's first message was not what it must be: ${what}.`);
    else if (this.#phase !== 'closed') this.#options.events.skipped(what);
  }

  #closed(by: ClosedBy): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'connecting' || this.#phase === 'setup') {
      this.#closedEarly(by);
      return;
    }
    this.#phase = 'closed';
    this.#confirmClose();
    this.#options.events.closed(by);
  }

  #closedEarly({ code, reason }: ClosedBy): void {
    const detail = `code ${code}${reason === '' ? '' : `: ${reason}`}`;
    this.#fail(
      code === ABNORMAL ? 'fetch-error' : 'response-error',
      `The server closed the socket before the session began (${detail}).`,
      { closeCode: code, closeReason: reason },
    );
  }

  readonly #onAbort = (): void => this.#fail('request-error', ABANDONED);

  #fail(code: AIErrorCode, message: string, data?: CustomErrorData): void {
    this.#reject(new AIError(code, message, { ...data, sessionId: this.#options.sessionId }));
  }

  /** Ends the handshake. */
  #reject(error: AIError): void {
    if (this.#phase !== 'connecting' && this.#phase !== 'setup') return;
    this.#phase = 'closed';
    this.#release();
    try {
      this.#socket?.close(NORMAL_CLOSE, '');
    } catch {
      // It never opened; there is nothing to close.
    }
    this.#settle.reject(error);
  }

  #release(): void {
    this.#stopTimer();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}
