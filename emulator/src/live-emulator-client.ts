/**
 * A running emulator as another process holds it: the control API, typed.
 * @module
 */
import { isObject, ProtocolError, type Shape } from '@livegate/protocol';
import { isControlToken } from './control-access.ts';
import {
  CONTROL_CALLS,
  CONTROL_PATH,
  type ControlCallName,
  eventShape,
  LONGEST_WAIT_MS,
  type ReplyOf,
  type RequestOf,
} from './control-calls.ts';
import { isControlErrorCode } from './control-errors.ts';
import type { EntryFilter, EventFilter, LiveEvent, LiveFinding, LiveQuery } from './control-query.ts';
import { jsonOf } from './control-shapes.ts';
import { EmulatorError } from './errors.ts';
import type { JournalEntry, LiveEmulator, LiveSessionView } from './live-emulator.ts';
import { readWav } from './speech-wav.ts';

/** Where an emulator runs, and what it wants to be told. */
export interface LiveEmulatorAddress {
  /** Its `url`, such as `http://127.0.0.1:9910`. Default: `LIVEGATE_EMULATOR_URL` of the environment, as `exec` sets it. */
  readonly url?: string;
  /** Its `controlToken`. Default: `LIVEGATE_CONTROL_TOKEN` of the environment. */
  readonly controlToken?: string;
}

type Alike =
  | 'sessions'
  | 'receivedAudio'
  | 'goAway'
  | 'drop'
  | 'inject'
  | 'answerWith'
  | 'answers'
  | 'fault'
  | 'faults'
  | 'clearFaults'
  | 'options'
  | 'setOptions'
  | 'now'
  | 'clockOffset'
  | 'advanceClock'
  | 'reset';

type Remotely<Method> = Method extends (...given: infer Given) => infer Result
  ? (...given: Given) => Promise<Awaited<Result>>
  : never;

/**
 * The emulator's methods, each a promise; what they mean stands at {@link LiveEmulator}. All reject with
 * {@link EmulatorError}: the codes of the control API, `unreachable`, `unexpected-answer`.
 */
export type LiveEmulatorClient = { readonly [K in Alike]: Remotely<LiveEmulator[K]> } & {
  readonly url: string;
  /** `host:port`. */
  readonly host: string;
  /** What happened, oldest first: of one session, or what a filter lets through. */
  journal(filter?: string | EntryFilter): Promise<readonly JournalEntry[]>;
  /**
   * Waits in the emulator for what a query asks for, or here for the first value of `read` that is neither `undefined` nor
   * `false`, given the sessions anew after everything that happens. Rejects with `timeout` after `timeoutMs` (default
   * 5,000, a query's at most 240,000).
   */
  waitFor(query: LiveQuery, timeoutMs?: number): Promise<LiveFinding>;
  waitFor<T>(
    read: (sessions: readonly LiveSessionView[]) => T | undefined | false,
    timeoutMs?: number,
  ): Promise<T>;
  /** What happens, as it happens, after what there is already; ends with the signal, or `{ behind: true }`. */
  events(filter?: EventFilter, signal?: StopSignal): AsyncIterable<LiveEvent>;
};

/** An `AbortSignal`, as far as it is needed. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** How long `waitFor` waits where nothing else is said, in ms. */
const WAIT_MS = 5_000;

/**
 * Takes hold of a running emulator. Rejects with {@link EmulatorError} `unreachable` where none answers, `unauthorized`
 * where the token is not its own, `invalid-option` where address or token are missing.
 */
export async function connectLiveEmulator(address: LiveEmulatorAddress = {}): Promise<LiveEmulatorClient> {
  const line = new ControlLine(address);
  await line.call('info', {});
  return clientOf(line);
}

/** The same without asking whether anybody is there: the first call finds out. Throws `invalid-option`. */
export function liveEmulatorClient(address: LiveEmulatorAddress = {}): LiveEmulatorClient {
  return clientOf(new ControlLine(address));
}

function clientOf(line: ControlLine): LiveEmulatorClient {
  return {
    url: line.url.origin,
    host: line.url.host,
    sessions: async () => (await line.call('sessions', {})).sessions,
    journal: async (filter = {}) =>
      (await line.call('journal', typeof filter === 'string' ? { sessionId: filter } : filter)).entries,
    receivedAudio: (sessionId) => line.audio(sessionId),
    goAway: (sessionId, timeLeftMs) =>
      isDone(line.call('goAway', timeLeftMs === undefined ? {} : { timeLeftMs }, sessionId)),
    drop: (sessionId, code, reason) =>
      isDone(
        line.call(
          'drop',
          { ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) },
          sessionId,
        ),
      ),
    inject: (sessionId, message) => isDone(line.call('inject', { message }, sessionId)),
    answerWith: async (answer, scope) => {
      await line.call('answerWith', { ...scope, ...(answer && { answer }) });
    },
    answers: async () => (await line.call('answers', {})).answers,
    fault: async (rule) => (await line.call('fault', { rule })).id,
    faults: async () => (await line.call('faults', {})).faults,
    clearFaults: async () => {
      await line.call('clearFaults', {});
    },
    options: () => line.call('options', {}),
    setOptions: async (options) => {
      await line.call('setOptions', options);
    },
    now: async () => (await line.call('clock', {})).nowMs,
    clockOffset: async () => (await line.call('clock', {})).offsetMs,
    advanceClock: async (ms) => {
      await line.call('advanceClock', { ms });
    },
    reset: async () => {
      await line.call('reset', {});
    },
    waitFor: <T>(wanted: LiveQuery | Reader<T>, timeoutMs = WAIT_MS) =>
      typeof wanted === 'function'
        ? untilRead(line, wanted, timeoutMs)
        : (line.call('wait', { query: wanted, timeoutMs }) as Promise<never>),
    events: (filter = {}, signal) => line.events(filter, signal),
  };
}

