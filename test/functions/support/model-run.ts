/**
 * Plays a run against the real handlers and looks, after every command, at what the Live API received.
 * @module
 */
import { NO_USAGE } from '@livegate/protocol';
import type { AdminDependencies } from '../../../functions/src/admin-act.ts';
import { raiseLiveQuota } from '../../../functions/src/admin-quotas.ts';
import { revokeLiveSession } from '../../../functions/src/admin-sessions.ts';
import { transactionsOn } from '../../../functions/src/transactions.ts';
import { ModelCast, ModelError } from './model-cast.ts';
import type { ModelBooks } from './model-crash.ts';
import { mostTokens, type Order } from './model-ledger.ts';
import { ModelMints } from './model-mints.ts';
import { type KnownSession, ModelPages } from './model-pages.ts';
import { type Fate, OTHER_CRASHES, type Run, type Step } from './model-steps.ts';
import type { Tally } from './model-tally.ts';

/** Plays one run. Throws {@link ModelError} at the first thing that may not be. */
export async function play(run: Run, books: ModelBooks, tally: Tally): Promise<void> {
  const model = new Model(run, books, tally);
  for (const step of run.steps) await model.step(step);
  await model.finish();
}

const DAY_MS = 86_400_000;
const OPERATOR = { uid: 'operator' };
const PLAIN: Fate = { answer: 'minted', crash: null, commitMs: 0, answerMs: 0 };

class Model {
  readonly #tally: Tally;
  readonly #books: ModelBooks;
  readonly #cast: ModelCast;
  readonly #pages = new ModelPages();
  readonly #mints: ModelMints;

