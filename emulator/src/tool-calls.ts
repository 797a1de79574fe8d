/**
 * The function calls of one conversation and what became of each.
 * @module
 */
import type {
  FunctionCall,
  FunctionResponse,
  FunctionResponseScheduling,
  LiveSetup,
} from '@livegate/protocol';
import type { HistoryEntry, ToolRequest } from './answer.ts';
import { calledFunction, type FunctionBehavior } from './function-behavior.ts';
import type { EmulatorSettings } from './options.ts';

/** Calls that were made. */
export interface CallsOpened {
  readonly calls: readonly FunctionCall[];
  /** True where one of them holds the conversation up. */
  readonly isBlocking: boolean;
  readonly warnings: readonly string[];
}

/** What responses did: which count and how, whether anything holds the conversation up still, and what is odd. */
export interface ResponsesTaken {
  /** To blocking calls. */
  readonly blocking: readonly FunctionResponse[];
  /** To non-blocking ones, by when the model is to hear of them. */
  readonly scheduled: Readonly<Record<FunctionResponseScheduling, readonly FunctionResponse[]>>;
  /** Index of the latest turn whose non-blocking calls these answer. */
  readonly turnIndex: number;
  /** True where no blocking call is open any more. */
  readonly isComplete: boolean;
  readonly refused?: 'unknown-function-call' | 'invalid-field';
  readonly warnings: readonly string[];
}

/** What the calls of a conversation follow. */
export type CallRules = Pick<EmulatorSettings, 'defaultBehavior'>;

interface Call {
  readonly name: string;
  readonly behavior: FunctionBehavior;
  readonly turnIndex: number;
  state: 'open' | 'answered' | 'cancelled';
}

type Taking = { -readonly [K in keyof ResponsesTaken]: ResponsesTaken[K] } & {
  readonly blocking: FunctionResponse[];
  readonly scheduled: Readonly<Record<FunctionResponseScheduling, FunctionResponse[]>>;
  readonly warnings: string[];
};

/** Makes call ids and matches responses to them. */
export class ToolCalls {
  readonly #prefix: string;
  readonly #rules: CallRules;
  readonly #calls = new Map<string, Call>();

  /** `prefix` keeps the ids of different connections apart. */
  constructor(prefix: string, rules: CallRules) {
    this.#prefix = prefix;
    this.#rules = rules;
  }

  /**
   * Knows the calls of a resumed conversation: those that nothing waited for and nobody has answered
   * are open still, called by the turn `turnIndex`.
   */
  restore(history: readonly HistoryEntry[], setup: LiveSetup, turnIndex: number): void {
    const answered = new Set(
      history.flatMap(({ functionResponses = [] }) =>
        functionResponses.filter((response) => !continues(response)).map(({ id }) => id),
      ),
    );
    for (const { id, name } of history.flatMap(({ functionCalls = [] }) => functionCalls)) {
      if (id === undefined) continue;
      const { behavior } = calledFunction(name, setup, this.#rules);
      // A handle is made between turns: what blocks and has no response by then was cancelled.
      const unanswered = behavior === 'blocking' ? 'cancelled' : 'open';
      this.#calls.set(id, { name, behavior, turnIndex, state: answered.has(id) ? 'answered' : unanswered });
    }
  }

  /** Gives every request of a turn an id of its own and waits for its response. */
  open(requests: readonly ToolRequest[], setup: LiveSetup, turnIndex: number): CallsOpened {
    const warnings: string[] = [];
    let isBlocking = false;
    const calls = requests.map(({ name, args = {}, id }) => {
      const { behavior, isDeclared } = calledFunction(name, setup, this.#rules);
      if (!isDeclared) warnings.push(`The answer calls «${name}», which no tool in force declares.`);
      const isTaken = id !== undefined && this.#calls.has(id);
      if (isTaken) warnings.push(`The answer gives a call of «${name}» the id of another; it got a new one.`);
      const call = { id: id === undefined || isTaken ? this.#newId() : id, name, args };
      this.#calls.set(call.id, { name, behavior, turnIndex, state: 'open' });
      isBlocking ||= behavior === 'blocking';
      return call;
    });
    return { calls, isBlocking, warnings };
  }

  /**
   * Takes responses. One without an id answers the first open call of its name. A response to a call that was
   * cancelled or answered before is left out with a warning: it may have been under way. A non-blocking call stays
   * open while its responses say `willContinue`. `scheduling` and `willContinue` may also stand inside `response`,
   * where documents had them once.
   */
  take(responses: readonly FunctionResponse[]): ResponsesTaken {
    const taking: Taking = {
      blocking: [],
      scheduled: { SILENT: [], WHEN_IDLE: [], INTERRUPT: [] },
      turnIndex: 0,
      isComplete: false,
      warnings: [],
    };
    for (const response of responses) {
      if (taking.refused === undefined) this.#takeOne(response, taking);
    }
    taking.isComplete = !this.#open().some(([, { behavior }]) => behavior === 'blocking');
    return taking;
  }

  /** Cancels what is open and blocks, and what the turn `turnIndex` called without waiting; gives the ids. */
  cancel(turnIndex?: number): readonly string[] {
    const cancelled = this.#open().filter(
      ([, call]) => call.behavior === 'blocking' || call.turnIndex === turnIndex,
    );
    for (const [, call] of cancelled) call.state = 'cancelled';
    return cancelled.map(([id]) => id);
  }

  #takeOne(response: FunctionResponse, taking: Taking): void {
    const id = response.id ?? this.#openCallOf(response.name);
    const call = id === undefined ? undefined : this.#calls.get(id);
    const scheduling = schedulingOf(response);
    if (id === undefined || call === undefined) taking.refused = 'unknown-function-call';
    else if (scheduling === 'invalid') taking.refused = 'invalid-field';
    else if (call.state !== 'open')
      taking.warnings.push(`A function response came for a call that was ${call.state} before.`);
    else {
      if (response.name !== call.name)
        taking.warnings.push(`A response to a call of «${call.name}» names another function.`);
      if (call.behavior === 'blocking') {
        if (scheduling !== undefined || continues(response))
          taking.warnings.push(`«${call.name}» blocks: scheduling and willContinue are ignored.`);
        taking.blocking.push({ ...response, id });
      } else {
        taking.scheduled[scheduling ?? 'WHEN_IDLE'].push({ ...response, id });
        taking.turnIndex = Math.max(taking.turnIndex, call.turnIndex);
      }
      if (call.behavior === 'blocking' || !continues(response)) call.state = 'answered';
    }
  }

  #newId(): string {
    for (let number = this.#calls.size + 1; ; number++) {
      const id = `${this.#prefix}-call-${number}`;
      if (!this.#calls.has(id)) return id;
    }
  }

  #openCallOf(name: string): string | undefined {
    return this.#open().find(([, call]) => call.name === name)?.[0];
  }

  #open(): readonly (readonly [string, Call])[] {
    return [...this.#calls].filter(([, { state }]) => state === 'open');
  }
}

function schedulingOf({
  scheduling,
  response,
}: FunctionResponse): FunctionResponseScheduling | 'invalid' | undefined {
  const asked: unknown = scheduling ?? response?.scheduling;
  if (asked === 'SILENT' || asked === 'WHEN_IDLE' || asked === 'INTERRUPT') return asked;
  // What stands inside `response` is the application's own: no word of it is wrong.
  return scheduling === undefined || asked === 'SCHEDULING_UNSPECIFIED' ? undefined : 'invalid';
}

function continues({ willContinue, response }: FunctionResponse): boolean {
  return (willContinue ?? response?.willContinue ?? response?.will_continue) === true;
}
