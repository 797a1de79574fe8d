/**
 * What goes out: at once while a connection is open, held in order while the session moves to the next.
 * @module
 */
import {
  type ClientMessage,
  decodeBase64,
  encodeClientMessage,
  type FunctionResponse,
  INPUT_SAMPLE_RATE_HZ,
  pcmRateOf,
  standardBase64,
} from '@livegate/protocol';
import { audioWire, lengthMs } from './audio-wire.ts';
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import type { LiveConnection } from './live-connection.ts';
import { SpeechGauge } from './speech-gauge.ts';
import { STALLED_BYTES } from './uplink-limits.ts';
import { type Again, KEPT_MS, UtteranceKeeper } from './utterance-keeper.ts';

/** Most messages other than audio and video, and most bytes of them, that are held. Ours. */
export const HELD_LIMITS = { messages: 256, bytes: 4 * 1024 * 1024 } as const;

interface Outgoing {
  readonly kind: 'audio' | 'video' | 'tool' | 'text' | 'context' | 'mark';
  readonly wire: string;
  /** Audio: its length, and its samples where they can be read. */
  readonly ms: number;
  readonly samples?: Uint8Array;
  /** Tool results. */
  readonly responses?: readonly FunctionResponse[];
  readonly sent: () => void;
  readonly failed: (error: AIError) => void;
}

/** Tells what could not be sent. */
export interface OutboxEvents {
  /** Audio of that length did not fit while no connection was open. */
  unsent(ms: number): void;
  toolResultDropped(id: string): void;
  /** An utterance ended. */
  fellSilent(): void;
}

const NOBODY = (): void => {};

/** The way out of one session, across its connections. */
export class Outbox {
  readonly #clock: Clock;
  readonly #events: OutboxEvents;
  readonly #keeper = new UtteranceKeeper();
  readonly #gauge = new SpeechGauge();
  #spokenUntil: number | undefined;
  #connection: LiveConnection | undefined;
  readonly #followers = new Set<(connection: LiveConnection | undefined) => void>();
  #held: Outgoing[] = [];
  #over: AIError | undefined;
  /** Results that were sent since the last resumable state; HELD_LIMITS.messages at most, the oldest goes first. */
  #answers: (readonly FunctionResponse[])[] = [];
  /** Calls that no state knows any more. */
  readonly #orphans = new Set<string>();

  constructor(options: { readonly clock: Clock; readonly events: OutboxEvents }) {
    this.#clock = options.clock;
    this.#events = options.events;
  }

  /** Bytes that the socket has taken and the network has not. */
  get bufferedAmount(): number {
    return this.#connection?.bufferedAmount ?? 0;
  }

  /**
   * Sends a message; resolves once the socket has it. Rejects with {@link AIError} `request-error` once the session
   * is over, and when so much is held already that nothing more fits; throws `invalid-content` for what JSON cannot
   * hold, with nothing sent.
   */
  send(message: ClientMessage): Promise<void> {
    const wire = wireOf(message);
    return new Promise((sent, failed) => {
      this.#take(outgoing(message, { wire, sent, failed }));
    });
  }

  /** Sends 16 kHz PCM16LE mono and promises nothing: held in a move, dropped once the session is over. */
  sendPcm(samples: Uint8Array): void {
    const ms = lengthMs(samples);
    this.#take({ kind: 'audio', wire: audioWire(samples), ms, samples, sent: NOBODY, failed: NOBODY });
  }

