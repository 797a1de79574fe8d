/**
 * Gets a session its next connection: a token, a socket, and another try where one can help.
 * @module
 */
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import { type LeaseTimes, mintOp } from './lease-policy.ts';
import type { Grant, MintDesk } from './mint-desk.ts';
import { refusalReason } from './mint-error.ts';
import { afterFailure, backoffMs, GIVE_UP_AFTER_MS, isTransient } from './resume-policy.ts';
import type { Opening } from './session-line.ts';
import type { SessionLink } from './session-link.ts';
import type { MintBody } from './token-request.ts';

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
  /** A state that is refused is left behind for a new one. */
  readonly mayStartAfresh: boolean;
  readonly signal: AbortSignal;
  readonly onGrant: (grant: Grant) => void;
}

/** A connection, and what it took up. */
export interface Dialed {
  readonly link: SessionLink<Grant>;
  /** The state behind the handle is there. */
  readonly resumed: boolean;
}

/** Opens connections for one session. */
export class Dialer {
  readonly #desk: MintDesk;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #open: (grant: Grant, how: Opening) => Promise<SessionLink<Grant>>;

  /** `open` opens a connection under one token, once. */
  constructor(options: {
    readonly desk: MintDesk;
    readonly clock: Clock;
    readonly random: () => number;
    readonly open: (grant: Grant, how: Opening) => Promise<SessionLink<Grant>>;
  }) {
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#open = options.open;
  }

  /**
   * Opens a connection with the handle, with as many tokens and tries as `resume-policy.ts` allows; afresh where the
   * resume is refused. Rejects with the last error: a final refusal, or a network that stayed away for a minute;
   * `request-error` once `signal` is aborted, and leaves nothing open then.
   */
  async dial(plan: DialPlan): Promise<Dialed> {
    const since = this.#clock.now();
    let { first: grant, held, handle } = plan;
    // What follows a token in hand is asked for in that token's lease, which its predecessor's end does not renew.
    let lease = grant?.lease ?? plan.lease;
    let tries = 0;
    let waits = 0;
    const { signal, sessionId } = plan;
    const goesOn = (): void => {
      if (signal.aborted) throw new AIError('request-error', 'The session was closed.', { sessionId });
    };
    for (;;) {
      goesOn();
      try {
        if (!grant) {
          const op = mintOp(lease, this.#clock.now());
          const fresh = handle === undefined && plan.hasHistory;
          const body: MintBody = { op, sessionId, ...(fresh ? { fresh } : {}) };
          grant = await this.#desk.ask(body);
          goesOn();
          ({ lease } = grant);
          held = false;
          tries = 0;
          plan.onGrant(grant);
        }
      } catch (error) {
        const wait = this.#mintAgainIn(error, { since, waits: waits++ });
        if (wait === undefined || signal.aborted) throw error;
        await this.#pause(wait, signal);
        continue;
      }
      tries++;
      try {
        const link = await this.#open(grant, { handle, signal });
        if (signal.aborted) void link.connection?.close();
        goesOn();
        return { link, resumed: handle !== undefined };
      } catch (error) {
        const code = error instanceof AIError ? error.customErrorData?.closeCode : undefined;
        const { startBy } = grant.lease;
        const failed = { code, resumed: handle !== undefined, tries, held, startBy, since };
        const next = afterFailure(failed, this.#clock.now());
        const isRefused = next === 'fresh' && !plan.mayStartAfresh;
        if (next === 'give-up' || isRefused || signal.aborted) throw error;
        if (next === 'fresh') handle = undefined;
        if (next !== 'same-token') grant = undefined;
        // A held token costs nothing to try and nothing to give up: the next one follows at once.
        if (!held && next !== 'fresh') await this.#pause(backoffMs(waits++, this.#random), signal);
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
