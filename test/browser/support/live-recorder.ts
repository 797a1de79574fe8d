/** A Live server that notes when frames of the microphone come, and says what a test gives it, when it gives it. */
import type { AddressInfo } from 'node:net';
import { decodeClientMessage } from '@livegate/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

/** A frame of the microphone: when it came, in ms of the epoch, its length on the wire and its samples. */
export interface Arrival {
  readonly at: number;
  readonly wireBytes: number;
  readonly pcm: Uint8Array;
}

/** A running server. */
export interface LiveRecorder {
  /** `host:port`. */
  readonly host: string;
  readonly arrivals: Arrival[];
  /** Kinds of all other messages, in order, with how many frames had come before. */
  readonly others: { readonly kind: string; readonly after: number }[];
  readonly sockets: number;
  /** Sends base64 chunks of 24 kHz PCM, each at its time, in ms from now; then that the turn is complete. */
  speak(chunks: readonly string[], times: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** Begins to listen. */
export async function startLiveRecorder(): Promise<LiveRecorder> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((listening) => server.once('listening', () => listening()));
  const arrivals: Arrival[] = [];
  const others: { kind: string; after: number }[] = [];
  let last: WebSocket | undefined;
  let sockets = 0;
  server.on('connection', (socket) => {
    last = socket;
    sockets++;
    socket.on('message', (data: Buffer) => {
      const at = performance.timeOrigin + performance.now();
      const message = decodeClientMessage(data.toString());
      const audio = 'realtimeInput' in message ? message.realtimeInput.audio : undefined;
      if ('setup' in message) socket.send('{"setupComplete":{}}');
      else if (audio)
        arrivals.push({ at, wireBytes: data.length + 8, pcm: Buffer.from(audio.data, 'base64') });
      else {
        const [kind = ''] = Object.keys('realtimeInput' in message ? message.realtimeInput : message);
        others.push({ kind, after: arrivals.length });
      }
    });
  });
  const say = (serverContent: object): void => last?.send(JSON.stringify({ serverContent }));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    others,
    get sockets() {
      return sockets;
    },
    async speak(chunks, times) {
      const start = performance.now();
      for (const [at, data] of chunks.entries()) {
        const wait = start + (times[at] ?? 0) - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        say({ modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }] } });
      }
      say({ turnComplete: true });
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => closed());
      }),
  };
}
