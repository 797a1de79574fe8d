/**
 * Stands between a client and the service, passes everything on, and writes a recording of it.
 * @module
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isDeeperThan, isObject, MOST_DEPTH } from '@livegate/protocol';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { EmulatorError } from './errors.ts';
import { listenError } from './listen-error.ts';
import type { LogSink } from './log.ts';
import { isFromHere, onwardHeaders, onwardUrl, readTarget } from './onward-request.ts';
import { LOOPBACK } from './options.ts';
import { RECORDING_VERSION, type RecordingHead, type RecordingLine, recordingText } from './recording.ts';
import { RecordingScrubber } from './recording-scrubber.ts';
import { accessTokenOf, addressOf, apiKeyOf } from './routes.ts';

/** What {@link startRecorder} takes. */
export interface RecorderOptions {
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Where the recording is written; a file that is there is refused. */
  readonly file: string;
  /** Base URL of the service. */
  readonly target: string;
  /** Goes to the service instead of the client's key. */
  readonly apiKey?: string;
  /** Keep the user's audio and pictures; else only that there were some. */
  readonly keepsVoice: boolean;
  readonly frames: 'binary' | 'text';
  readonly log: LogSink;
}

/** A running recorder. */
export interface Recorder {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Ends every session and the file. */
  close(): Promise<void>;
}

/** Why a recording cannot be made, by the system's code. */
const FILE_PROBLEMS: Readonly<Record<string, string | undefined>> = {
  EEXIST: 'is there already; name another file',
  ENOENT: 'cannot be written: its folder is not there; make it first',
  EISDIR: 'is a folder; name a file in it',
};

/**
 * Starts recording. Rejects with {@link EmulatorError} `invalid-option` where the target is no URL,
 * `invalid-recording` where the file cannot be made or is there already, `port-in-use` where another process holds the port.
 */
export async function startRecorder(given: RecorderOptions): Promise<Recorder> {
  const options = { ...given, target: readTarget(given.target) };
  const file = await open(options.file, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    const why = FILE_PROBLEMS[cause.code ?? ''] ?? `cannot be written (${cause.code ?? cause.message})`;
    throw new EmulatorError('invalid-recording', `${options.file} ${why}.`, { cause });
  });
  const recording = new Recording(file, options);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    passOn(request, response, options).catch((error: unknown) => {
      options.log(
        'warn',
        `the service did not answer: ${error instanceof Error ? error.message : String(error)}`,
      );
      response.writeHead(502).end();
    });
  });
  server.on('upgrade', (request, socket, head) =>
    dial(request, { socket, head, sockets, recording, options }),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, LOOPBACK, resolve);
    });
  } catch (cause) {
    // What holds no talk is not left behind: it would be refused at the next try.
    await recording.end();
    await rm(options.file, { force: true });
    throw listenError(cause as NodeJS.ErrnoException, { port: options.port, host: LOOPBACK });
  }
  const { port } = server.address() as AddressInfo;
  const host = `${LOOPBACK}:${port}`;
  return {
    url: `http://${host}`,
    host,
    port,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await recording.end();
    },
  };
}

/** The file being written, line by line. */
class Recording {
  readonly #file: FileHandle;
  readonly #scrubber: RecordingScrubber;
  #sessions = 0;
  #written: Promise<unknown>;

  constructor(file: FileHandle, { keepsVoice, apiKey }: Pick<RecorderOptions, 'keepsVoice' | 'apiKey'>) {
    this.#file = file;
    this.#scrubber = new RecordingScrubber({ keepsVoice });
    this.#scrubber.hide(apiKey);
    const head = { livegateRecording: RECORDING_VERSION, recordedAt: new Date().toISOString() } as const;
    this.#written = Promise.resolve();
    this.#write(head);
  }

