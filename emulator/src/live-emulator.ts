/**
 * The running emulator as its owner sees it.
 * @module
 */
import type { ClientMessage, LiveSetup, ServerMessage, UsageTotals } from '@livegate/protocol';
import type { Answer } from './answer.ts';
import type { AnswerScope, LaidAnswer } from './answer-book.ts';
import type { Backend, Door, LiveMethod } from './endpoints.ts';
import type { FaultRule, StandingFault } from './fault.ts';
import type { RuntimeOptions } from './runtime-options.ts';

/** Where a session stands. `hearing`: the user speaks; `answering`: the model does; `calling`: tools run. */
export type SessionState = (typeof SESSION_STATES)[number];
/** Every {@link SessionState}. */
export const SESSION_STATES = [
  'connecting',
  'listening',
  'hearing',
  'answering',
  'calling',
  'closed',
] as const;
/** Who can have closed a connection; `lost`: its socket went without a close frame. */
export const CLOSERS = ['client', 'emulator', 'lost'] as const;

/** One connection, as it is now. Holds no credential and no handle. */
export interface LiveSessionView {
  /** Names the connection within this run. */
  readonly id: string;
  readonly state: SessionState;
  readonly connected: boolean;
  readonly openedAtMs: number;
  readonly closedAtMs?: number;
  readonly closeCode?: number;
  readonly closeReason?: string;
  /** Who closed. `lost`: the socket went without a close frame. */
  readonly closedBy?: (typeof CLOSERS)[number];
  readonly backend: Backend;
  readonly door: Door;
  readonly apiVersion: string;
  readonly method: LiveMethod;
  /** The region that the address named, on Vertex AI. */
  readonly location?: string;
  /** Id of the model, without `models/`. */
  readonly model?: string;
  /** The setup in force, handle left out. */
  readonly setup?: LiveSetup;
  /** The connection whose handle this one resumed. */
  readonly resumedFrom?: string;
  /** First 16 hex digits of the SHA-256 of the token's name; absent where an API key was used. */
  readonly tokenHash?: string;
  /** Turns of this connection that completed, interrupted ones included. */
  readonly turns: number;
  readonly interruptions: number;
  /** Sum of every `usageMetadata` sent on this connection. */
  readonly usage: UsageTotals;
  /** Tokens that the conversation holds, instruction and tools with it. */
  readonly contextTokens: number;
  /** How often the oldest part of it was dropped. */
  readonly compressions: number;
  /** Media received: audio in s, video in frames. */
  readonly audioSeconds: number;
  readonly videoFrames: number;
}

/**
 * What happened. `seq` numbers the entries of a run from 1, without a gap. `message` has credentials and handles replaced
 * by `[hidden]`, media by `[n bytes]`; `bytes` is what it weighed on the wire.
 */
export type JournalEntry = { readonly seq: number; readonly atMs: number; readonly sessionId: string } & (
  | { readonly kind: 'open' }
  | { readonly kind: 'in'; readonly bytes: number; readonly message: ClientMessage }
  | { readonly kind: 'in-refused'; readonly bytes: number; readonly problem: string }
  | { readonly kind: 'out'; readonly bytes: number; readonly message: ServerMessage }
  | { readonly kind: 'warning'; readonly text: string }
  /** Something went wrong on purpose; no `rule` where an answer said so, no session at the doors (`sessionId` is empty). */
  | { readonly kind: 'fault'; readonly fault: string; readonly rule?: string }
  | {
      readonly kind: 'close';
      readonly code: number;
      readonly reason: string;
      readonly by: (typeof CLOSERS)[number];
    }
);

