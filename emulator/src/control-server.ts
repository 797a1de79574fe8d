/**
 * The control API and the live page over HTTP.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { INPUT_SAMPLE_RATE_HZ, isDeeperThan, isObject, MOST_DEPTH, ProtocolError } from '@livegate/protocol';
import { CONTROL_HANDLERS, type ControlContext, sessionOf } from './control.ts';
import {
  type ControlAccessRules,
  type ControlCaller,
  refusalOfCall,
  refusalOfOrigin,
  refusalOfPlace,
} from './control-access.ts';
import {
  CONTROL_CALLS,
  CONTROL_PATH,
  type ControlCallName,
  eventFilter,
  PAGE_PATH,
} from './control-calls.ts';
import { CONTROL_ERRORS, type ControlErrorCode, isControlErrorCode } from './control-errors.ts';
import { jsonOf } from './control-shapes.ts';
import { type EventSink, pourEvents } from './control-stream.ts';
import { EmulatorError } from './errors.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LogSink } from './log.ts';
import { PAGE_HEADERS, pageFile } from './page-files.ts';
import { writeWav } from './speech-wav.ts';

/** Largest body, in bytes: minutes of speech in an answer. Ours. */
const MAX_BODY_BYTES = 16 * 1_048_576;

/** What is said to who is refused for who or where they are. Names nothing of the emulator's. */
const ACCESS_MESSAGES: Partial<Record<ControlErrorCode, string>> = {
  'remote-caller': 'The control API is for callers on this machine.',
  'foreign-host': 'The Host of this request does not name this emulator.',
  'foreign-origin': 'Pages of this origin may not use the control API.',
  unauthorized: 'The control token is missing or wrong.',
};

/** What the control API needs. */
export interface ControlSurroundings {
  readonly emulator: LiveEmulator;
  readonly rules: ControlAccessRules;
  readonly log: LogSink;
}

/** Answers requests under `/livegate/`, health apart. */
export class ControlServer {
  readonly #around: ControlSurroundings;

  constructor(around: ControlSurroundings) {
    this.#around = around;
  }