  /** Opens a session; gives who takes what happens in it. */
  open(url: string, headers: IncomingMessage['headers']): SessionRecording {
    for (const secret of [
      apiKeyOf(url, headers),
      accessTokenOf(url, headers),
      headers.authorization?.replace(/^\S+\s+/, ''),
    ])
      this.#scrubber.hide(secret);
    const session = ++this.#sessions;
    const startedAt = performance.now();
    const at = () => ({ session, atMs: Math.round(performance.now() - startedAt) });
    this.#write({ ...at(), open: { path: this.#scrubber.text(addressOf(url).pathname) } });
    return {
      frame: (from, data) => {
        const message = objectIn(data);
        this.#write(
          message
            ? { ...at(), from, message: this.#scrubber.message(message, from) }
            : { ...at(), from, unreadableBytes: data.length },
        );
      },
      close: (by, code, reason) =>
        this.#write({ ...at(), close: { code, reason: this.#scrubber.text(reason), by } }),
    };
  }

  async end(): Promise<void> {
    await this.#written;
    await this.#file.close();
  }

  #write(line: RecordingHead | RecordingLine): void {
    this.#written = this.#written.then(() => this.#file.write(recordingText(line)));
  }
}

interface SessionRecording {
  frame(from: 'client' | 'server', data: Buffer): void;
  close(by: 'client' | 'server', code: number, reason: string): void;
}

/** Opens the way to the service first: what it refuses, the client is refused. */
function dial(
  request: IncomingMessage,
  {
    socket,
    head,
    sockets,
    recording,
    options,
  }: {
    readonly socket: Duplex;
    readonly head: Buffer;
    readonly sockets: WebSocketServer;
    readonly recording: Recording;
    readonly options: RecorderOptions;
  },
): void {
  const { url = '/', headers } = request;
  if (!isFromHere(headers)) {
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const service = new WebSocket(onwardUrl(url, options).replace(/^http/, 'ws'), {
    headers: onwardHeaders(headers, options),
  });
  socket.on('error', () => service.terminate());
  service.once('unexpected-response', (_, { statusCode = 502, statusMessage = '' }) => {
    socket.end(`HTTP/1.1 ${statusCode} ${statusMessage}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  service.on('error', (error) => {
    options.log('warn', `the service: ${error.message}`);
    if (service.readyState !== WebSocket.OPEN) socket.destroy();
  });
  service.once('open', () =>
    sockets.handleUpgrade(request, socket, head, (client) => {
      const session = recording.open(url, headers);
      join(client, {
        to: service,
        pass: (data) => session.frame('client', data),
        closed: (code, reason) => session.close('client', code, reason),
      });
      join(service, {
        to: client,
        pass: (data) => session.frame('server', data),
        closed: (code, reason) => session.close('server', code, reason),
      });
    }),
  );
}

/** What comes on one side goes out on the other, as it came. The side that closes first is the one that closed. */
function join(
  from: WebSocket,
  {
    to,
    pass,
    closed,
  }: {
    readonly to: WebSocket;
    readonly pass: (data: Buffer) => void;
    readonly closed: (code: number, reason: string) => void;
  },
): void {
  from.on('message', (data: RawData, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    pass(bytes);
    if (to.readyState === WebSocket.OPEN) to.send(bytes, { binary: isBinary });
  });
  from.on('close', (code, reason) => {
    if (to.readyState !== WebSocket.OPEN) return;
    closed(code, reason.toString());
    if (code === 1005) to.close();
    else if (code === 1006) to.terminate();
    else to.close(code, reason);
  });
  from.on('error', () => from.terminate());
}

/** Everything that is no socket (the minting of tokens) is passed on, and not recorded. */
async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  options: RecorderOptions,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  if (!isFromHere(headers)) {
    response.writeHead(403).end();
    return;
  }
  const body = await buffer(request);
  const answer = await fetch(onwardUrl(url, options), {
    method,
    headers: onwardHeaders(headers, options),
    // Followed, it would take the key along to wherever it leads.
    redirect: 'manual',
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  const answered = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
  });
  response.end(answered);
}

function objectIn(data: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(data.toString());
    return isObject(value) && !isDeeperThan(value, MOST_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}
