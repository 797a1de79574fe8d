/**
 * Gets tokens: names each request, asks the same question again under the same name when an answer got lost, and
 * reckons the answer's times.
 * @module
 */
import {
  CALLABLES_VERSION,
  isObject,
  type MintAnswer,
  type MintRemint,
  type MintRenew,
  type MintStart,
} from '@livegate/protocol';
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import { type LeaseTimes, leaseTimes } from './lease-policy.ts';
import { mintError, refusalReason } from './mint-error.ts';
import { requestId } from './request-id.ts';
import { type SocketAddress, socketAddress } from './socket-address.ts';
import type { TokenSource } from './token-source.ts';

/** A lost answer is in the function's memory for so long, in ms. Design §3. */
const ANSWER_KEPT_MS = 60_000;

type Body<T> = Omit<T, 'v' | 'requestId'>;
/** What is asked for, before it has a name. */
export type MintBody = Body<MintStart> | Body<MintRenew> | Body<MintRemint>;

/** A token in hand. Holds secrets. */
export interface Grant {
  readonly answer: MintAnswer;
  readonly lease: LeaseTimes;
  readonly address: SocketAddress;
  readonly receivedAt: number;
}

/** One session's way to its token source. */
export class MintDesk {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #emulators: ReadonlySet<string>;
  /** Requests whose outcome is unknown: question → its name. */
  readonly #open = new Map<string, { readonly id: string; readonly at: number }>();
  /** The lease that was answered last, and its latest end by our clock. */
  #leaseEnd = { of: '', at: 0 };
  /** Questions under way. */
  readonly #asked = new Map<string, Promise<Grant>>();

  constructor(options: {
    readonly source: TokenSource;
    readonly clock: Clock;
    readonly emulators: ReadonlySet<string>;
  }) {
    this.#source = options.source;
    this.#clock = options.clock;
    this.#emulators = options.emulators;
  }

  /**
   * Asks; who asks the same while that is under way gets the same answer. Throws {@link AIError}: a refusal's `customErrorData.reason`, `unreachable` where no answer came (the
   * next same question goes out under the same id, so that it is not charged twice), `response-error` for an answer
   * that cannot be read, `request-error` for a socket this page does not dial.
   */
  ask(body: MintBody): Promise<Grant> {
    const question = JSON.stringify(body);
    const asked = this.#asked.get(question);
    if (asked) return asked;
    const asking = this.#ask(body, question).finally(() => this.#asked.delete(question));
    this.#asked.set(question, asking);
    return asking;
  }

  #times(answer: MintAnswer, sentAt: number, receivedAt: number): LeaseTimes {
    const of = `${answer.sessionId}/${answer.leaseIndex}`;
    const known = this.#leaseEnd.of === of ? this.#leaseEnd.at : 0;
    const lease = leaseTimes(answer, sentAt, receivedAt, known);
    this.#leaseEnd = { of, at: lease.leaseEndsAt };
    return lease;
  }

  async #ask(body: MintBody, question: string): Promise<Grant> {
    const sentAt = this.#clock.now();
    const open = this.#open.get(question);
    const id = open && sentAt - open.at < ANSWER_KEPT_MS ? open.id : requestId();
    this.#open.set(question, { id, at: open?.id === id ? open.at : sentAt });
    try {
      const answer: unknown = await this.#source({ v: CALLABLES_VERSION, requestId: id, ...body });
      this.#open.delete(question);
      const receivedAt = this.#clock.now();
      const read = readAnswer(answer);
      const address = socketAddress(read.socket, this.#emulators);
      return { answer: read, lease: this.#times(read, sentAt, receivedAt), address, receivedAt };
    } catch (cause) {
      const error = mintError(cause);
      if (error.code !== 'fetch-error') this.#open.delete(question);
      // The token exists and its answer is gone: only another one helps.
      if (refusalReason(error) === 'already-issued' && body.op !== 'remint') {
        const sessionId =
          error.customErrorData?.sessionId ?? ('sessionId' in body ? body.sessionId : undefined);
        if (sessionId !== undefined) return this.ask({ op: 'remint', sessionId });
      }
      throw error;
    }
  }
}

/** Checks what the session relies on: the source may be anybody's. */
function readAnswer(answer: unknown): MintAnswer {
  const ok =
    isObject(answer) &&
    isText(answer.sessionId) &&
    isText(answer.connectionId) &&
    [answer.serverTime, answer.expiresAt, answer.renewAfter, answer.startBy].every(Number.isFinite) &&
    isObject(answer.socket) &&
    isText(answer.socket.url) &&
    isObject(answer.socket.auth) &&
    isText(answer.socket.auth.value) &&
    isObject(answer.setup) &&
    isText(answer.setup.model) &&
    Array.isArray(answer.openFields) &&
    isObject(answer.report) &&
    isObject(answer.quotaLeft);
  if (!ok) throw new AIError('response-error', 'The token source answered something that is no token.');
  const read = answer as unknown as MintAnswer;
  if (read.clientMin > CALLABLES_VERSION)
    throw new AIError(
      'unsupported',
      'The functions no longer answer this version of @livegate/web: update it.',
      {
        reason: 'client-outdated',
      },
    );
  return read;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
