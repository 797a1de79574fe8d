/**
 * Plays a run against the real handlers and looks, after every command, at what the Live API received.
 * @module
 */
import { type LivePolicyDocument, type MintAnswer, NO_USAGE } from '@livegate/protocol';
import { revokeLiveSession } from '../../../functions/src/admin-sessions.ts';
import type { Caller } from '../../../functions/src/caller.ts';
import { transactionsOn } from '../../../functions/src/transactions.ts';
import { type TokenOrder, type TokenOutcome, tokenBody } from '../../../functions/src/upstream.ts';
import type { ModelBooks } from './model-crash.ts';
import { brokenBounds, brokenOrder, mostTokens, nextIndex, type Order } from './model-ledger.ts';
import { isGrounded, LIMITS } from './model-reasons.ts';
import { type Fate, MINT_CRASHES, OTHER_CRASHES, type Run, type Step } from './model-steps.ts';
import type { Tally } from './model-tally.ts';
import { createWorld, type Outcome, type World } from './world.ts';

/** A session that a page knows. */
interface Known {
  readonly id: string;
  readonly user: number;
  /** Of the newest token; `null` where its answer was lost. */
  last: MintAnswer | null;
  seq: number;
}

/** A mint request that was sent. */
interface Sent {
  readonly user: number;
  readonly request: { readonly op: Order['op']; readonly requestId: string; readonly sessionId?: string };
  readonly instance: number;
  readonly at: number;
  /** What came back to a page; `null` otherwise. */
  answer: MintAnswer | null;
}

/** A broken bound, or a refusal without ground. */
export class ModelError extends Error {}

/** Plays one run. Throws {@link ModelError} at the first thing that may not be. */
export async function play(run: Run, books: ModelBooks, tally: Tally): Promise<void> {
  const model = new Model(run, books, tally);
  for (const step of run.steps) await model.step(step);
  await model.finish();
}

const DAY_MS = 86_400_000;
let runs = 0;