type Reader<T> = (sessions: readonly LiveSessionView[]) => T | undefined | false;

/** Looks at the sessions, then waits for the next entry after them, until the reader sees what it is after. */
async function untilRead<T>(line: ControlLine, read: Reader<T>, timeoutMs: number): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const { sessions, lastSeq } = await line.call('sessions', {});
    const found = read(sessions);
    if (found !== undefined && found !== false) return found;
    const leftMs = Math.ceil(Math.min(endMs - performance.now(), LONGEST_WAIT_MS));
    const isOver = leftMs <= 0 || !(await comes(line, lastSeq, leftMs));
    if (isOver && performance.now() >= endMs)
      throw new EmulatorError(
        'timeout',
        `Nothing was seen within ${timeoutMs} ms; the sessions are ${JSON.stringify(sessions.map(brief))}.`,
      );
  }
}

async function comes(line: ControlLine, since: number, timeoutMs: number): Promise<boolean> {
  try {
    await line.call('wait', { query: { entry: { since } }, timeoutMs });
    return true;
  } catch (error) {
    if (error instanceof EmulatorError && error.code === 'timeout') return false;
    throw error;
  }
}

function brief({ id, state, model, turns, closeCode }: LiveSessionView): object {
  return { id, state, model, turns, closeCode };
}

/** False for a session that is not there or over, as the emulator's own methods say it. */
async function isDone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof EmulatorError && ['session-not-found', 'session-closed'].includes(error.code))
      return false;
    throw error;
  }
}

/** What to do where the emulator's address is not known. */
const ADDRESS_REMEDY =
  'livegate-emulator exec sets both for its command; else give { url, controlToken } as start --json prints them.';

/** Requests and answers. */
class ControlLine {
  readonly url: URL;
  readonly #controlToken: string;

  constructor({
    url = process.env.LIVEGATE_EMULATOR_URL ?? '',
    controlToken = process.env.LIVEGATE_CONTROL_TOKEN ?? '',
  }: LiveEmulatorAddress) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new EmulatorError(
        'invalid-option',
        `url must be the emulator’s, such as http://127.0.0.1:9910. ${ADDRESS_REMEDY}`,
      );
    if (!isControlToken(controlToken))
      throw new EmulatorError(
        'invalid-option',
        `controlToken must be the one that the emulator has. ${ADDRESS_REMEDY}`,
      );
    this.url = new URL(url);
    this.#controlToken = controlToken;
  }

  async call<K extends ControlCallName>(name: K, request: RequestOf<K>, id = ''): Promise<ReplyOf<K>> {
    const { method, path, reply } = CONTROL_CALLS[name];
    const at = path.replace(':id', encodeURIComponent(id));
    const response = await (method === 'GET'
      ? this.#fetch(`${at}?${queryOf(request)}`, {})
      : this.#fetch(at, {
          method,
          ...(method === 'POST' && {
            body: jsonOf(request),
            headers: { 'content-type': 'application/json' },
          }),
        }));
    return readAs(reply as Shape<ReplyOf<K>>, await jsonOfReply(response));
  }

  async audio(sessionId: string): Promise<Int16Array> {
    try {
      const response = await this.#fetch(`/sessions/${encodeURIComponent(sessionId)}/audio.wav`, {});
      const bytes = new Uint8Array(await response.arrayBuffer());
      return readWav(bytes).samples;
    } catch (error) {
      const nothing = ['audio-not-kept', 'session-not-found'];
      if (error instanceof EmulatorError && nothing.includes(error.code)) return new Int16Array();
      throw error;
    }
  }

  async *events(filter: EventFilter, stop: StopSignal | undefined): AsyncGenerator<LiveEvent> {
    const gone = new AbortController();
    stop?.addEventListener('abort', () => gone.abort());
    if (stop?.aborted) return;
    try {
      const response = await this.#fetch(`/events?${queryOf(filter)}`, { signal: gone.signal });
      let rest = '';
      for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield readAs(eventShape, JSON.parse(line));
      }
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      gone.abort();
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#controlToken}` };
    const response = await fetch(`${this.url.origin}${CONTROL_PATH}${path}`, { ...init, headers }).catch(
      (cause: unknown) => {
        throw new EmulatorError(
          'unreachable',
          `No emulator answers at ${this.url.origin}: start it, or correct the URL.`,
          { cause },
        );
      },
    );
    if (!response.ok) throw refusalOf(await jsonOfReply(response));
    return response;
  }
}

const OTHER_SERVER = 'Does the URL lead to an emulator, of the same version?';

function queryOf(request: object): URLSearchParams {
  return new URLSearchParams(
    Object.entries(request).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)] as [string, string]],
    ),
  );
}

async function jsonOfReply(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new EmulatorError(
      'unexpected-answer',
      `The answer (${response.status}) is not JSON. ${OTHER_SERVER}`,
      {
        cause,
      },
    );
  }
}

function refusalOf(body: unknown): EmulatorError {
  const error = isObject(body) ? body.error : undefined;
  const { code, message, remedy } = isObject(error) ? error : {};
  return isControlErrorCode(code)
    ? new EmulatorError(code, `${String(message)} ${String(remedy)}`)
    : new EmulatorError('unexpected-answer', `The refusal is not one of a Live emulator. ${OTHER_SERVER}`);
}

function readAs<T>(shape: Shape<T>, value: unknown): T {
  try {
    return shape(value, '', 'keep');
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new EmulatorError('unexpected-answer', `${cause.message} ${OTHER_SERVER}`, { cause });
  }
}
