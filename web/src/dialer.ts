/**
 * Gets a session its next connection: a token, a socket, and another try where one can help.
 * @module
 */
import { type LiveSetup, type MintAnswer, override, valueAt } from '@livegate/protocol';
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import { type LeaseTimes, mintOp } from './lease-policy.ts';
import { type ConnectionEvents, type LiveConnection, openConnection } from './live-connection.ts';
import type { Grant, MintBody, MintDesk } from './mint-desk.ts';
import { refusalReason } from './mint-error.ts';
import { afterFailure, backoffMs, GIVE_UP_AFTER_MS, isTransient } from './resume-policy.ts';
import type { LiveSocketFactory } from './web-socket-handler.ts';

/** How to come to a connection. */
export interface DialPlan {
  readonly sessionId: string;
  /** A token in hand, to be tried first. */
  readonly first: Grant | undefined;
  /** `first` opened a connection before: it is good for one try with a handle. */
  readonly held: boolean;
  /** The state to resume; a secret. */
  readonly handle: string | undefined;
  /** There is a history to start afresh from. */
  readonly hasHistory: boolean;
  /** The lease that runs, or ran last. */
  readonly lease: LeaseTimes;
  readonly signal: AbortSignal;
  /** Makes the ears of a connection before it is opened. */
  readonly listen: (grant: Grant) => ConnectionEvents;
  readonly onGrant: (grant: Grant) => void;
}

/** A connection, and what it took up. */
export interface Dialed {
  readonly connection: LiveConnection;
  readonly grant: Grant;
  /** The state behind the handle is there. */
  readonly resumed: boolean;
}

/** Opens connections for one session. */
export class Dialer {
  readonly #desk: MintDesk;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #openSocket: LiveSocketFactory;
  readonly #wished: Partial<LiveSetup>;
  readonly #timeoutMs: number;

  constructor(options: {
    readonly desk: MintDesk;
    readonly clock: Clock;
    readonly random: () => number;
    readonly openSocket: LiveSocketFactory;
    readonly wished: Partial<LiveSetup>;
    readonly timeoutMs: number;
  }) {
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#openSocket = options.openSocket;
    this.#wished = options.wished;
    this.#timeoutMs = options.timeoutMs;
  }

  /** Opens a connection under one token, once. Rejects as {@link openConnection} does. */
  open(
    grant: Grant,
    options: {
      readonly handle: string | undefined;
      readonly signal: AbortSignal;
      readonly events: ConnectionEvents;
    },
  ): Promise<LiveConnection> {
    return openConnection({
      openSocket: this.#openSocket,
      clock: this.#clock,
      address: grant.address,
      setup: firstSetup(grant.answer, this.#wished, options.handle),
      sessionId: grant.answer.sessionId,
      timeoutMs: this.#timeoutMs,
      signal: options.signal,
      events: options.events,
    });
  }

  /**
   * Opens a connection with the handle, with as many tokens and tries as `resume-policy.ts` allows; afresh where the
   * resume is refused. Rejects with the last error: a final refusal, or a network that stayed away for a minute.
   */
  async dial(plan: DialPlan): Promise<Dialed> {
    const since = this.#clock.now();
    let { first: grant, held, handle, lease } = plan;
    let tries = 0;
    let waits = 0;
    for (;;) {
      if (plan.signal.aborted) throw new AIError('request-error', 'The session was closed.');
      try {
        if (!grant) {
          const op = mintOp(lease, this.#clock.now());
          const fresh = handle === undefined && plan.hasHistory;
          const body: MintBody = { op, sessionId: plan.sessionId, ...(fresh ? { fresh } : {}) };
          grant = await this.#desk.ask(body);
          ({ lease } = grant);
          held = false;
          tries = 0;
          plan.onGrant(grant);
        }
      } catch (error) {
        const wait = this.#mintAgainIn(error, { since, waits: waits++ });
        if (wait === undefined || plan.signal.aborted) throw error;
        await this.#pause(wait, plan.signal);
        continue;
      }
      tries++;
      try {
        const events = plan.listen(grant);
        const connection = await this.open(grant, { handle, signal: plan.signal, events });
        return { connection, grant, resumed: handle !== undefined };
      } catch (error) {
        const code = error instanceof AIError ? error.customErrorData?.closeCode : undefined;
        const { startBy } = grant.lease;
        const failed = { code, resumed: handle !== undefined, tries, held, startBy, since };
        const next = afterFailure(failed, this.#clock.now());
        if (next === 'give-up' || plan.signal.aborted) throw error;
        if (next === 'fresh') handle = undefined;
        if (next !== 'same-token') grant = undefined;
        // A held token costs nothing to try and nothing to give up: the next one follows at once.
        if (!held && next !== 'fresh') await this.#pause(backoffMs(waits++, this.#random), plan.signal);
      }
    }
  }

  /** Ms after which a refused mint is worth another try; `undefined` where it is not. */
  #mintAgainIn(error: unknown, at: { readonly since: number; readonly waits: number }): number | undefined {
    if (!(error instanceof AIError)) return undefined;
    const isFinal = error.code === 'response-error' || error.code === 'unsupported';
    const isSignedOut = error.customErrorData?.reason === 'unauthenticated';
    if (isFinal || isSignedOut || !isTransient(refusalReason(error))) return undefined;
    const wait = Math.max(error.customErrorData?.retryAfterMs ?? 0, backoffMs(at.waits, this.#random));
    return this.#clock.now() + wait - at.since < GIVE_UP_AFTER_MS ? wait : undefined;
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#clock.after(ms, done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/**
 * The first frame: what the server gave, with the page's own values where the token leaves them open, and the
 * handle. Updates are always asked for: without a handle no swap could go on.
 */
export function firstSetup(
  answer: MintAnswer,
  wished: Partial<LiveSetup>,
  handle: string | undefined,
): LiveSetup {
  const own = answer.openFields.filter((path) => valueAt(wished, path) !== undefined);
  const setup = override(answer.setup, wished, own);
  return { ...setup, sessionResumption: handle === undefined ? {} : { handle } };
}
