/**
 * HTTP and WebSocket on one port, over TLS where told: the one file that knows sockets. What is said on them is decided elsewhere.
 * @module
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { CLOSE_CODE, isDeeperThan, MOST_DEPTH } from '@livegate/protocol';
import { WebSocketServer } from 'ws';
import type { Door } from './faulty-door.ts';
import { GoogleError } from './google-error.ts';
import { listenError } from './listen-error.ts';
import { createServer, STATUS_CODES } from './node-http.ts';
import { accessTokenOf, apiKeyOf, type Headers, type Route, routeOf } from './routes.ts';
import { type SocketWire, socketWire } from './socket-wire.ts';

/** Largest WebSocket message and HTTP body, in bytes; more is refused (1009 and 413). Ours. */
const MAX_MESSAGE_BYTES = 16 * 1_048_576;
const MAX_BODY_BYTES = 1_048_576;
/** How long a closing server waits for clients to answer a close frame. Ours. */
const GOODBYE_MS = 250;

/** Takes what comes on one socket. */
export interface SocketEnd {
  receive(text: string): void;
  gone(code: number, reason: string): void;
}

/** Answers a request that is its own, and says whether it was. */
export type RequestTaker = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Decides what is answered. */
export interface ServerHandlers {
  /** The control API and its page. */
  readonly answerControl?: RequestTaker;
  readonly frames: 'binary' | 'text';
  /** Makes a token for the body of a request and its API key; throws {@link GoogleError}. */
  mintToken(body: unknown, key: string): { readonly name: string };
  /** A socket opened on a Live route. */
  openSocket(
    route: Extract<Route, { kind: 'live' }>,
    request: { readonly url: string; readonly headers: Headers },
    wire: SocketWire,
  ): SocketEnd;
  /** Why a route is refused in plain HTTP; most sockets are let in and closed. */
  refusalOf(
    route: Exclude<Route, { kind: 'health' }>,
    request: { readonly url: string; readonly headers: Headers },
  ): GoogleError | undefined;
  /** Lets go wrong what is to go wrong before a socket opens or a token is made. */
  readonly door: Door;
  /** Something failed that should not have. */
  onError(error: unknown): void;
}

/** A listening server. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Where a server listens. */
export interface ServerAddress {
  /** 0 for a free one. */
  readonly port: number;
  readonly host: string;
  /** Serves TLS with these, and nothing without. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Listens. Rejects with {@link EmulatorError} `port-in-use`, or `invalid-option` for a host that is not this machine's. */
export async function startServer(address: ServerAddress, handlers: ServerHandlers): Promise<RunningServer> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (handlers.answerControl?.(request, response)) return;
    answerHttp(request, response, handlers).catch((error: unknown) => {
      handlers.onError(error);
      response.destroy();
    });
  };
  const server = address.tls ? createSecureServer(address.tls, answer) : createServer(answer);
  server.on('tlsClientError', (cause: NodeJS.ErrnoException) => {
    const remedy = 'Does the client trust the certificate, and speak TLS?';
    handlers.onError(
      new Error(`TLS with a client failed (${cause.code ?? cause.name}). ${remedy}`, { cause }),
    );
  });
  server.on('upgrade', (request, socket, head) => upgrade(request, socket, head, sockets, handlers));
  await listen(server, address);
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await goodbye(sockets);
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Gives clients that were sent a close frame a moment to answer it. */
async function goodbye({ clients }: WebSocketServer): Promise<void> {
  const answered = [...clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([Promise.all(answered), enough]);
  clearTimeout(timer);
}

function listen(server: Server, { port, host }: ServerAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, { port, host })));
    server.listen(port, host, resolve);
  });
}

function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  sockets: WebSocketServer,
  handlers: ServerHandlers,
): void {
  const { url = '/', headers } = request;
  const route = routeOf(url);
  socket.on('error', (error) => handlers.onError(error));
  if (route?.kind !== 'live') {
    refuse(socket, new GoogleError(404, 'Requested entity was not found.'));
    return;
  }
  handlers.door.upgrade(accessTokenOf(url, headers), socket, () => {
    const refusal = handlers.refusalOf(route, { url, headers });
    if (refusal) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const end = handlers.openSocket(
        route,
        { url, headers },
        socketWire(webSocket, socket, handlers.frames),
      );
      webSocket.on('message', (data) => {
        try {
          end.receive(data.toString());
        } catch (error) {
          // A fault of ours: it ends the session that met it, and no other.
          handlers.onError(error);
          webSocket.close(CLOSE_CODE.internal, 'Internal error encountered.');
        }
      });
      webSocket.on('close', (code, reason) => end.gone(code, reason.toString()));
      // A frame that breaks the WebSocket protocol: ws closes with the code that the RFC gives, and says so here.
      webSocket.on('error', (error) => handlers.onError(error));
    });
  });
}

/** Answers an upgrade in plain HTTP. */
function refuse(socket: Duplex, error: GoogleError): void {
  const body = JSON.stringify(error);
  socket.end(
    `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: ServerHandlers,
): Promise<void> {
  try {
    const { url = '/', headers } = request;
    const route = routeOf(url);
    const refusal =
      route && route.kind !== 'health' ? handlers.refusalOf(route, { url, headers }) : undefined;
    if (refusal) throw refusal;
    if (route?.kind === 'health' && request.method === 'GET')
      reply(response, 200, { name: 'livegate-emulator', status: 'ok' });
    else if (route?.kind === 'tokens' && request.method === 'POST')
      await answerTokens(request, response, handlers);
    else if (route === undefined) throw new GoogleError(404, 'Requested entity was not found.');
    else throw new GoogleError(405, 'Method not allowed.');
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    reply(response, error.statusCode, error.toJSON());
  }
}

async function answerTokens(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: ServerHandlers,
): Promise<void> {
  const mint = async () => handlers.mintToken(...(await tokenBody(request)));
  const token = await handlers.door.tokenRequest(request, response, mint);
  if (token) reply(response, 200, token);
}

async function tokenBody(request: IncomingMessage): Promise<readonly [body: unknown, key: string]> {
  const key = apiKeyOf(request.url ?? '/', request.headers);
  if (key === undefined)
    throw new GoogleError(
      403,
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    );
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to the end all the same: who stops early resets the connection, and the refusal is lost.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw new GoogleError(413, 'Request payload is too large.');
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  } catch (cause) {
    throw new GoogleError(400, 'Invalid JSON payload received.', { cause });
  }
  if (isDeeperThan(body, MOST_DEPTH)) throw new GoogleError(400, 'Message too deep.');
  return [body, key];
}

function reply(response: ServerResponse, statusCode: number, body: object): void {
  if (statusCode >= 400) response.setHeader('connection', 'close');
  response.writeHead(statusCode, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}