  /** Answers the request if it is for the control API or the page, and says whether it was. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request);
    if (path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`))
      this.#settle(response, this.#answerCall(request, response));
    else if (path === PAGE_PATH.slice(0, -1)) response.writeHead(308, { location: PAGE_PATH }).end();
    else if (path.startsWith(PAGE_PATH) && path !== `${PAGE_PATH}health`)
      this.#settle(response, this.#answerPage(request, response));
    else return false;
    return true;
  }

  #settle(response: ServerResponse, answered: Promise<void>): void {
    answered.catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else this.#refuse(response, error);
    });
  }

  async #answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    admit(refusalOfPlace(callerOf(request), this.#around.rules));
    const file = await pageFile(pathOf(request).slice(PAGE_PATH.length));
    if (!file) throw new EmulatorError('route-not-found', 'There is nothing here.');
    if (request.method !== 'GET') throw new EmulatorError('method-not-allowed', 'A page is read with GET.');
    response.writeHead(200, { ...PAGE_HEADERS, 'content-type': file.type }).end(file.body);
  }

  async #answerCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { rules, emulator } = this.#around;
    const caller = callerOf(request);
    admit(refusalOfPlace(caller, rules) ?? refusalOfOrigin(caller, rules));
    const { origin } = caller;
    if (origin !== undefined && rules.controlOrigins.includes(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'Origin');
      if (request.method === 'OPTIONS') return preflight(request, response);
    }
    admit(refusalOfCall(caller, rules));
    const signal = goneSignal(response);
    const path = pathOf(request).slice(CONTROL_PATH.length) || '/';
    const query = Object.fromEntries(addressOf(request).searchParams);
    const [, audioOf] = /^\/sessions\/([^/]+)\/audio\.wav$/.exec(path) ?? [];
    if (request.method === 'GET' && path === '/events')
      this.#stream(response, query, {
        signal,
        isSse: /text\/event-stream/.test(request.headers.accept ?? ''),
      });
    else if (request.method === 'GET' && audioOf !== undefined)
      sendAudio(response, { emulator, id: idOf(audioOf), signal });
    else {
      const { name, id } = findCall(request.method ?? '', path);
      const given = request.method === 'GET' ? query : await jsonBody(request);
      sendJson(response, 200, await this.#do(name, given, { emulator, id, signal }));
    }
  }

  #do(name: ControlCallName, given: unknown, context: ControlContext): unknown {
    const read = CONTROL_CALLS[name].request(given, '', 'reject');
    // The table gives each handler what its own shape has read; the compiler does not see that name is one and the same.
    return (CONTROL_HANDLERS[name] as (request: unknown, context: ControlContext) => unknown)(read, context);
  }

  #stream(
    response: ServerResponse,
    query: unknown,
    { signal, isSse }: { readonly signal: AbortSignal; readonly isSse: boolean },
  ): void {
    const filter = eventFilter(query, '', 'reject');
    response.writeHead(200, {
      'content-type': isSse ? 'text/event-stream' : 'application/x-ndjson',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.flushHeaders();
    const sink: EventSink = {
      write: (event) => {
        const id = 'entry' in event ? `id: ${event.entry.seq}\n` : '';
        const text = JSON.stringify(event);
        response.write(isSse ? `${id}data: ${text}\n\n` : `${text}\n`);
      },
      alive: () => response.write(isSse ? ':\n\n' : '\n'),
      get waitingBytes() {
        return response.writableLength;
      },
      end: () => response.end(),
    };
    const stop = pourEvents(this.#around.emulator, filter, sink);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }

  #refuse(response: ServerResponse, error: unknown): void {
    const code = codeOf(error);
    const { status, remedy } = CONTROL_ERRORS[code];
    const message = code === 'internal' || !(error instanceof Error) ? 'The call failed.' : error.message;
    if (code === 'internal') {
      const { log } = this.#around;
      log('error', `a control call failed: ${error instanceof Error ? error.name : typeof error}`);
      log('debug', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    // A body that was not read must not be taken for the next request; nor may a client repeat a wait by itself (408).
    response.setHeader('connection', 'close');
    sendJson(response, status, { error: { code, message, remedy } });
  }
}

function codeOf(error: unknown): ControlErrorCode {
  if (error instanceof ProtocolError) return 'invalid-request';
  if (!(error instanceof EmulatorError)) return 'internal';
  if (error.code === 'invalid-option' || error.code === 'invalid-fault') return 'invalid-request';
  return isControlErrorCode(error.code) ? error.code : 'internal';
}

function admit(refusal: ControlErrorCode | undefined): void {
  if (refusal !== undefined) throw new EmulatorError(refusal, ACCESS_MESSAGES[refusal] ?? 'Refused.');
}

function callerOf({ socket, headers }: IncomingMessage): ControlCaller {
  return {
    remoteAddress: socket.remoteAddress,
    scheme: 'encrypted' in socket ? 'https' : 'http',
    port: socket.localPort,
    host: headers.host,
    origin: headers.origin,
    authorization: headers.authorization,
  };
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  return URL.canParse(url, 'http://localhost')
    ? new URL(url, 'http://localhost')
    : new URL('http://localhost');
}

function pathOf(request: IncomingMessage): string {
  return addressOf(request).pathname;
}

/** Aborted once the caller is gone, or has had its answer. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
  const wantsPrivate = request.headers['access-control-request-private-network'] === 'true';
  response
    .writeHead(204, {
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
      ...(wantsPrivate && { 'access-control-allow-private-network': 'true' }),
    })
    .end();
}

const MATCHERS = (Object.keys(CONTROL_CALLS) as readonly ControlCallName[]).map((name) => {
  const { method, path } = CONTROL_CALLS[name];
  return { name, method, form: new RegExp(`^${path.replace(':id', '([^/]+)')}$`) };
});

function findCall(method: string, path: string): { readonly name: ControlCallName; readonly id: string } {
  const there = MATCHERS.filter(({ form }) => form.test(path));
  if (there.length === 0) throw new EmulatorError('route-not-found', 'The control API has no such route.');
  const found = there.find((each) => each.method === method);
  if (!found) {
    const methods = there.map((each) => each.method).join(' or ');
    throw new EmulatorError('method-not-allowed', `This route takes ${methods}.`);
  }
  return { name: found.name, id: idOf(found.form.exec(path)?.[1] ?? '') };
}

function idOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'DELETE') return {};
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new EmulatorError('media-type', 'The body must be JSON, and say so.');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to the end all the same: who stops early resets the connection, and the refusal is lost.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES)
    throw new EmulatorError('body-too-large', `The body holds more than ${MAX_BODY_BYTES} bytes.`);
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    if (isObject(value) && !isDeeperThan(value, MOST_DEPTH)) return value;
  } catch (cause) {
    throw new EmulatorError('invalid-json', 'The body is not JSON.', { cause });
  }
  throw new EmulatorError(
    'invalid-json',
    `The body is not a JSON object, or more than ${MOST_DEPTH} levels deep.`,
  );
}

function sendAudio(response: ServerResponse, context: ControlContext): void {
  const { id } = sessionOf(context);
  const samples = context.emulator.receivedAudio(id);
  if (samples.length === 0 && context.emulator.options().captureAudio !== true)
    throw new EmulatorError('audio-not-kept', 'The audio of this session was not kept.');
  response
    .writeHead(200, { 'content-type': 'audio/wav', 'cache-control': 'no-store' })
    .end(writeWav({ samples, rateHz: INPUT_SAMPLE_RATE_HZ }));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(jsonOf(body));
}
