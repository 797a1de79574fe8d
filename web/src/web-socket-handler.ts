/**
 * The browser's WebSocket behind an interface of our own: the only file that says `WebSocket`.
 * @module
 */

/** The socket as the live worker knows it, for sound that does not come by the page. */
export interface SocketInWorker {
  readonly worker: object;
  readonly socket: number;
}

/** An open or opening socket. */
export interface LiveSocket {
  /** Bytes handed over and not yet on the network. */
  readonly bufferedAmount: number;
  /** Where it is, if a worker has it. */
  readonly inWorker?: SocketInWorker | undefined;
  send(text: string): void;
  /** Starts the close; {@link LiveSocketEvents.closed} follows. Codes a browser may send: 1000, 3000–4999. */
  close(code: number, reason: string): void;
}

/** What a socket tells. `closed` comes once and last. */
export interface LiveSocketEvents {
  opened(): void;
  /** One frame as it came: text, `ArrayBuffer` or `Blob`. `heard`: its sound was seen to, under that number. */
  frame(data: unknown, heard?: number): void;
  failed(): void;
  closed(code: number, reason: string): void;
  /** Something to tell developers: it works, but not as well as it could. */
  warned?(message: string): void;
}

/** Opens a socket. Tests and other transports give their own. */
export type LiveSocketFactory = (
  url: string,
  protocols: readonly string[],
  events: LiveSocketEvents,
) => LiveSocket;

/** Opens the runtime's WebSocket, of a page, a worker or Node. */
export const openWebSocket: LiveSocketFactory = (url, protocols, events) => {
  const socket = new WebSocket(url, [...protocols]);
  // Frames must keep their order: text() of a Blob is asynchronous, an ArrayBuffer is decoded where it stands.
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.opened();
  socket.onmessage = (message: MessageEvent<unknown>) => events.frame(message.data);
  socket.onerror = () => events.failed();
  socket.onclose = (close) => events.closed(close.code, close.reason);
  return socket;
};
