/**
 * Drives one session: gives it what comes and the time, does what it wants done, asks the handler.
 * @module
 */
import { closeReason, encodeServerMessage, type ServerMessage } from '@livegate/protocol';
import type { AnswerHandler } from './answer.ts';
import type { CancelTimer, Clock } from './clock.ts';
import { CLOSINGS, type ClosingCondition, closingFrame } from './closings.ts';
import type { Endpoint } from './endpoints.ts';
import { EmulatorError } from './errors.ts';
import type { Fault } from './fault.ts';
import type { Journal } from './journal.ts';
import type { LiveSessionView } from './live-emulator.ts';
import type { LogSink } from './log.ts';
import { isCloseCode } from './options.ts';
import type { LiveSession } from './session.ts';
import type { SessionEffect, SessionInput } from './session-effects.ts';

/** The socket as the driver sees it. */
export interface Wire {
  /** A message as text, and what it says. */
  send(text: string, message: ServerMessage): void;
  close(code: number, reason: string): void;
  /** Ends it without a close frame. */
  cut(): void;
}

/** Lets faults happen where the driver says that they may. */
export interface FaultPoint {
  /** The handler is asked to answer the turn of that index; more than once where tools run. */
  beginTurn(index: number): void;
  /** A step of an answer is a fault. */
  letHappen(fault: Fault): void;
}

/** What a connection needs. */
export interface ConnectionSurroundings {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly tokenHash: string | undefined;
  readonly session: LiveSession;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly answer: AnswerHandler;
  readonly journal: Journal;
  readonly log: LogSink;
  /** What this run's log has warned of already. */
  readonly warned?: Set<string>;
  readonly faults?: FaultPoint;
  /** Told once, when it is over: the view changes no more. */
  readonly ended?: (view: LiveSessionView) => void;
}

interface Ending {
  readonly atMs: number;
  readonly code: number;
  readonly reason: string;
  readonly by: 'client' | 'emulator' | 'lost';
}

/** One connection, from its socket's opening to its end. */
export class Connection {
  readonly #around: ConnectionSurroundings;
  readonly #openedAtMs: number;
  #inputs: SessionInput[] = [];
  #isStepping = false;
  #timer: { readonly atMs: number; readonly cancel: CancelTimer } | undefined;
  #ending: Ending | undefined;
  #hasToldEnd = false;

  private constructor(around: ConnectionSurroundings) {
    this.#around = around;
    this.#openedAtMs = around.clock.now();
  }

  /** Starts driving a session whose socket has just opened. */
  static open(around: ConnectionSurroundings): Connection {
    const connection = new Connection(around);
    around.journal.note({ kind: 'open', sessionId: around.id }, around.clock.now());
    around.log('info', `${around.id} open ${around.endpoint.apiVersion} ${around.endpoint.method}`);
    connection.#step({ kind: 'open' });
    return connection;
  }

  get isOpen(): boolean {
    return this.#ending === undefined;
  }

  get view(): LiveSessionView {
    const { id, endpoint, tokenHash, session } = this.#around;
    const ending = this.#ending;
    return {
      id,
      ...endpoint,
      connected: this.isOpen,
      openedAtMs: this.#openedAtMs,
      ...session.figures,
      ...(tokenHash !== undefined && { tokenHash }),
      ...(ending && {
        closedAtMs: ending.atMs,
        closeCode: ending.code,
        closeReason: ending.reason,
        closedBy: ending.by,
      }),
    };
  }

  /** A whole frame came. */
  receive(text: string): void {
    this.#step({ kind: 'frame', text });
  }

  /** The socket is gone; 1006 where no close frame came. */
  gone(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#step({ kind: 'gone' });
    this.#ended(code, reason, code === 1006 ? 'lost' : 'client');
  }

  /** Announces the end. False where there is nothing to end. */
  goAway(timeLeftMs?: number): boolean {
    if (!this.isOpen) return false;
    this.#step({ kind: 'go-away', ...(timeLeftMs !== undefined && { timeLeftMs }) });
    return true;
  }

  /**
   * Ends the connection with a close frame of that code, or with none. False where there is nothing to end.
   * Throws {@link EmulatorError} `invalid-option` for a code that may not be sent.
   */
  drop(code?: number, reason = ''): boolean {
    if (code !== undefined && !isCloseCode(code))
      throw new EmulatorError('invalid-option', `${code} is no close code that may be sent.`);
    if (!this.isOpen) return false;
    this.#step({ kind: 'gone' });
    if (code === undefined) this.#around.wire.cut();
    else this.#around.wire.close(code, closeReason(reason));
    this.#ended(code ?? 1006, reason, 'emulator');
    return true;
  }

  /** Sends a message of the operator's. False where there is nobody to send it to. */
  inject(message: ServerMessage): boolean {
    if (!this.isOpen) return false;
    this.#step({ kind: 'inject', message });
    return true;
  }

