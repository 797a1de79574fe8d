/**
 * An open WebSocket as the emulator uses it: whole frames, broken ones, and the reading of it held up.
 * @module
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeFrame, halfFrame } from './fault-frames.ts';
import { isCloseCode } from './options.ts';

/** How much may wait for a client that does not read before it is given up, in bytes. Ours. */
const MOST_WAITING_BYTES = 64 * 1_048_576;

/** What can be done with an open socket, misuse included. */
export interface SocketWire {
  /** A whole frame of text, in the form that the options choose. Ends the connection of a client that reads none of it. */
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Ends it without a close frame. */
  cut(): void;
  /** A whole frame of any bytes. */
  sendBytes(bytes: Uint8Array): void;
  /** Half of a frame, then the end of the connection. */
  sendHalf(text: string): void;
  /** A close frame of any code; 1005 without one. */
  closeWith(code: number, reason: string): void;
  /** While false nothing is taken from the socket, and the client's own buffer fills. */
  setReading(isReading: boolean): void;
}

/** The wire of a WebSocket and the stream under it. */
export function socketWire(webSocket: WebSocket, stream: Duplex, frames: 'binary' | 'text'): SocketWire {
  return {
    send(text) {
      if (webSocket.bufferedAmount > MOST_WAITING_BYTES) webSocket.terminate();
      else webSocket.send(frames === 'binary' ? Buffer.from(text) : text);
    },
    close: (code, reason) => webSocket.close(code, reason),
    cut: () => webSocket.terminate(),
    sendBytes: (bytes) => webSocket.send(bytes, { binary: frames === 'binary' }),
    sendHalf: (text) => stream.write(halfFrame(Buffer.from(text), frames), () => webSocket.terminate()),
    closeWith(code, reason) {
      if (code === 1005) webSocket.close();
      else if (isCloseCode(code)) webSocket.close(code, reason);
      // The client ends it: it must fail a connection that breaks the protocol (RFC 6455, 7.1.7).
      else stream.write(closeFrame(code, reason));
    },
    setReading: (isReading) => (isReading ? webSocket.resume() : webSocket.pause()),
  };
}
