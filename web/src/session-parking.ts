/**
 * Sessions whose holder let go a moment ago: whoever comes back for one gets it instead of a second lease.
 * @module
 */
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import type { LiveCloseCause, LiveSessionState } from './session-events.ts';

/** What is held of a session here. */
export interface HeldSession {
  readonly isClosed: boolean;
  on(
    type: 'state',
    listener: (event: { readonly state: LiveSessionState; readonly cause?: LiveCloseCause }) => void,
  ): () => void;
  close(): Promise<void>;
}

/**
 * - `idle`: nothing is asked for
 * - `connecting`: a token is on its way, or the handshake
 * - `open`: `session` is there; `state` is `open`, or says that it moves and holds what is sent
 * - `closed`: it is over, `cause` says why
 * - `failed`: `connect()` rejected with `error`
 */
export type SessionView<S> =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  | { readonly status: 'open'; readonly session: S; readonly state: LiveSessionState }
  | { readonly status: 'closed'; readonly cause?: LiveCloseCause }
  | { readonly status: 'failed'; readonly error: Error };

/** One holder's hand on a session. */
export interface Hold<S> {
  readonly view: SessionView<S>;
  /** Told every change of `view`; at most one listener. */
  listen(listener: (view: SessionView<S>) => void): void;
  /** Lets go: the session is closed after the grace unless somebody takes it over before. */
  release(): void;
}

/** Opens sessions and keeps those that were let go for `graceMs`. */
export class SessionParking<S extends HeldSession> {
  readonly #clock: Clock;
  readonly #graceMs: number;
  /** By what they were opened for, in the order they were let go. */
  readonly #parked = new Map<unknown, Stall<S>[]>();

  constructor(options: { readonly clock: Clock; readonly graceMs: number }) {
    this.#clock = options.clock;
    this.#graceMs = options.graceMs;
  }

  /** The session that was let go last under this key and still runs, or a new one. Never one that another holds. */
  take(key: unknown, connect: () => Promise<S>): Hold<S> {
    const parked = this.#parked.get(key)?.pop();
    parked?.keep();
    const stall = parked && !parked.isOver ? parked : new Stall(connect);
    let isHeld = true;
    return {
      get view() {
        return stall.view;
      },
      listen: (listener) => {
        if (isHeld) stall.listener = listener;
      },
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        stall.listener = undefined;
        this.#park(key, stall);
      },
    };
  }

  #park(key: unknown, stall: Stall<S>): void {
    const waiting = this.#parked.get(key) ?? [];
    this.#parked.set(key, waiting);
    waiting.push(stall);
    const stop = this.#clock.after(this.#graceMs, () => {
      this.#forget(key, stall);
      stall.leave();
    });
    stall.keep = () => {
      stop();
      this.#forget(key, stall);
    };
  }

  #forget(key: unknown, stall: Stall<S>): void {
    const left = (this.#parked.get(key) ?? []).filter((each) => each !== stall);
    if (left.length > 0) this.#parked.set(key, left);
    else this.#parked.delete(key);
  }
}

/** One session from its `connect()` to its end. */
class Stall<S extends HeldSession> {
  listener: ((view: SessionView<S>) => void) | undefined;
  /** Stops the grace. */
  keep: () => void = () => {};
  #view: SessionView<S> = { status: 'connecting' };
  #isLeft = false;

  constructor(connect: () => Promise<S>) {
    void this.#open(connect);
  }

  get view(): SessionView<S> {
    return this.#view;
  }

  /** Nothing comes of it any more. */
  get isOver(): boolean {
    return this.#isLeft || this.#view.status === 'closed' || this.#view.status === 'failed';
  }

  /** Nobody wants it: closed now, or as soon as it is open. A token that was asked for cannot be given back. */
  leave(): void {
    this.#isLeft = true;
    if (this.#view.status === 'open') void this.#view.session.close().catch(() => {});
  }

  async #open(connect: () => Promise<S>): Promise<void> {
    try {
      const session = await connect();
      if (this.#isLeft) {
        await session.close().catch(() => {});
        return;
      }
      session.on('state', ({ state, cause }) =>
        this.#show(
          state === 'closed'
            ? { status: 'closed', ...(cause ? { cause } : {}) }
            : { status: 'open', session, state },
        ),
      );
      this.#show(session.isClosed ? { status: 'closed' } : { status: 'open', session, state: 'open' });
    } catch (cause) {
      const error =
        cause instanceof Error ? cause : new AIError('error', 'connect() rejected.', undefined, { cause });
      this.#show({ status: 'failed', error });
    }
  }

  #show(view: SessionView<S>): void {
    this.#view = view;
    this.listener?.(view);
  }
}
