/**
 * The mints of a run, and the Live API that they ask: each order, answer and refusal is judged as it comes.
 * @module
 */
import type { MintAnswer } from '@livegate/protocol';
import { type TokenOrder, type TokenOutcome, tokenBody } from '../../../functions/src/upstream.ts';
import { type ModelCast, ModelError } from './model-cast.ts';
import { brokenBounds, brokenOrder, GivenMinutes, nextIndex, type Order } from './model-ledger.ts';
import { bodyOf, type ModelPages, type SentMint } from './model-pages.ts';
import { isGrounded, LIMITS } from './model-reasons.ts';
import { type Fate, MINT_CRASHES } from './model-steps.ts';
import type { Tally } from './model-tally.ts';
import type { Outcome } from './world.ts';

/** A call on its way: the orders that come are its. */
interface MintCall {
  readonly sent: SentMint;
  readonly fate: Fate;
  /** Number of the lease it asks for. */
  readonly index: number;
}

/** A call whose outcome is there. */
interface JudgedMint {
  readonly sent: SentMint;
  readonly order: Order | undefined;
  /** All orders before it. */
  readonly before: readonly Order[];
}

/** A repeat within this time, in ms, makes no token. Design §3. */
const REPEAT_MS = 60_000;

/** Makes mints and judges them. Throws {@link ModelError} at the first thing that may not be. */
export class ModelMints {
  readonly orders: Order[] = [];
  /** Sessions that an operator ended. */
  readonly revoked = new Set<string>();
  /** What an operator gave, by user. */
  readonly #given = new Map<string, GivenMinutes>();
  /** A limit of the policy was met. */
  reachedLimit = false;
  readonly #pages: ModelPages;
  readonly #tally: Tally;
  readonly #cast: () => ModelCast;
  #call: MintCall | null = null;

  constructor(pages: ModelPages, tally: Tally, cast: () => ModelCast) {
    this.#pages = pages;
    this.#tally = tally;
    this.#cast = cast;
  }

  /** What an operator gave a user. */
  given(uid: string): GivenMinutes {
    const given = this.#given.get(uid) ?? new GivenMinutes();
    this.#given.set(uid, given);
    return given;
  }

  /** The bounds of every user, as the Live API saw them. */
  check(): void {
    const { callers, policy, now } = this.#cast();
    for (const { uid } of callers) {
      const broken = brokenBounds(
        this.orders.filter(({ user }) => user === uid),
        policy,
        { now, given: this.given(uid) },
      );
      if (broken.length > 0) throw new ModelError(broken.join('; '));
    }
  }

  /** One mint, and what befalls it. */
  async mint(call: Pick<SentMint, 'user' | 'instance' | 'request'>, fate: Fate): Promise<void> {
    const cast = this.#cast();
    const { user, instance, request } = call;
    const sent: SentMint = { ...call, at: cast.now, answer: null };
    const before = [...this.orders];
    const next = request.sessionId === undefined ? 0 : nextIndex(before, request.sessionId);
    const objection = this.#objection(sent);
    const plan = fate.crash && MINT_CRASHES[fate.crash].plan;
    cast.arm(instance, typeof plan === 'object' ? plan : null, fate.commitMs);
    this.#call = { sent, fate, index: request.op === 'remint' ? next - 1 : next };
    const minted = cast.world(instance).mint(bodyOf(request), cast.caller(user));
    const outcome = await cast.outlived(instance, minted);
    this.#call = null;
    const [order, another] = this.orders.slice(before.length);
    if (another) throw new ModelError('one call asked for two tokens');
    if (order && objection) throw new ModelError(`${request.op} got a token although ${objection}`);
    if (!outcome) {
      if (!fate.crash) throw new ModelError('an instance died by itself');
      this.#tally.count('crashes', fate.crash);
      if (order && fate.crash === 'after a give-back') order.stands = false;
      this.#pages.note(sent);
    } else if (outcome.ok) this.#granted(outcome.answer, { sent, order, before });
    else this.#refused(outcome, { sent, order, before });
  }

  /** Why no token may be asked for; `null` where one may. */
  #objection({ user, request, at }: SentMint): string | null {
    const { requestId, sessionId } = request;
    const { uid } = this.#cast().caller(user);
    if (sessionId !== undefined && this.revoked.has(sessionId)) return 'its session was revoked';
    if (sessionId !== undefined && !this.#pages.isOf(sessionId, user)) return 'the session is not theirs';
    const issued = this.orders.some(
      (each) =>
        each.stands && each.user === uid && each.requestId === requestId && at - each.calledAt < REPEAT_MS,
    );
    return issued ? 'the same request had one within a minute' : null;
  }