  /** Takes note of such samples that went to the socket without the page. */
  sentPcm(samples: Uint8Array): void {
    if (!this.#over) this.#keepAudio(samples, samples, lengthMs(samples));
  }

  /** So much audio did not fit into a socket that the network takes nothing from. */
  unsent(ms: number): void {
    if (!this.#over) this.#events.unsent(ms);
  }

  /** Calls `listener` with the connection that messages go to, now and whenever it changes. The answer ends that. */
  follow(listener: (connection: LiveConnection | undefined) => void): () => void {
    this.#followers.add(listener);
    listener(this.#connection);
    return () => this.#followers.delete(listener);
  }

  /** Until when something said waits for its answer; see {@link UtteranceKeeper.unansweredUntil}. */
  unansweredUntil(now: number): number | undefined {
    return this.#keeper.unansweredUntil(now);
  }

  /** When the speech that waits for its answer ended, or was loud last; `undefined` where none waits. */
  get spokenUntil(): number | undefined {
    const waits = this.unansweredUntil(this.#clock.now()) !== undefined;
    return waits ? this.#spokenUntil : undefined;
  }

  /** The model has begun to answer. */
  answered(): void {
    this.#keeper.answered();
  }

  /** The state that could be resumed holds all that was answered. */
  resumable(): void {
    this.#answers = [];
    this.#keeper.resumable();
  }

  /** Holds everything from here on. */
  hold(): void {
    this.#connection = undefined;
    this.#tellFollowers();
  }

  /** The first connection of a session. */
  open(connection: LiveConnection): void {
    this.#over = undefined;
    this.#connection = connection;
    this.#flush();
    this.#tellFollowers();
  }

  /**
   * Goes on with a new connection: first `seed`, then results that the state waits for (`awaited`) and does not hold,
   * then what the keeper says is to be sent again, then what was held, in order. Results of `orphans` are dropped, now
   * and later. Answers what the keeper sent again.
   */
  goOn(
    connection: LiveConnection,
    options: {
      readonly after: 'swap' | 'drop';
      readonly seed: ClientMessage | undefined;
      readonly orphans: readonly string[];
      readonly awaited: ReadonlySet<string>;
    },
  ): Again {
    const again = this.#keeper.again(options.after, this.#clock.now());
    this.#connection = connection;
    if (options.seed) connection.send(encodeClientMessage(options.seed));
    for (const wire of this.#answersTo(options.awaited)) connection.send(wire);
    for (const wire of again.wires) connection.send(wire);
    for (const id of options.orphans) this.#orphans.add(id);
    this.#flush();
    this.#tellFollowers();
    return again;
  }

  /** The session is over: what is held fails, and so does what comes. */
  end(error: AIError): void {
    this.#over = error;
    this.#connection = undefined;
    this.#tellFollowers();
    this.#keeper.clear();
    this.#answers = [];
    for (const each of this.#held.splice(0)) each.failed(error);
  }

  #take(each: Outgoing): void {
    if (this.#over) each.failed(this.#over);
    else if (this.#connection) this.#transmit(each, this.#connection);
    else this.#hold(each);
  }

  #transmit(each: Outgoing, connection: LiveConnection): void {
    const wire = each.responses ? this.#knownResults(each.responses) : each.wire;
    // A socket that the network takes nothing from must not grow without bound; what is said stays with the keeper.
    const isStalled = each.kind === 'audio' && connection.bufferedAmount > STALLED_BYTES;
    if (isStalled) this.#events.unsent(each.ms);
    else if (wire !== undefined) connection.send(wire);
    if (each.kind === 'audio') this.#keepAudio(each.wire, each.samples, each.ms);
    else if (each.kind === 'text') this.#keeper.addMessage(each.wire);
    else if (each.kind === 'context') this.#keeper.addContext(each.wire);
    else if (each.kind === 'mark') this.#keeper.addMark(each.wire);
    else if (each.responses) {
      this.#answers.push(each.responses);
      if (this.#answers.length > HELD_LIMITS.messages) this.#answers.shift();
    }
    each.sent();
  }

  #keepAudio(wire: string | Uint8Array, samples: Uint8Array | undefined, ms: number): void {
    const heard = samples ? this.#gauge.hear(samples) : 'quiet';
    const now = this.#clock.now();
    const { pauseMs } = this.#gauge;
    if (pauseMs !== undefined) this.#spokenUntil = now - pauseMs;
    this.#keeper.addAudio(wire, ms, heard, now);
    if (heard === 'ended' || heard === 'dismissed') this.#events.fellSilent();
  }

  #tellFollowers(): void {
    for (const follower of this.#followers) follower(this.#connection);
  }

  /** The message with the results the model waits for; `undefined` where it waits for none of them. */
  #knownResults(responses: readonly FunctionResponse[]): string | undefined {
    const isKnown = ({ id, name }: FunctionResponse): boolean => !this.#orphans.has(id ?? name);
    const known = responses.filter(isKnown);
    for (const { id, name } of responses.filter((each) => !isKnown(each)))
      this.#events.toolResultDropped(id ?? name);
    if (known.length === 0 && responses.length > 0) return undefined;
    return encodeClientMessage({ toolResponse: { functionResponses: known } });
  }

  #answersTo(calls: ReadonlySet<string>): string[] {
    return this.#answers.flatMap((responses) => {
      const awaited = responses.filter(({ id, name }) => calls.has(id ?? name));
      return awaited.length > 0 ? encodeClientMessage({ toolResponse: { functionResponses: awaited } }) : [];
    });
  }

  #flush(): void {
    const connection = this.#connection;
    if (connection) for (const each of this.#held.splice(0)) this.#transmit(each, connection);
  }

  #hold(each: Outgoing): void {
    if (each.kind === 'video') {
      // A camera shows what is: an older picture is worth nothing once a newer one waits.
      for (const older of this.#held.filter(({ kind }) => kind === 'video')) older.sent();
      this.#held = this.#held.filter(({ kind }) => kind !== 'video');
    } else if (each.kind === 'audio') this.#makeRoom(each.ms);
    else if (!this.#fits(each)) {
      each.failed(
        new AIError(
          'request-error',
          'Too much waits to be sent while the session moves to a new connection.',
        ),
      );
      return;
    }
    this.#held.push(each);
  }

  #fits(each: Outgoing): boolean {
    const others = this.#held.filter(({ kind }) => kind !== 'audio' && kind !== 'video');
    const bytes = others.reduce((sum, { wire }) => sum + wire.length, each.wire.length);
    return others.length < HELD_LIMITS.messages && bytes <= HELD_LIMITS.bytes;
  }

  #makeRoom(ms: number): void {
    let excess = this.#held.reduce((sum, each) => sum + each.ms, ms) - KEPT_MS;
    if (excess <= 0) return;
    let lost = 0;
    this.#held = this.#held.filter((each) => {
      if (excess <= 0 || each.ms === 0) return true;
      excess -= each.ms;
      lost += each.ms;
      each.sent();
      return false;
    });
    this.#events.unsent(lost);
  }
}

