import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** What a client sent, byte for byte. */
export interface Capture {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly host: string;
  /** Text of every WebSocket message, in order. */
  readonly frames: readonly string[];
  /** Path and query of every WebSocket upgrade. */
  readonly upgrades: readonly string[];
  /** Every HTTP request with its body. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  /** Resolves when `count` frames have come. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A server that takes anything down and answers just enough for a client to go on: `setupComplete`, a token name. */
export async function startCapture(): Promise<Capture> {
  const frames: string[] = [];
  const upgrades: string[] = [];
  const requests: Capture['requests'][number][] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"name":"auth_tokens/captured"}');
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    upgrades.push(request.url ?? '');
    socket.on('message', (data: Buffer) => {
      frames.push(data.toString());
      if (data.toString().startsWith('{"setup"'))
        socket.send(Buffer.from('{"setupComplete":{}}'), { binary: true });
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    frames,
    upgrades,
    requests,
    async until(count) {
      while (frames.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