  #granted(answer: MintAnswer, { sent, order }: JudgedMint): void {
    this.#tally.count('mints', sent.request.op);
    if (!order) {
      // The memory of an instance: the very answer of the first call, and no token.
      const earlier = this.#pages.answered(sent);
      const isSame = earlier && JSON.stringify(earlier.answer) === JSON.stringify(answer);
      if (!isSame || this.#cast().now - earlier.at >= REPEAT_MS)
        throw new ModelError('an answer without an order');
      return;
    }
    if (!order.made || answer.expiresAt !== order.expiresAt || answer.leaseIndex !== order.index) {
      throw new ModelError(
        `the answer says lease ${answer.leaseIndex} to ${answer.expiresAt}, the Live API has lease ${order.index} to ${order.expiresAt}`,
      );
    }
    if (answer.socket.auth.value !== tokenOf(order)) throw new ModelError("the answer's token is another");
    if (sent.request.sessionId !== undefined && answer.sessionId !== sent.request.sessionId)
      throw new ModelError('a token of another session');
    order.session = answer.sessionId;
    sent.answer = answer;
    this.#pages.note(sent);
    this.#pages.learn(answer.sessionId, sent.user).last = answer;
  }

  #refused(
    { details }: Extract<Outcome<MintAnswer>, { readonly ok: false }>,
    { sent, order, before }: JudgedMint,
  ): void {
    const { reason, sessionId } = details;
    this.#tally.count('refusals', reason);
    this.#pages.note(sent);
    if (LIMITS.includes(reason)) this.reachedLimit = true;
    if (order) {
      if (sessionId !== undefined) order.session = sessionId;
      if (reason === 'upstream-refused') order.stands = false;
      else if (reason !== 'upstream-unavailable')
        throw new ModelError(`${reason} although a token was asked for`);
      else if (sessionId !== undefined) this.#pages.learn(sessionId, sent.user);
      return;
    }
    const cast = this.#cast();
    const { uid } = cast.caller(sent.user);
    const orders = before.filter(({ user }) => user === uid);
    const session = sent.request.sessionId ?? null;
    const isRight = isGrounded(reason, {
      ...sent.request,
      session,
      calledAt: sent.at,
      policy: cast.policy,
      givenMinutes: this.given(uid).lastOn(sent.at),
      standing: orders.filter(({ stands }) => stands),
      starts: orders.filter(({ op }) => op === 'start'),
      isRevoked: session !== null && this.revoked.has(session),
      isOwn: session === null || this.#pages.isOf(session, sent.user),
    });
    if (!isRight) throw new ModelError(`${sent.request.op} was refused with ${reason} and without ground`);
    if (reason === 'already-issued' && sessionId !== undefined) {
      const issued = orders.findLast(({ requestId }) => requestId === sent.request.requestId);
      if (issued) issued.session = sessionId;
      this.#pages.learn(sessionId, sent.user);
    }
  }

  /** The Live API: takes the order, and answers as the call's fate says. */
  upstream(order: TokenOrder, instance: number): TokenOutcome {
    const cast = this.#cast();
    const call = this.#call;
    if (!call || call.sent.instance !== instance) throw new ModelError('a token was asked for by no call');
    const { sent, fate, index } = call;
    const { expireTime } = tokenBody(order) as { readonly expireTime: string };
    const { op, requestId, sessionId } = sent.request;
    const asked: Order = {
      user: cast.caller(sent.user).uid,
      session: sessionId ?? `start ${requestId} ${this.orders.length}`,
      op,
      index,
      requestId,
      calledAt: sent.at,
      expiresAt: Date.parse(expireTime),
      arrivedAt: null,
      made: false,
      stands: true,
    };
    const before = [...this.orders];
    this.orders.push(asked);
    const plan = fate.crash && MINT_CRASHES[fate.crash].plan;
    if (plan === 'unsent') cast.die(instance);
    asked.arrivedAt = cast.now;
    asked.made = fate.answer === 'minted' || fate.answer === 'lost';
    this.#tally.count('upstream', fate.answer);
    const broken = brokenOrder(asked, before, { ...cast.policy, given: this.given(asked.user) });
    if (broken.length > 0) throw new ModelError(broken.join('; '));
    this.check();
    if (plan === 'unanswered') cast.die(instance);
    cast.advanceTo(cast.now + fate.answerMs);
    if (fate.answer === 'minted') return { outcome: 'minted', token: tokenOf(asked) };
    return fate.answer === 'refused'
      ? { outcome: 'refused', status: 400 }
      : { outcome: 'unknown', problem: 'TimeoutError' };
  }
}

function tokenOf({ requestId, calledAt }: Order): string {
  return `auth_tokens/${requestId}-${calledAt}`;
}
