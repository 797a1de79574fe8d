/**
 * A conversation with the model: firebase/ai's `LiveSession`, on connections that come and go underneath.
 * @module
 */
import type { ClientMessage, QuotaLeft, Blob as WireBlob, Content as WireContent } from '@livegate/protocol';
import type { Content, FunctionResponse, GenerativeContentBlob, Part, Tool } from './content-types.ts';
import { AIError } from './errors.ts';
import { fetchPart } from './keeper-loader.ts';
import { inWords } from './late-words.ts';
import type {
  LiveServerContent,
  LiveServerGoingAwayNotice,
  LiveServerToolCall,
  LiveServerToolCallCancellation,
  LiveSessionResumptionUpdate,
  SessionResumptionConfig,
} from './live-types.ts';
import type { LiveSessionEvents, LiveSessionListener } from './session-events.ts';
import type { SessionRunner } from './session-runner.ts';
import type { HeardQuality } from './usage-book.ts';
import type { SocketInWorker } from './web-socket-handler.ts';
import { instruction, userContent, wireTools } from './wished-setup.ts';

/**
 * What the audio half needs beyond the public session. Not exported from the package.
 * @internal
 */
export interface LiveSessionInternals {
  /** Sends one frame of 16 kHz PCM16LE mono without a promise; held in a move, dropped once the session is over. */
  sendPcm(samples: Uint8Array): void;
  /** Takes note of such a frame that went to the socket without the page. */
  sentPcm?(samples: Uint8Array): void;
  /** So much of the microphone was not sent, because the network takes nothing. */
  unsentPcm?(ms: number): void;
  /**
   * Calls `listener` with the worker's socket that the session's messages go to, now and at every change; `undefined`
   * while it moves, once it is over, and where its socket is on the page. The answer ends that.
   */
  followSocket?(listener: (socket: SocketInWorker | undefined) => void): () => void;
  /** Says that the microphone is off, so that the server's detector ends the turn. Dropped once closed. */
  sendAudioStreamEnd(): void;
  /** The service finds speech by itself: there is nothing for a button to mark. */
  isAutomatic?(): boolean;
  /** Adds to what is reported of the running connection: what is new since the last call, not sums. Never throws. */
  measure(quality: HeardQuality): void;
}

/** What {@link LiveSession.updateContext} takes: one of them, or both. */
export interface ContextUpdate {
  systemInstruction?: string | Part | Content;
  tools?: Tool[];
}

/**
 * The key of a session's {@link LiveSessionInternals}.
 * @internal
 */
export const INTERNALS: unique symbol = Symbol('livegate');

/**
 * A session that is open when one gets it. Senders resolve once the socket has the message; while the session moves
 * to a new connection messages are held, in order. They reject with {@link AIError} `request-error` once the session
 * is over, or when more waits than is held, and `invalid-content` for what is empty or JSON cannot hold.
 */
export class LiveSession {
  /** An audio conversation runs on this session: `startAudioConversation` sets it. */
  inConversation = false;
  /** Resolved: a session is open when one gets it. Kept for pages that await it. */
  readonly connectionPromise: Promise<void> = Promise.resolve();
  /**
   * For the audio half of this package. Declared, not defined: a field under a symbol is kept in every page's bundle.
   * @internal
   */
  declare readonly [INTERNALS]: LiveSessionInternals;
  readonly #runner: SessionRunner;

  /** @internal */
  constructor(runner: SessionRunner) {
    this.#runner = runner;
    this[INTERNALS] = {
      sendPcm: (samples) => runner.outbox.sendPcm(samples),
      sentPcm: (samples) => runner.outbox.sentPcm(samples),
      unsentPcm: (ms) => runner.outbox.unsent(ms),
      // Of a session that is read as text nothing is heard, so nothing of it goes past the page.
      followSocket: (listener) =>
        runner.plan.readsTranscript
          ? () => {}
          : runner.outbox.follow((connection) => listener(connection?.inWorker)),
      sendAudioStreamEnd: () => {
        if (!runner.isClosed) this.#send({ realtimeInput: { audioStreamEnd: true } }).catch(() => {});
      },
      isAutomatic: () => this.#isAutomatic,
      measure: (quality) => runner.measure(quality),
    };
  }

  /** The session is over, whoever ended it. Stays false while it moves to another connection. */
  get isClosed(): boolean {
    return this.#runner.isClosed;
  }

  /** Names the session in the operator's dashboard. Not secret; worth copying into a bug report. */
  get sessionId(): string | undefined {
    return this.#runner.sessionId;
  }

  /** Seconds that the last token left to the user; `null` where there is no bound. */
  get quotaLeft(): QuotaLeft | undefined {
    return this.#runner.quotaLeft;
  }

  /** Listens to what happens beside the messages; the answer stops it. */
  on<K extends keyof LiveSessionEvents>(type: K, listener: LiveSessionListener<K>): () => void {
    return this.#runner.events.on(type, listener);
  }

  /** A report to copy: states, counts and times. Holds no token, no handle and nothing that was said. */
  diagnostics(): object {
    return this.#runner.diagnostics();
  }

  /** Adds a turn of the user to the conversation; the model answers unless `turnComplete` is false. */
  async send(request: string | Array<string | Part>, turnComplete = true): Promise<void> {
    const turns = [userContent(request) as unknown as WireContent];
    await this.#send({ clientContent: { turns, turnComplete } });
  }