/** A running emulator. */
export interface LiveEmulator {
  /** `http://127.0.0.1:port`; `https://…` with TLS. */
  readonly url: string;
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** With TLS by a certificate made here: the file to trust, PEM. Gone after `close()` unless `tls.folder` keeps it. */
  readonly caFile?: string;
  readonly port: number;
  /** The bearer that the control API wants. A secret: whoever has it can do here what this object can. */
  readonly controlToken: string;
  /** Address of the live page, with the control token in its fragment. */
  readonly pageUrl: string;
  /** Every connection of this run, oldest first, closed ones included. */
  sessions(): readonly LiveSessionView[];
  /** What happened, oldest first; of one session where named. */
  journal(sessionId?: string): readonly JournalEntry[];
  /** Audio a connection sent, 16 kHz mono. Empty unless `captureAudio` is on. */
  receivedAudio(sessionId: string): Int16Array;
  /** Announces the end of a connection and closes it `timeLeftMs` later (default: the notice time). False for one that is not open. */
  goAway(sessionId: string, timeLeftMs?: number): boolean;
  /** Cuts a connection: with a close frame of that code, or without any. False for one that is not open. */
  drop(sessionId: string, code?: number, reason?: string): boolean;
  /**
   * Sends a message to a client as if the model had said it; the session's own state does not change by it. False for a
   * session that is not open.
   */
  inject(sessionId: string, message: ServerMessage): boolean;
  /** The emulator's time, epoch ms: the clock it was started with, plus what {@link advanceClock} added. */
  now(): number;
  /** What {@link advanceClock} added so far, in ms; 0 where it moves a clock that was given. */
  clockOffset(): number;
  /** `seq` of the newest journal entry of the run; 0 before the first. */
  lastSeq(): number;
  /**
   * Moves the emulator's time `ms` on. What falls due on the way happens at once, in order, each at its own instant:
   * limits, goAway, expiry of tokens and handles, answers under way. Speech is cut by its samples and is not hurried.
   * Resolves when all of it has been sent. Rejects with {@link EmulatorError} `invalid-option` unless `ms` is 0 to 366 days.
   */
  advanceClock(ms: number): Promise<void>;
  /**
   * Lays down what is answered from now on, in place of what was laid down for the same scope; `undefined` takes that
   * back. Where several fit, a session's own goes first, then an instruction's, then everybody's. Each answer given
   * counts as one of `times`, the one to a function's responses too.
   */
  answerWith(answer: Answer | undefined, scope?: AnswerScope): void;
  /** The answers laid down and still to be given. */
  answers(): readonly LaidAnswer[];
  /** The options that may change while it runs, as they are. */
  options(): RuntimeOptions;
  /**
   * Changes them, for what begins afterwards: a connection, a turn, a token, a handle. Throws {@link EmulatorError}
   * `invalid-option` and changes none where one makes no sense.
   */
  setOptions(options: RuntimeOptions): void;
  /** Calls `listener` with every entry of the journal, and with `undefined` after a reset, until the function it gives is called. */
  listen(listener: (entry: JournalEntry | undefined) => void): () => void;
  /**
   * As if just started: every connection is closed (1001); sessions, journal, audio, tokens, handles, answers laid down
   * and the clock's offset are gone; options and faults are as they were at the start. Port and control token stay, session ids and
   * journal numbers go on counting, and a given clock that is moved by hand stays where it is.
   */
  reset(): Promise<void>;
  /**
   * Lets something go wrong from now on, and gives the rule's name. Throws {@link EmulatorError} `invalid-fault` that names
   * the field.
   */
  fault(rule: FaultRule): string;
  /** The rules that may still befall something new, oldest first; one for the next connection until that has come. */
  faults(): readonly StandingFault[];
  /** Ends every rule and lifts what lasts: stalls, shapes, requests that hang. */
  clearFaults(): void;
  /**
   * Resolves with the first value of `read` that is neither `undefined` nor `false`, looking again after
   * everything that happens. Rejects with {@link EmulatorError} `timeout` after `timeoutMs` (default 5,000).
   */
  waitFor<T>(read: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  /** Ends every connection, timer and the port. Calling it again gives the same promise. */
  close(): Promise<void>;
}