class Model {
  readonly #tally: Tally;
  readonly #books: ModelBooks;
  readonly #worlds: readonly World[];
  readonly #callers: readonly Caller[];
  readonly #policy: LivePolicyDocument;
  readonly #orders: Order[] = [];
  readonly #known: Known[] = [];
  readonly #sent: Sent[] = [];
  readonly #revoked = new Set<string>();
  /** The call on its way: orders of tokens are its. */
  #call: {
    readonly sent: Sent;
    readonly fate: Fate;
    readonly index: number;
    readonly instance: number;
  } | null = null;
  #now: number;
  #ids = 0;
  #reachedLimit = false;
  readonly #run = ++runs;

  constructor({ policy, startsAt }: Run, books: ModelBooks, tally: Tally) {
    this.#tally = tally;
    this.#books = books;
    this.#now = startsAt;
    this.#worlds = books.doors.map(({ firestore }, instance) => {
      const world = createWorld({ firestore, policy });
      world.upstream = (order) => this.#upstream(order, instance);
      return world;
    });
    const [world] = this.#worlds;
    if (!world) throw new Error('no instance');
    this.#policy = world.policy;
    this.#callers = [0, 1].map((user) => ({ ...world.caller, uid: `${world.caller.uid}-${user}` }));
    this.#advanceTo(startsAt);
  }

  async step(step: Step): Promise<void> {
    const made = this.#orders.length;
    const mints = await this.#do(step);
    if (!mints && this.#orders.length > made) throw new ModelError(`${step.do} asked for a token`);
    this.#check();
  }

  /** When all is over nothing is left open, nothing grew without end, and the books tell what was asked for. */
  async finish(): Promise<void> {
    for (const [user, caller] of this.#callers.entries()) {
      this.#arm(0);
      const quota = (await this.#world(0).paths.quota(caller.uid).get()).data();
      const tokens = Object.keys((quota?.tokens as object | undefined) ?? {}).length;
      const most = mostTokens(this.#policy) + this.#policy.concurrentSessions;
      if (tokens > most) throw new ModelError(`user ${user}: ${tokens} tokens remembered, of ${most}`);
    }
    this.#advanceTo(this.#now + 2 * DAY_MS);
    await this.#world(0).sweep();
    for (const { uid } of this.#callers) {
      const open = await this.#world(0)
        .paths.sessions.where('uid', '==', uid)
        .where('open', '==', true)
        .get();
      if (!open.empty) throw new ModelError(`${open.size} sessions stay open`);
    }
    this.#compareFigures();
    this.#tally.run(this.#reachedLimit);
  }

  async #do(step: Step): Promise<boolean> {
    if (step.do === 'start') {
      this.#tally.count('commands', 'start');
      await this.#mint(
        { user: step.user, instance: step.instance, request: this.#request('start') },
        step.fate,
      );
      return true;
    }
    if (step.do === 'repeat') return this.#repeat(step);
    if (step.do === 'wait') this.#advanceTo(this.#now + step.ms);
    else if (step.do === 'restart') this.#world(step.instance).anotherInstance();
    else if (step.do === 'wait for midnight') this.#advanceTo(nextWindow(this.#now, 'day') + step.plusMs);
    else if (step.do === 'wait for the month') this.#advanceTo(nextWindow(this.#now, 'month') + step.plusMs);
    else if (step.do === 'sweep') await this.#sweep(step);
    else return this.#onSession(step);
    this.#tally.count('commands', step.do);
    return false;
  }

  /** Commands that are about a session that some page knows. */
  async #onSession(step: Extract<Step, { readonly session: number }>): Promise<boolean> {
    const session = this.#known.at(-1 - (step.session % Math.max(1, this.#known.length)));
    if (!session) return false;
    this.#tally.count('commands', step.do);
    const { instance } = 'instance' in step ? step : { instance: 0 };
    if (step.do === 'wait for a lease') {
      const { last } = session;
      if (last) this.#advanceTo((step.to === 'renewal' ? last.renewAfter : last.expiresAt) + step.plusMs);
      return false;
    }
    if (step.do === 'report' || step.do === 'end') {
      await this.#report(session, step);
      return false;
    }
    if (step.do === 'revoke') {
      await this.#revoke(session.id, step);
      return false;
    }
    if (step.do === 'stranger') {
      const request = this.#request(step.op === 'renew' ? 'renew' : 'remint', session.id);
      await this.#mint({ user: 1 - session.user, instance, request }, PLAIN);
      return true;
    }
    if (step.do === 'renew' && step.due && session.last) this.#advanceTo(session.last.renewAfter);
    await this.#mint(
      { user: session.user, instance, request: this.#request(step.do, session.id) },
      step.fate,
    );
    return true;
  }

  #request(op: Order['op'], sessionId?: string): Sent['request'] {
    const requestId = `request-${this.#run}-${++this.#ids}`;
    return sessionId === undefined ? { op, requestId } : { op, requestId, sessionId };
  }

  async #repeat({ request, other, fate }: Extract<Step, { readonly do: 'repeat' }>): Promise<boolean> {
    const first = this.#sent.at(-1 - (request % Math.max(1, this.#sent.length)));
    if (!first) return false;
    this.#tally.count('commands', other ? 'repeat, another instance' : 'repeat, same instance');
    const instance = other ? 1 - first.instance : first.instance;
    await this.#mint({ user: first.user, instance, request: first.request }, fate);
    return true;
  }

  async #mint(call: Pick<Sent, 'user' | 'instance' | 'request'>, fate: Fate): Promise<void> {
    const { user, instance, request } = call;
    const caller = this.#caller(user);
    const sent: Sent = { ...call, at: this.#now, answer: null };
    const before = this.#orders.length;
    const session = request.sessionId ?? `start ${request.requestId} ${before}`;
    const next = nextIndex(this.#orders, session);
    const index = request.op === 'remint' ? next - 1 : next;
    const may = this.#mayAsk(sent);
    const plan = fate.crash && MINT_CRASHES[fate.crash].plan;
    this.#arm(instance, typeof plan === 'object' ? plan : null, fate.commitMs);
    this.#call = { sent, fate, index, instance };
    const outcome = await this.#alive(instance, this.#world(instance).mint(bodyOf(request), caller));
    this.#call = null;
    const order = this.#orders[before];
    if (this.#orders.length > before + 1) throw new ModelError('one call asked for two tokens');
    if (order && may !== true) throw new ModelError(`${request.op} got a token although ${may}`);
    if (!outcome) {
      if (!fate.crash) throw new ModelError('an instance died by itself');
      this.#tally.count('crashes', fate.crash);
      if (order && fate.crash === 'after a give-back') order.stands = false;
      this.#sent.push(sent);
      return;
    }
    const earlier = this.#sent.findLast(
      (each) => each.answer && each.instance === instance && each.request.requestId === request.requestId,
    );
    if (order || !outcome.ok) this.#sent.push(sent);
    if (outcome.ok) this.#granted(outcome.answer, { sent, order, earlier });
    else this.#refused(outcome, { sent, order, before });
  }

  /** True where a token may be asked for, else why not. */
  #mayAsk({ user, request, at }: Sent): true | string {
    const { requestId, sessionId } = request;
    const { uid } = this.#caller(user);
    if (sessionId !== undefined) {
      if (this.#revoked.has(sessionId)) return 'its session was revoked';
      if (this.#known.find(({ id }) => id === sessionId)?.user !== user) return 'the session is not theirs';
    }
    const issued = this.#orders.some(
      (each) =>
        each.stands && each.user === uid && each.requestId === requestId && at - each.calledAt < 60_000,
    );
    return issued ? 'the same request had one within a minute' : true;
  }

  #granted(
    answer: MintAnswer,
    {
      sent,
      order,
      earlier,
    }: { readonly sent: Sent; readonly order: Order | undefined; readonly earlier: Sent | undefined },
  ): void {
    this.#tally.count('mints', sent.request.op);
    if (!order) {
      // The memory of an instance: the very answer of the first call, and no token.
      if (
        !earlier?.answer ||
        JSON.stringify(earlier.answer) !== JSON.stringify(answer) ||
        this.#now - earlier.at >= 60_000
      )
        throw new ModelError('an answer without an order');
      return;
    }
    if (!order.made || answer.expiresAt !== order.expiresAt || answer.leaseIndex !== order.index)
      throw new ModelError(
        `the answer says lease ${answer.leaseIndex} to ${answer.expiresAt}, the Live API has lease ${order.index} to ${order.expiresAt}`,
      );
    if (answer.socket.auth.value !== tokenOf(order)) throw new ModelError("the answer's token is another");
    if (sent.request.sessionId !== undefined && answer.sessionId !== sent.request.sessionId)
      throw new ModelError('a token of another session');
    order.session = answer.sessionId;
    sent.answer = answer;
    this.#learn(answer.sessionId, sent.user).last = answer;
  }

  #refused(
    { details }: Extract<Outcome<MintAnswer>, { readonly ok: false }>,
    {
      sent,
      order,
      before,
    }: { readonly sent: Sent; readonly order: Order | undefined; readonly before: number },
  ): void {
    const { reason, sessionId } = details;
    const { uid } = this.#caller(sent.user);
    this.#tally.count('refusals', reason);
    if (LIMITS.includes(reason)) this.#reachedLimit = true;
    if (order) {
      if (sessionId !== undefined) order.session = sessionId;
      if (reason === 'upstream-refused') order.stands = false;
      else if (reason !== 'upstream-unavailable')
        throw new ModelError(`${reason} although a token was asked for`);
      else if (sessionId !== undefined) this.#learn(sessionId, sent.user);
      return;
    }
    const orders = this.#orders.slice(0, before).filter(({ user }) => user === uid);
    const session = sent.request.sessionId ?? null;
    const grounded = isGrounded(reason, {
      ...sent.request,
      session,
      calledAt: sent.at,
      policy: this.#policy,
      standing: orders.filter(({ stands }) => stands),
      starts: orders.filter(({ op }) => op === 'start'),
      isRevoked: session !== null && this.#revoked.has(session),
      isOwn: session === null || this.#known.find(({ id }) => id === session)?.user === sent.user,
    });
    if (!grounded) throw new ModelError(`${sent.request.op} was refused with ${reason} and without ground`);
    if (reason === 'already-issued' && sessionId !== undefined) {
      const issued = orders.findLast(({ requestId }) => requestId === sent.request.requestId);
      if (issued) issued.session = sessionId;
      this.#learn(sessionId, sent.user);
    }
  }

  /** The Live API: takes the order, and answers as the call's fate says. */
  #upstream(order: TokenOrder, instance: number): TokenOutcome {
    const call = this.#call;
    if (!call || call.instance !== instance) throw new ModelError('a token was asked for by no call');
    const { sent, fate, index } = call;
    const { expireTime } = tokenBody(order) as { readonly expireTime: string };
    const { op, requestId } = sent.request;
    const made: Order = {
      user: this.#caller(sent.user).uid,
      session: sent.request.sessionId ?? `start ${requestId} ${this.#orders.length}`,
      op,
      index,
      requestId,
      calledAt: sent.at,
      expiresAt: Date.parse(expireTime),
      arrivedAt: null,
      made: false,
      stands: true,
    };
    const before = [...this.#orders];
    this.#orders.push(made);
    const plan = fate.crash && MINT_CRASHES[fate.crash].plan;
    if (plan === 'unsent') this.#gate(instance).die();
    made.arrivedAt = this.#now;
    made.made = fate.answer === 'minted' || fate.answer === 'lost';
    this.#tally.count('upstream', fate.answer);
    const broken = brokenOrder(made, before, this.#policy);
    if (broken.length > 0) throw new ModelError(broken.join('; '));
    this.#check();
    if (plan === 'unanswered') this.#gate(instance).die();
    this.#advanceTo(this.#now + fate.answerMs);
    if (fate.answer === 'minted') return { outcome: 'minted', token: tokenOf(made) };
    return fate.answer === 'refused'
      ? { outcome: 'refused', status: 400 }
      : { outcome: 'unknown', problem: 'TimeoutError' };
  }

  async #report(
    session: Known,
    { do: what, instance, dies }: Extract<Step, { readonly do: 'report' | 'end' }>,
  ): Promise<void> {
    if (!session.last) return;
    const { connectionId } = session.last;
    session.seq += 1;
    const report = { v: 1, sessionId: session.id, connectionId, seq: session.seq, final: what === 'end' };
    this.#arm(instance, dies === 'no' ? null : OTHER_CRASHES[`${dies} a report`]);
    const outcome = await this.#alive(
      instance,
      this.#world(instance).report({ ...report, seconds: 1, totals: NO_USAGE }, this.#caller(session.user)),
    );
    if (!outcome) this.#tally.count('crashes', `${dies} a report`);
    else if (outcome.ok && this.#revoked.has(session.id) !== (outcome.answer.stop?.reason === 'revoked'))
      throw new ModelError(`a report was answered with stop ${outcome.answer.stop?.reason}`);
    else if (!outcome.ok && !['session-over', 'rate'].includes(outcome.details.reason))
      throw new ModelError(`a report was refused with ${outcome.details.reason}`);
  }

  async #revoke(
    sessionId: string,
    { instance, dies }: Extract<Step, { readonly do: 'revoke' }>,
  ): Promise<void> {
    const { paths, db } = this.#world(instance);
    this.#arm(instance, dies === 'no' ? null : OTHER_CRASHES[`${dies} a revoke`]);
    const users = {
      read: async () => null,
      setClaims: async () => undefined,
      revokeTokens: async () => undefined,
    };
    const admin = {
      paths,
      users,
      run: transactionsOn(db),
      now: () => this.#now,
      newId: () => `act${this.#run}x${++this.#ids}`,
      log: { adminActed: () => undefined },
    };
    const operator = { uid: 'operator', role: 'admin' as const };
    const data = { v: 1, sessionId, reason: '' };
    // A session that is dead has nothing to revoke.
    const lives = this.#orders.some(
      (each) => each.stands && each.session === sessionId && each.expiresAt > this.#now,
    );
    const outcome = await this.#alive(instance, revokeLiveSession(admin, operator, data));
    if (!outcome) this.#tally.count('crashes', `${dies} a revoke`);
    if (lives && (outcome || dies === 'after')) this.#revoked.add(sessionId);
  }

  async #sweep({ instance, dies }: Extract<Step, { readonly do: 'sweep' }>): Promise<void> {
    const point = dies === 'before' ? 'before a sweep closes' : 'in the middle of a sweep';
    this.#arm(instance, dies === 'no' ? null : OTHER_CRASHES[point]);
    const outcome = await this.#alive(instance, this.#world(instance).sweep());
    if (outcome === null) this.#tally.count('crashes', point);
  }

  /** The answer, or `null` where the instance died: another one stands in its place then. */
  async #alive<T>(instance: number, work: Promise<T>): Promise<T | null> {
    const gate = this.#gate(instance);
    let answer: T | null = null;
    try {
      answer = await work;
    } catch (error) {
      if (!gate.isDead || error instanceof ModelError) throw error;
    }
    if (!gate.isDead) return answer;
    // What the dead one had still under way runs against its closed gate.
    await new Promise((resolve) => setImmediate(resolve));
    this.#world(instance).anotherInstance();
    this.#arm(instance);
    return null;
  }

  #arm(
    instance: number,
    plan: { readonly at: 'commit' | 'committed'; readonly nth: number } | null = null,
    ms = 0,
  ): void {
    this.#gate(instance).arm(plan, () => this.#advanceTo(this.#now + ms));
  }

  #check(): void {
    for (const { uid } of this.#callers) {
      const broken = brokenBounds(
        this.#orders.filter(({ user }) => user === uid),
        this.#policy,
        this.#now,
      );
      if (broken.length > 0) throw new ModelError(broken.join('; '));
    }
  }

  /** The day's figures add up to what was asked for, crashes and repeats of the sweep included. */
  #compareFigures(): void {
    const { dump } = this.#books;
    if (!dump) return;
    const leased = Object.entries(dump())
      .filter(([path]) => /^liveStats\/[^/]+\/shards\//.test(path))
      .reduce(
        (sum, [, shard]) => sum + ((shard.all as { leasedSeconds?: number } | undefined)?.leasedSeconds ?? 0),
        0,
      );
    const asked = this.#orders
      .filter(({ stands }) => stands)
      .reduce((sum, { expiresAt, calledAt }) => sum + (expiresAt - calledAt) / 1_000, 0);
    if (Math.abs(leased - asked) > 0.01)
      throw new ModelError(`the figures say ${leased} s were leased, ${asked} s were asked for`);
  }

  #learn(id: string, user: number): Known {
    const held = this.#known.find((each) => each.id === id);
    if (held) return held;
    const known: Known = { id, user, last: null, seq: 0 };
    this.#known.push(known);
    return known;
  }

  #advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
    for (const world of this.#worlds) world.now = this.#now;
  }

  #world(instance: number): World {
    const world = this.#worlds[instance];
    if (!world) throw new Error('no such instance');
    return world;
  }

  #gate(instance: number): ModelBooks['doors'][number]['gate'] {
    const door = this.#books.doors[instance];
    if (!door) throw new Error('no such instance');
    return door.gate;
  }

  #caller(user: number): Caller {
    const caller = this.#callers[user];
    if (!caller) throw new Error('no such user');
    return caller;
  }
}

const PLAIN: Fate = { answer: 'minted', crash: null, commitMs: 0, answerMs: 0 };

function tokenOf({ requestId, calledAt }: Order): string {
  return `auth_tokens/${requestId}-${calledAt}`;
}

function bodyOf({ op, requestId, sessionId }: Sent['request']): object {
  return op === 'start'
    ? { v: 1, op, requestId, model: 'gemini-3.8-live' }
    : { v: 1, op, requestId, sessionId };
}

function nextWindow(now: number, of: 'day' | 'month'): number {
  const date = new Date(now);
  return of === 'day'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1)
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