  constructor({ policy, startsAt }: Run, books: ModelBooks, tally: Tally) {
    this.#tally = tally;
    this.#books = books;
    this.#mints = new ModelMints(this.#pages, tally, () => this.#cast);
    this.#cast = new ModelCast(books, {
      policy,
      at: startsAt,
      upstream: (order, instance) => this.#mints.upstream(order, instance),
    });
  }

  async step(step: Step): Promise<void> {
    const { length } = this.#mints.orders;
    const mints = await this.#do(step);
    if (!mints && this.#mints.orders.length > length) throw new ModelError(`${step.do} asked for a token`);
    this.#mints.check();
  }

  /** When all is over nothing is left open, nothing grew without end, and the books tell what was asked for. */
  async finish(): Promise<void> {
    const { callers, policy } = this.#cast;
    const { paths } = this.#cast.world(0);
    this.#cast.arm(0);
    for (const { uid } of callers) {
      const tokens = (await paths.quota(uid).get()).get('tokens') as object | undefined;
      const kept = Object.keys(tokens ?? {}).length;
      const most = mostTokens(policy) + policy.concurrentSessions;
      if (kept > most) throw new ModelError(`${kept} tokens remembered, of ${most}`);
    }
    this.#cast.advanceTo(this.#cast.now + 2 * DAY_MS);
    await this.#cast.world(0).sweep();
    for (const { uid } of callers) {
      const { size } = await paths.sessions.where('uid', '==', uid).where('open', '==', true).get();
      if (size > 0) throw new ModelError(`${size} sessions stay open`);
    }
    this.#compareFigures();
    this.#tally.run(this.#mints.reachedLimit);
  }

  /** Carries a command out; true where it is one that may ask for a token. */
  async #do(step: Step): Promise<boolean> {
    const { now } = this.#cast;
    if (step.do === 'start') {
      this.#tally.count('commands', 'start');
      await this.#mints.mint({ ...step, request: this.#pages.request('start') }, step.fate);
      return true;
    }
    if (step.do === 'repeat') return this.#repeat(step);
    if (step.do === 'wait') this.#cast.advanceTo(now + step.ms);
    else if (step.do === 'restart') this.#cast.world(step.instance).anotherInstance();
    else if (step.do === 'wait for midnight') this.#cast.advanceTo(nextWindow(now, 'day') + step.plusMs);
    else if (step.do === 'wait for the month') this.#cast.advanceTo(nextWindow(now, 'month') + step.plusMs);
    else if (step.do === 'sweep') await this.#sweep(step);
    else if (step.do === 'raise') await this.#raise(step);
    else return this.#onSession(step);
    this.#tally.count('commands', step.do);
    return false;
  }

  /** Commands about a session that some page knows. */
  async #onSession(step: Extract<Step, { readonly session: number }>): Promise<boolean> {
    const session = this.#pages.recent(step.session);
    if (!session) return false;
    this.#tally.count('commands', step.do);
    const { id, user, last } = session;
    switch (step.do) {
      case 'wait for a lease':
        if (last)
          this.#cast.advanceTo((step.to === 'renewal' ? last.renewAfter : last.expiresAt) + step.plusMs);
        return false;
      case 'report':
      case 'end':
        await this.#report(session, step);
        return false;
      case 'revoke':
        await this.#revoke(id, step);
        return false;
      case 'stranger': {
        const request = this.#pages.request(step.op, id);
        await this.#mints.mint({ user: 1 - user, instance: step.instance, request }, PLAIN);
        return true;
      }
      default: {
        if (step.do === 'renew' && step.due && last) this.#cast.advanceTo(last.renewAfter);
        const request = this.#pages.request(step.do, id);
        await this.#mints.mint({ user, instance: step.instance, request }, step.fate);
        return true;
      }
    }
  }

  async #repeat({ request, other, fate }: Extract<Step, { readonly do: 'repeat' }>): Promise<boolean> {
    const first = this.#pages.recentMint(request);
    if (!first) return false;
    this.#tally.count('commands', other ? 'repeat, another instance' : 'repeat, same instance');
    const instance = other ? 1 - first.instance : first.instance;
    await this.#mints.mint({ user: first.user, instance, request: first.request }, fate);
    return true;
  }

  async #report(
    session: KnownSession,
    { do: what, instance, dies }: Extract<Step, { readonly do: 'report' | 'end' }>,
  ): Promise<void> {
    if (!session.last) return;
    const { id: sessionId, user } = session;
    const { connectionId } = session.last;
    session.seq += 1;
    const report = { v: 1, sessionId, connectionId, seq: session.seq, final: what === 'end' };
    this.#cast.arm(instance, dies === 'no' ? null : OTHER_CRASHES[`${dies} a report`]);
    const sent = this.#cast
      .world(instance)
      .report({ ...report, seconds: 1, totals: NO_USAGE }, this.#cast.caller(user));
    const outcome = await this.#cast.outlived(instance, sent);
    if (!outcome) this.#tally.count('crashes', `${dies} a report`);
    else if (!outcome.ok && !['session-over', 'rate'].includes(outcome.details.reason))
      throw new ModelError(`a report was refused with ${outcome.details.reason}`);
    else if (outcome.ok && this.#mints.revoked.has(sessionId) !== (outcome.answer.stop?.reason === 'revoked'))
      throw new ModelError(`a report was answered with stop ${outcome.answer.stop?.reason}`);
  }

  async #revoke(
    sessionId: string,
    { instance, dies }: Extract<Step, { readonly do: 'revoke' }>,
  ): Promise<void> {
    // A session that is dead has nothing to revoke.
    const lives = this.#mints.orders.some(
      (each) => each.stands && each.session === sessionId && each.expiresAt > this.#cast.now,
    );
    this.#cast.arm(instance, dies === 'no' ? null : OTHER_CRASHES[`${dies} a revoke`]);
    const act = revokeLiveSession(this.#admin(instance), OPERATOR, { v: 1, sessionId, reason: '' });
    const outcome = await this.#cast.outlived(instance, act);
    if (!outcome) this.#tally.count('crashes', `${dies} a revoke`);
    if (lives && (outcome || dies === 'after')) this.#mints.revoked.add(sessionId);
  }

  /** Gives a user minutes for the day, or takes them back; a user nobody has seen has an account too. */
  async #raise({ user, instance, minutes, dies }: Extract<Step, { readonly do: 'raise' }>): Promise<void> {
    const { uid } = this.#cast.caller(user);
    const { now } = this.#cast;
    const given = this.#mints.given(uid);
    const changes = given.lastOn(now) !== minutes;
    this.#cast.arm(instance, dies === 'no' ? null : OTHER_CRASHES[`${dies} a raise`]);
    const act = raiseLiveQuota(this.#admin(instance), OPERATOR, { v: 1, uid, minutes, reason: '' });
    const outcome = await this.#cast.outlived(instance, act);
    if (!outcome) this.#tally.count('crashes', `${dies} a raise`);
    else if (outcome.changed !== changes)
      throw new ModelError(`a raise to ${minutes} min answered changed: ${outcome.changed}`);
    if (outcome || dies === 'after') given.give(now, minutes);
  }

  #admin(instance: number): AdminDependencies {
    const { paths, db } = this.#cast.world(instance);
    const record = { disabled: false, customClaims: {}, tokensValidAfter: null };
    return {
      paths,
      users: { read: async () => record, setClaims: async () => {}, revokeTokens: async () => {} },
      run: transactionsOn(db),
      now: () => this.#cast.now,
      newId: () => this.#pages.newId(),
      log: { adminActed: () => {} },
    };
  }

  async #sweep({ instance, dies }: Extract<Step, { readonly do: 'sweep' }>): Promise<void> {
    const point = dies === 'before' ? 'before a sweep closes' : 'in the middle of a sweep';
    this.#cast.arm(instance, dies === 'no' ? null : OTHER_CRASHES[point]);
    const outcome = await this.#cast.outlived(instance, this.#cast.world(instance).sweep());
    if (outcome === null) this.#tally.count('crashes', point);
  }

  /** The days' figures, and each user's months, add up to what was asked for: crashes and repeats of the sweep included. */
  #compareFigures(): void {
    if (!this.#books.dump) return;
    const documents = Object.entries(this.#books.dump());
    const days = documents
      .filter(([path]) => /^liveStats\/[^/]+\/shards\//.test(path))
      .map(([, { all }]) => (all ?? {}) as Leased);
    compare('the figures', days, this.#mints.orders);
    for (const { uid } of this.#cast.callers) {
      const months = documents
        .filter(([path, fields]) => path.startsWith('liveUsage/') && fields.uid === uid)
        .map(([, fields]) => fields as Leased);
      const orders = this.#mints.orders.filter(({ user }) => user === uid);
      compare("a user's months", months, orders);
    }
  }
}

interface Leased {
  readonly leasedSeconds?: number;
}

function compare(what: string, figures: readonly Leased[], orders: readonly Order[]): void {
  const leased = figures.reduce((sum, { leasedSeconds = 0 }) => sum + leasedSeconds, 0);
  const asked = orders
    .filter(({ stands }) => stands)
    .reduce((sum, { expiresAt, calledAt }) => sum + (expiresAt - calledAt) / 1_000, 0);
  if (Math.abs(leased - asked) > 0.01)
    throw new ModelError(`${what} say ${leased} s were leased, ${asked} s were asked for`);
}

function nextWindow(now: number, of: 'day' | 'month'): number {
  const date = new Date(now);
  return of === 'day'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1)
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
