/**
 * The bench's own service: pages and their files, the Live wire, a place to hand recordings in, and enough of Auth and
 * of a callable for a page that takes the long way to its token.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Adapter } from './adapters.ts';
import { firebaseAnswer } from './backend-answers.ts';
import { epochNow, setClock } from './epoch-clock.ts';
import { LiveLine } from './live-line.ts';

/** A file to serve. */
export interface ServedFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const PATHS = { livegate: '/ws/livegate', firebase: '/ws/firebase' } as const;

/** A running server. `host` is `127.0.0.1:port`. */
export class BenchServer {
  /** Paths that were asked for since {@link BenchServer.forget}. */
  readonly asked: string[] = [];
  readonly host: string;
  readonly #http;
  readonly #files: ReadonlyMap<string, ServedFile>;
  readonly #waiting = new Map<Adapter, (line: LiveLine) => void>();
  readonly #bodies = new Map<string, Buffer>();

  private constructor(http: ReturnType<typeof createServer>, files: ReadonlyMap<string, ServedFile>) {
    this.#http = http;
    this.#files = files;
    this.host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    http.on('request', (request, response) => void this.#answer(request, response));
    const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
    sockets.on('connection', (socket, { url = '/' }) => this.#welcome(socket, url));
  }

  /** Serves these files, by path. */
  static async start(files: ReadonlyMap<string, ServedFile>): Promise<BenchServer> {
    const http = createServer();
    await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
    return new BenchServer(http, files);
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** The next connection of an adapter, once its setup is through. Ask before the page connects. */
  nextLine(adapter: Adapter): Promise<LiveLine> {
    setClock();
    return new Promise((resolve) => this.#waiting.set(adapter, resolve));
  }

  /** What a page handed in under a name; once. */
  takeBody(name: string): Buffer | undefined {
    const body = this.#bodies.get(name);
    this.#bodies.delete(name);
    return body;
  }

  /** Forgets what was asked for. */
  forget(): void {
    this.asked.length = 0;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((closed) => this.#http.close(closed));
  }

  #welcome(socket: WebSocket, url: string): void {
    const adapter: Adapter = url.startsWith(PATHS.livegate)
      ? 'livegate'
      : url.startsWith(PATHS.firebase)
        ? 'firebase'
        : 'genai';
    let line: LiveLine | undefined;
    socket.on('message', (data: Buffer) => {
      const at = epochNow();
      if (line) {
        line.take(data, at);
        return;
      }
      // The first frame is the setup.
      socket.send(Buffer.from('{"setupComplete":{}}'));
      line = new LiveLine(socket, epochNow());
      this.#waiting.get(adapter)?.(line);
      this.#waiting.delete(adapter);
    });
    socket.on('error', () => socket.terminate());
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (request.method === 'GET') this.asked.push(pathname);
    const file = request.method === 'GET' ? this.#files.get(pathname) : undefined;
    if (file) {
      response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-store' }).end(file.body);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (pathname.startsWith('/handed-in/')) {
      this.#bodies.set(pathname.slice('/handed-in/'.length), body);
      response.writeHead(204).end();
      return;
    }
    const answer = firebaseAnswer(pathname, body.toString('utf8'), { host: this.host });
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(answer ? JSON.stringify(answer) : '');
  }
}