  /** The emulator ends it. */
  end(condition: ClosingCondition = 'emulator-closing'): void {
    if (this.isOpen) this.#step({ kind: 'end', condition });
  }

  /** A fault has ended it; whoever let it happen sees to the wire. */
  broken(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#step({ kind: 'gone' });
    this.#ended(code, reason, 'emulator');
  }

  /** One input at a time: what a handler answers at once waits until the effects before it are done. */
  #step(input: SessionInput): void {
    this.#inputs.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    const { session, clock } = this.#around;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
        for (const effect of session.step(next, clock.now())) this.#apply(effect);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isStepping = false;
    }
    this.#schedule();
    this.#tellEnd();
  }

  #apply(effect: SessionEffect): void {
    const { id: sessionId, clock, journal, log, warned, wire } = this.#around;
    // A fault may end the connection in the midst of what a step wants done.
    if (!this.isOpen) return;
    switch (effect.kind) {
      case 'send':
        this.#send(effect.message);
        break;
      case 'close':
        log('info', `${sessionId} closed by the emulator: ${CLOSINGS[effect.condition].when}`);
        // 1006 is what a client sees where no close frame comes; it cannot be sent.
        if (effect.code === 1006) wire.cut();
        else wire.close(effect.code, effect.reason);
        this.#ended(effect.code, effect.reason, 'emulator');
        break;
      case 'ask':
        this.#ask(effect);
        break;
      case 'fault':
        this.#around.faults?.letHappen(effect.fault);
        break;
      case 'taken':
        journal.note({ kind: 'in', sessionId, bytes: effect.bytes, message: effect.message }, clock.now());
        break;
      case 'refused':
        journal.note(
          { kind: 'in-refused', sessionId, bytes: effect.bytes, problem: effect.problem },
          clock.now(),
        );
        break;
      case 'warn':
        journal.note({ kind: 'warning', sessionId, text: effect.text }, clock.now());
        if (effect.once === undefined || !warned?.has(effect.once))
          log('warn', `${sessionId} ${effect.text}`);
        if (effect.once !== undefined) warned?.add(effect.once);
        break;
    }
  }

  #send(message: ServerMessage): void {
    const { id: sessionId, clock, journal, wire } = this.#around;
    const text = encodeServerMessage(message);
    journal.note({ kind: 'out', sessionId, bytes: Buffer.byteLength(text), message }, clock.now());
    wire.send(text, message);
  }

  #ask({ ask, turn, context }: Extract<SessionEffect, { kind: 'ask' }>): void {
    if (turn.cause !== 'session-start') this.#around.faults?.beginTurn(turn.index);
    if (!this.isOpen) return;
    const fail = (error: unknown): void => {
      const { id, log } = this.#around;
      // A message of ours names the remedy and no word of a conversation; of another's nobody knows what it holds.
      const why = error instanceof EmulatorError ? error.message : undefined;
      const kind = error instanceof Error ? error.name : typeof error;
      log('error', `${id} the answer handler failed: ${why ?? kind}`);
      log('debug', `${id} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.#step({ kind: 'answer-failed', ask });
    };
    try {
      const answer = this.#around.answer(turn, context);
      if (answer instanceof Promise)
        answer.then((steps) => this.#step({ kind: 'answer', ask, answer: steps })).catch(fail);
      else this.#step({ kind: 'answer', ask, answer });
    } catch (error) {
      fail(error);
    }
  }

  #ended(code: number, reason: string, by: Ending['by']): void {
    if (this.#ending) return;
    const { id: sessionId, clock, journal, log } = this.#around;
    this.#ending = { atMs: clock.now(), code, reason, by };
    this.#timer?.cancel();
    this.#timer = undefined;
    journal.note({ kind: 'close', sessionId, code, reason, by }, clock.now());
    log('info', `${sessionId} over, ${code}, by ${by}`);
    this.#tellEnd();
  }

  /** What an answer holds may be impossible to send: that ends this connection, and no other. */
  #fail(error: unknown): void {
    const { id, log, session, wire } = this.#around;
    log('error', `${id} cannot go on: ${error instanceof Error ? error.name : typeof error}`);
    log('debug', `${id} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    this.#inputs = [];
    session.abandon();
    if (!this.isOpen) return;
    const { code, reason } = closingFrame('internal-error');
    wire.close(code, reason);
    this.#ended(code, reason, 'emulator');
  }

  /** A fault ends the connection in the midst of a step: its session is over once that is done. */
  #tellEnd(): void {
    if (!this.#ending || this.#isStepping || this.#hasToldEnd) return;
    this.#hasToldEnd = true;
    this.#around.ended?.(this.view);
  }

  #schedule(): void {
    const { session, clock } = this.#around;
    const atMs = this.isOpen ? session.nextMs : undefined;
    if (atMs === this.#timer?.atMs) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (atMs === undefined) return;
    const cancel = clock.setTimeout(() => {
      this.#timer = undefined;
      this.#step({ kind: 'tick' });
    }, atMs - clock.now());
    this.#timer = { atMs, cancel };
  }
}
