/**
 * Gets the tokens after the first: names each request, asks the same question again under the same name when an answer
 * got lost, and reckons the answer's times.
 * @module
 */
import type { LeaseTimes } from './lease-policy.ts';
import { leaseTimes } from './lease-policy.ts';
import { mintError, refusalReason } from './mint-error.ts';
import { requestId } from './request-id.ts';
import { askToken, type MintBody, type MintedToken, type MintWay } from './token-request.ts';

/** A lost answer is in the function's memory for so long, in ms. Design §3. */
const ANSWER_KEPT_MS = 60_000;

/** A token and its times by the session's clock. Holds secrets. */
export interface Grant extends MintedToken {
  readonly lease: LeaseTimes;
}

/** One session's way to its token source. */
export class MintDesk {
  readonly #way: MintWay;
  /** Requests whose outcome is unknown: question → its name. */
  readonly #open = new Map<string, { readonly id: string; readonly at: number }>();
  /** The lease that was answered last, and its latest end by our clock. */
  #leaseEnd = { of: '', at: 0 };
  /** Questions under way. */
  readonly #asked = new Map<string, Promise<Grant>>();

  constructor(way: MintWay) {
    this.#way = way;
  }

  /**
   * Asks; who asks the same while that is under way gets the same answer. Throws {@link AIError}: a refusal's
   * `customErrorData.reason`, `unreachable` where no answer came (the next same question goes out under the same id,
   * so that it is not charged twice), `response-error` for an answer that cannot be read, `request-error` for a
   * socket this page does not dial.
   */
  ask(body: MintBody): Promise<Grant> {
    const question = JSON.stringify(body);
    const asked = this.#asked.get(question);
    if (asked) return asked;
    const asking = this.#ask(body, question).finally(() => this.#asked.delete(question));
    this.#asked.set(question, asking);
    return asking;
  }

  /** Reckons a token's times. Tokens come here in the order in which they were answered. */
  grant(token: MintedToken): Grant {
    const { answer, sentAt, receivedAt } = token;
    const of = `${answer.sessionId}/${answer.leaseIndex}`;
    const known = this.#leaseEnd.of === of ? this.#leaseEnd.at : 0;
    const lease = leaseTimes(answer, sentAt, receivedAt, known);
    this.#leaseEnd = { of, at: lease.leaseEndsAt };
    return { ...token, lease };
  }

  async #ask(body: MintBody, question: string): Promise<Grant> {
    const sentAt = this.#way.clock.now();
    const open = this.#open.get(question);
    const id = open && sentAt - open.at < ANSWER_KEPT_MS ? open.id : requestId();
    this.#open.set(question, { id, at: open?.id === id ? open.at : sentAt });
    try {
      const token = await askToken(this.#way, body, id);
      this.#open.delete(question);
      return this.grant(token);
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
