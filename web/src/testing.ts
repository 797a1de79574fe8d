/**
 * A clock, a server and a token source that do as a test says: the seams of this package, scripted. No network, no
 * waiting.
 * @module
 */
import {
  CALLABLES_VERSION,
  type ClientMessage,
  decodeClientMessage,
  encodeServerMessage,
  type LiveSetup,
  type MintAnswer,
  type MintRequest,
  ProtocolError,
  type ReportAnswer,
  type ServerMessage,
  type UsageReport,
} from '@livegate/protocol';
import { type AI, getAI } from './ai.ts';
import { getLiveGenerativeModel } from './api.ts';
import type { Clock } from './clock.ts';
import { provideKeeping } from './keeper-loader.ts';
import type { LiveGenerativeModel, LiveOptions } from './live-generative-model.ts';
import type { LiveSession } from './live-session.ts';
import type { LiveModelParams, SessionResumptionConfig } from './live-types.ts';
import { keepSession } from './session-keeper.ts';
import type { TokenSource, UsageReporter } from './token-source.ts';
import type { LiveSocket, LiveSocketEvents, LiveSocketFactory } from './web-socket-handler.ts';

/** One turn of the event loop, so that everything that was promised has happened. */
export function settled(): Promise<void> {
  const { setImmediate: soon = setTimeout } = globalThis as { setImmediate?: (wake: () => void) => unknown };
  return new Promise((resolve) => void soon(() => resolve()));
}

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, wake: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), wake };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves on by `ms`, waking who is due in order, and lets everything that follows happen. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((each) => each !== due);
      this.#now = Math.max(this.#now, due.at);
      due.wake();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** One socket of a {@link ScriptedServer}. */
export class ScriptedSocket implements LiveSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  /** What the client sent, in order. */
  readonly received: ClientMessage[] = [];
  bufferedAmount = 0;
  closedBy: { readonly code: number; readonly reason: string } | undefined;
  readonly #events: LiveSocketEvents;
  readonly #onReceived: (message: ClientMessage) => void;
  readonly #confirmsClose: () => boolean;

  constructor(options: {
    readonly url: string;
    readonly protocols: readonly string[];
    readonly events: LiveSocketEvents;
    readonly confirmsClose: () => boolean;
    readonly onReceived: (socket: ScriptedSocket, message: ClientMessage) => void;
  }) {
    this.url = options.url;
    this.protocols = options.protocols;
    this.#events = options.events;
    this.#confirmsClose = options.confirmsClose;
    this.#onReceived = (message) => options.onReceived(this, message);
  }

  /** The first frame. */
  get setup(): LiveSetup | undefined {
    const first = this.received[0];
    return first && 'setup' in first ? first.setup : undefined;
  }

  /** As the service does, closes with 1007 on what the protocol does not know; a socket throws nothing at its app. */
  send(text: string): void {
    const message = read(text);
    if (message instanceof ProtocolError) {
      queueMicrotask(() => this.end(1007, message.message));
      return;
    }
    this.received.push(message);
    this.#onReceived(message);
  }

  close(code: number, reason: string): void {
    // As a browser does: only these may be sent.
    if (code !== 1000 && (code < 3000 || code > 4999)) throw new DOMException('code', 'InvalidAccessError');
    if (this.closedBy) return;
    this.closedBy = { code, reason };
    if (this.#confirmsClose()) queueMicrotask(() => this.#events.closed(code, reason));
  }

  /** The connection is there. */
  open(): void {
    this.#events.opened();
  }

  /** The server says something. */
  say(message: ServerMessage): void {
    this.#events.frame(encodeServerMessage(message));
  }

  /** The server sends a frame, whatever it is. */
  frame(data: unknown): void {
    this.#events.frame(data);
  }

  /** The runtime reports an error. */
  fail(): void {
    this.#events.failed();
  }

  /** The server closes, or the network breaks. */
  end(code: number, reason = ''): void {
    if (this.closedBy) return;
    this.closedBy = { code, reason };
    this.#events.closed(code, reason);
  }
}

/** What a {@link ScriptedServer} does about a new socket. `ready`: opens and answers the setup at once. */
export type Welcome = 'ready' | 'silent' | 'open-only' | ((socket: ScriptedSocket) => void);

function read(text: string): ClientMessage | ProtocolError {
  try {
    return decodeClientMessage(text);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** A Live server in the same process. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  /** What happens to the next sockets, one each; then `ready`. */
  readonly welcomes: Welcome[] = [];
  /** Whether a client's close is answered. */
  confirmsClose = true;
  /** Told every message of every client, setups too. */
  onMessage: (socket: ScriptedSocket, message: ClientMessage) => void = () => {};

  /** For `options.webSocket`. */
  readonly openSocket: LiveSocketFactory = (url, protocols, events) => {
    const welcome = this.welcomes.shift() ?? 'ready';
    const socket = new ScriptedSocket({
      url,
      protocols,
      events,
      confirmsClose: () => this.confirmsClose,
      onReceived: (from, message) => {
        if (welcome === 'ready' && 'setup' in message) queueMicrotask(() => from.say({ setupComplete: {} }));
        this.onMessage(from, message);
      },
    });
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (welcome === 'ready' || welcome === 'open-only') socket.open();
      else if (welcome !== 'silent') welcome(socket);
    });
    return socket;
  };

  /** The newest socket. Throws where there is none. */
  get last(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket was opened.');
    return socket;
  }
}

