/**
 * Who is answered what: the handler the emulator was started with, and what was laid down since.
 * @module
 */
import type { Answer, AnswerContext, AnswerHandler, UserTurn } from './answer.ts';

/** Whom a laid-down answer is for, and how often. Without either of the first two: everybody. */
export interface AnswerScope {
  /** One connection. */
  readonly sessionId?: string;
  /** Sessions whose system instruction is exactly this text. */
  readonly instruction?: string;
  /** How many times it is given; then the handler has its say again. Default: until it is taken back. */
  readonly times?: number;
}

/** An answer that was laid down, and how often it is still given. */
export interface LaidAnswer extends AnswerScope {
  readonly answer: Answer;
}

/** Answers laid down beside a handler. One for each target; the narrowest that fits is given. */
export class AnswerBook {
  readonly #handler: AnswerHandler;
  #laid: readonly LaidAnswer[] = [];

  constructor(handler: AnswerHandler) {
    this.#handler = handler;
  }

  /** Lays an answer down in place of the one for the same target; `undefined` takes that one back. */
  lay(answer: Answer | undefined, scope: AnswerScope = {}): void {
    const others = this.#laid.filter((each) => !isSameTarget(each, scope));
    this.#laid = answer === undefined ? others : [...others, { ...scope, answer }];
  }

  /** What is laid down now. */
  get laid(): readonly LaidAnswer[] {
    return this.#laid;
  }

  /** Takes everything back. */
  clear(): void {
    this.#laid = [];
  }

  /** The answer to a turn. */
  readonly answer: AnswerHandler = (turn: UserTurn, context: AnswerContext) => {
    // What is laid down waits for the user: a greeting would use it up.
    if (turn.cause === 'session-start') return this.#handler(turn, context);
    const found = this.#laid
      .filter((each) => fits(each, context))
      .reduce<LaidAnswer | undefined>(
        (best, each) => (best && narrowness(best) >= narrowness(each) ? best : each),
        undefined,
      );
    if (!found) return this.#handler(turn, context);
    this.#count(found);
    return found.answer;
  };

  #count(given: LaidAnswer): void {
    if (given.times === undefined) return;
    const times = given.times - 1;
    this.#laid = this.#laid.flatMap((each) => {
      if (each !== given) return [each];
      return times > 0 ? [{ ...each, times }] : [];
    });
  }
}

function isSameTarget(a: AnswerScope, b: AnswerScope): boolean {
  return a.sessionId === b.sessionId && a.instruction === b.instruction;
}

function fits({ sessionId, instruction }: AnswerScope, { sessionId: id, setup }: AnswerContext): boolean {
  if (sessionId !== undefined && sessionId !== id) return false;
  return instruction === undefined || instruction === instructionOf(setup);
}

function instructionOf({ systemInstruction }: AnswerContext['setup']): string | undefined {
  return systemInstruction?.parts?.map(({ text = '' }) => text).join('');
}

function narrowness({ sessionId, instruction }: AnswerScope): number {
  return (sessionId === undefined ? 0 : 2) + (instruction === undefined ? 0 : 1);
}
