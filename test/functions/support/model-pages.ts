/**
 * What the pages of a run know: the sessions they were told of, and the requests they sent.
 * @module
 */
import type { MintAnswer } from '@livegate/protocol';
import type { Order } from './model-ledger.ts';

/** A session that a page knows. */
export interface KnownSession {
  readonly id: string;
  readonly user: number;
  /** Of the newest token; `null` where its answer was lost. */
  last: MintAnswer | null;
  /** Reports sent. */
  seq: number;
}

/** A mint request that was sent. */
export interface SentMint {
  readonly user: number;
  readonly request: { readonly op: Order['op']; readonly requestId: string; readonly sessionId?: string };
  readonly instance: number;
  readonly at: number;
  /** What came back to the page; `null` otherwise. */
  answer: MintAnswer | null;
}

let runs = 0;

/** The pages of one run. */
export class ModelPages {
  readonly #sessions: KnownSession[] = [];
  readonly #sent: SentMint[] = [];
  readonly #run = ++runs;
  #ids = 0;

  /** Some session, counted from the newest; `undefined` where none is known. */
  recent(back: number): KnownSession | undefined {
    return this.#sessions.at(-1 - (back % Math.max(1, this.#sessions.length)));
  }

  /** Some request, counted from the newest. */
  recentMint(back: number): SentMint | undefined {
    return this.#sent.at(-1 - (back % Math.max(1, this.#sent.length)));
  }

  /** True where the session was told to this user. */
  isOf(sessionId: string, user: number): boolean {
    return this.#sessions.some((each) => each.id === sessionId && each.user === user);
  }

  /** The session, known from now on. */
  learn(id: string, user: number): KnownSession {
    const held = this.#sessions.find((each) => each.id === id);
    if (held) return held;
    const known: KnownSession = { id, user, last: null, seq: 0 };
    this.#sessions.push(known);
    return known;
  }

  /** An id that no other request of this process has. */
  newId(): string {
    return `request-${this.#run}-${++this.#ids}`;
  }

  /** A request of its own. */
  request(op: Order['op'], sessionId?: string): SentMint['request'] {
    const requestId = this.newId();
    return sessionId === undefined ? { op, requestId } : { op, requestId, sessionId };
  }

  note(sent: SentMint): void {
    this.#sent.push(sent);
  }

  /** The last time this instance answered a request with this id. */
  answered({ request, instance }: SentMint): SentMint | undefined {
    return this.#sent.findLast(
      (each) =>
        each.answer !== null && each.instance === instance && each.request.requestId === request.requestId,
    );
  }
}

/** A request as `mintLiveToken` takes it. */
export function bodyOf({ op, requestId, sessionId }: SentMint['request']): object {
  return op === 'start'
    ? { v: 1, op, requestId, model: 'gemini-3.8-live' }
    : { v: 1, op, requestId, sessionId };
}
