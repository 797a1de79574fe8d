/**
 * What goes into a session and what comes out of it.
 * @module
 */
import type { ClientMessage, ServerMessage } from '@livegate/protocol';
import type { Answer, AnswerContext, UserTurn } from './answer.ts';
import type { ClosingCondition } from './closings.ts';
import type { Fault } from './fault.ts';

/** What can happen to a session. */
export type SessionInput =
  /** The socket opened. First, and once. */
  | { readonly kind: 'open' }
  /** A whole frame of the client, as text. */
  | { readonly kind: 'frame'; readonly text: string }
  /** Time has passed. */
  | { readonly kind: 'tick' }
  /** What the handler said to the `ask` of that number. A late one is ignored. */
  | { readonly kind: 'answer'; readonly ask: number; readonly answer: Answer }
  | { readonly kind: 'answer-failed'; readonly ask: number }
  /** The operator announces the end; default: the notice time. */
  | { readonly kind: 'go-away'; readonly timeLeftMs?: number }
  /** The operator has the model say something. */
  | { readonly kind: 'inject'; readonly message: ServerMessage }
  /** The emulator ends the connection. */
  | { readonly kind: 'end'; readonly condition: ClosingCondition }
  /** The socket is gone. */
  | { readonly kind: 'gone' };

/** What a session wants done, in order. */
export type SessionEffect =
  | { readonly kind: 'send'; readonly message: ServerMessage }
  | {
      readonly kind: 'close';
      readonly code: number;
      readonly reason: string;
      readonly condition: ClosingCondition;
    }
  /** Ask the handler and come back with an `answer` of the same number. */
  | { readonly kind: 'ask'; readonly ask: number; readonly turn: UserTurn; readonly context: AnswerContext }
  /** Let something go wrong, here in the order. */
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** For the journal: a message was taken, a frame refused, something odd let pass. */
  | { readonly kind: 'taken'; readonly bytes: number; readonly message: ClientMessage }
  | { readonly kind: 'refused'; readonly bytes: number; readonly problem: string }
  /** `once` names what is warned of: the log says it once a run, the journal of every session. */
  | { readonly kind: 'warn'; readonly text: string; readonly once?: string };