function wireOf(message: ClientMessage): string {
  try {
    return encodeClientMessage(message);
  } catch (cause) {
    throw new AIError('invalid-content', 'JSON cannot hold what was to be sent.', undefined, { cause });
  }
}

function outgoing(
  message: ClientMessage,
  own: { readonly wire: string; readonly sent: () => void; readonly failed: (error: AIError) => void },
): Outgoing {
  const plain = { ms: 0, ...own };
  if ('toolResponse' in message)
    return { ...plain, kind: 'tool', responses: message.toolResponse.functionResponses ?? [] };
  if ('clientContent' in message)
    return { ...plain, kind: message.clientContent.turnComplete === false ? 'context' : 'text' };
  if (!('realtimeInput' in message)) return { ...plain, kind: 'mark' };
  const { audio, video, text, mediaChunks, activityStart } = message.realtimeInput;
  const chunk = audio ?? mediaChunks?.[0];
  if (chunk && pcmRateOf(chunk.mimeType, INPUT_SAMPLE_RATE_HZ) === INPUT_SAMPLE_RATE_HZ) {
    const base64 = standardBase64(chunk.data);
    if (base64 !== undefined) {
      const samples = decodeBase64(base64);
      return { ...plain, kind: 'audio', ms: lengthMs(samples), samples };
    }
  }
  // Of other encodings a middle piece means nothing to a new connection: they are not kept.
  if (audio) return { ...plain, kind: 'audio' };
  if (video || mediaChunks) return { ...plain, kind: 'video' };
  return { ...plain, kind: text !== undefined || activityStart ? 'text' : 'mark' };
}