/** A refusal as `firebase/functions` throws it. */
export function refusal(status: string, details: object): Error {
  return Object.assign(new Error(`Refused: ${status}.`), { code: `functions/${status}`, details });
}

/**
 * Hands out tokens that say what they are, with the set-up that was asked for at the last start, as under a policy that
 * lets the page ask for anything. Times run with the clock, from an epoch of its own. */
export class ScriptedTokens {
  readonly requests: MintRequest[] = [];
  readonly reports: UsageReport[] = [];
  /** What the next requests throw, one each; `undefined` lets one through. */
  readonly refusals: (Error | undefined)[] = [];
  /** Laid over every answer. */
  answer: Partial<MintAnswer> = {};
  reportAnswer: Partial<ReportAnswer> = {};
  leaseSeconds: number;
  readonly #clock: Clock;
  readonly #epoch = 1_700_000_000_000;
  #made = 0;
  #index = -1;
  #setup: MintAnswer['setup'] = { model: 'models/gemini-3.8-live' };

  constructor(options: { readonly clock: Clock; readonly leaseSeconds?: number }) {
    this.#clock = options.clock;
    this.leaseSeconds = options.leaseSeconds ?? 120;
  }

  /** For `options.tokenSource`. */
  readonly source: TokenSource = async (request) => {
    this.requests.push(request);
    const refused = this.refusals.shift();
    if (refused) throw refused;
    if (request.op === 'start') this.#setup = { ...request.setup, model: `models/${request.model}` };
    const serial = String(++this.#made).padStart(4, '0');
    if (request.op !== 'remint') this.#index++;
    const serverTime = this.#epoch + this.#clock.now();
    const length = this.leaseSeconds * 1_000;
    const expiresAt = serverTime + length;
    return {
      v: CALLABLES_VERSION,
      sessionId: 'session-0001',
      leaseId: `lease-${serial}`,
      leaseIndex: this.#index,
      connectionId: `connection-${serial}`,
      serverTime,
      expiresAt,
      renewAfter: length < 60_000 ? serverTime + length / 2 : expiresAt - 30_000,
      startBy: Math.min(serverTime + 60_000, expiresAt),
      route: 'direct',
      socket: {
        url: 'wss://generativelanguage.googleapis.com/ws/constrained',
        auth: { kind: 'query', name: 'access_token', value: `auth_tokens/${serial}` },
      },
      setup: this.#setup,
      openFields: ['sessionResumption'],
      report: { everySeconds: 120, transcripts: false },
      quotaLeft: { daySeconds: 600, monthSeconds: null },
      clientMin: 1,
      ...this.answer,
    };
  };

  /** For `options.reporter`. */
  readonly reporter: UsageReporter = async (report) => {
    this.reports.push(report);
    return { v: CALLABLES_VERSION, status: 'ok', serverTime: this.#epoch, ...this.reportAnswer };
  };
}

/** A fake app: what a model reads of one. */
export function scriptedAI(): AI {
  const options = { apiKey: 'key', projectId: 'demo-livegate', appId: 'app' };
  return getAI({ name: 'scripted', options, automaticDataCollectionEnabled: false });
}

/** A model whose time, tokens and sockets are scripted. */
export class ScriptedStage {
  readonly clock = new ManualClock();
  readonly server = new ScriptedServer();
  readonly tokens: ScriptedTokens;
  readonly ai = scriptedAI();

  constructor(options: { readonly leaseSeconds?: number } = {}) {
    // Scripted time does not wait for a file that is fetched.
    provideKeeping({ keepSession });
    this.tokens = new ScriptedTokens({ clock: this.clock, ...options });
  }

  model(params: Partial<LiveModelParams> = {}, options: LiveOptions = {}): LiveGenerativeModel {
    return getLiveGenerativeModel(
      this.ai,
      { model: 'gemini-3.8-live', ...params },
      {
        tokenSource: this.tokens.source,
        reporter: this.tokens.reporter,
        clock: this.clock,
        webSocket: this.server.openSocket,
        ...options,
      },
    );
  }

  connect(sessionResumption?: SessionResumptionConfig): Promise<LiveSession> {
    return this.model().connect(sessionResumption);
  }
}

/** What the module decides about leases and drops, for a test that stands in for a page on a clock of its own. */
export { type LeaseTimes, leaseTimes, mintOp, nextStep, type Renewal } from './lease-policy.ts';
export { canUseHeld, isTransient } from './resume-policy.ts';