  /** Sends text as it is typed. */
  async sendTextRealtime(text: string): Promise<void> {
    await this.#send({ realtimeInput: { text } });
  }

  /** Sends audio: base64 of 16-bit little-endian PCM, mono, 16 kHz unless the type says otherwise. */
  async sendAudioRealtime(blob: GenerativeContentBlob): Promise<void> {
    await this.#send({ realtimeInput: { audio: wireBlob(blob) } });
  }

  /** Sends one picture: base64, best as `image/jpeg`, about one a second. */
  async sendVideoRealtime(blob: GenerativeContentBlob): Promise<void> {
    await this.#send({ realtimeInput: { video: wireBlob(blob) } });
  }

  /**
   * Answers function calls, each under its call's id. An answer to a call that the model no longer knows, because the
   * session moved, is not sent: event `toolResultDropped`.
   */
  async sendFunctionResponses(functionResponses: FunctionResponse[]): Promise<void> {
    const message = { toolResponse: { functionResponses } } as unknown as ClientMessage;
    await this.#send(message);
  }

  /**
   * Yields what the server sends. Any number of consumers: the first sees everything since the session opened, later
   * ones everything from their call on. Each may stop at any time. All end when the session does, after what waits
   * for them. The first `next()` on a session that is over rejects with {@link AIError} `session-closed`; a consumer
   * that leaves more unread than fits loses audio first, then content (event `missed`).
   */
  receive(): AsyncGenerator<
    | LiveServerContent
    | LiveServerToolCall
    | LiveServerToolCallCancellation
    | LiveServerGoingAwayNotice
    | LiveSessionResumptionUpdate
  > {
    return this.#runner.feed.subscribe();
  }

  /**
   * Changes the instruction, the tools, or both, in mid-session: what is given replaces what was there; no tools at
   * all are `tools: []`. Held in a move, as every message is. Rejects with {@link AIError} `invalid-content` where
   * neither is given, `request-error` once the session is over. The service may refuse it (close 1007) where the
   * token locks the field.
   */
  async updateContext(update: ContextUpdate): Promise<void> {
    const systemInstruction = instruction(update.systemInstruction);
    const tools = wireTools(update.tools);
    if (!systemInstruction && !tools)
      throw new AIError('invalid-content', 'updateContext() takes systemInstruction, tools, or both.');
    const contextUpdate = {
      ...(systemInstruction ? { systemInstruction } : {}),
      ...(tools ? { tools: { tools } } : {}),
    };
    await this.#send({ contextUpdate } as unknown as ClientMessage);
  }

  /**
   * The user begins to speak. For sessions whose set-up has
   * `realtimeInputConfig: { automaticActivityDetection: { disabled: true } }`; rejects with {@link AIError}
   * `unsupported` in others, where the service finds speech by itself.
   */
  async startActivity(): Promise<void> {
    if (this.#isAutomatic) throw await this.#automatic('startActivity');
    await this.#send({ realtimeInput: { activityStart: {} } });
  }

  /** The user has spoken, and the model answers. Rejects as {@link LiveSession.startActivity} does. */
  async endActivity(): Promise<void> {
    if (this.#isAutomatic) throw await this.#automatic('endActivity');
    await this.#send({ realtimeInput: { activityEnd: {} } });
  }

  /** Ends the session and resolves when its socket is closed, after 2 s at the latest. Idempotent. */
  async close(): Promise<void> {
    await this.#runner.close();
  }

  /**
   * Moves to a connection in the state behind `sessionResumption.handle`, or in a new state without. Ends every
   * `receive()`. Rejects with {@link AIError} `unsupported` where `connect()` got no config. A failure leaves the
   * session closed; it may be resumed again. A session without it resumes by itself.
   */
  async resumeSession(sessionResumption?: SessionResumptionConfig): Promise<void> {
    await this.#runner.resume(sessionResumption && { ...sessionResumption });
  }

  /** @deprecated Use `sendAudioRealtime` and `sendVideoRealtime`. */
  async sendMediaChunks(mediaChunks: GenerativeContentBlob[]): Promise<void> {
    // One chunk a message: the service ignores all but the first.
    for (const chunk of mediaChunks) await this.#send({ realtimeInput: { mediaChunks: [wireBlob(chunk)] } });
  }

  /** @deprecated Use `sendAudioRealtime` and `sendVideoRealtime`. Cancels the stream when it cannot go on. */
  async sendMediaStream(mediaChunkStream: ReadableStream<GenerativeContentBlob>): Promise<void> {
    const { sendStream } = await fetchPart(() => import('./media-stream.ts')).catch((cause: unknown) => {
      mediaChunkStream.cancel(cause).catch(() => {});
      throw cause;
    });
    await sendStream(mediaChunkStream, (chunk) => this.sendMediaChunks([chunk]));
  }

  /** The service finds speech by itself. */
  get #isAutomatic(): boolean {
    return !this.isClosed && !this.#runner.hasManualActivity;
  }

  async #automatic(method: string): Promise<AIError> {
    const { sessionId } = this;
    const words = await inWords((rare) => rare.automatic(method), `${method}() needs manual activity.`);
    return new AIError('unsupported', words, {
      field: 'realtimeInputConfig',
      ...(sessionId === undefined ? {} : { sessionId }),
    });
  }

  #send(message: ClientMessage): Promise<void> {
    return this.#runner.send(message);
  }
}

function wireBlob({ mimeType, data }: GenerativeContentBlob): WireBlob {
  return { mimeType, data };
}
