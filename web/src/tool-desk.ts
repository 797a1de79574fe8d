/**
 * Runs the functions that the model calls, beside the audio.
 * @module
 */
import type { FunctionCall, FunctionResponse } from './content-types.ts';

/** Runs one call; the page's own. */
export type FunctionCallingHandler = (functionCalls: FunctionCall[]) => Promise<FunctionResponse>;

/**
 * Answers every call of a message in one message, each under its own id. The handler gets the calls one by one,
 * because it can give but one answer; the calls of a message run side by side. A handler that fails makes an answer
 * that says so, with the error's message: the model waits for an answer and must get one. Cancelled calls and
 * results that come after {@link ToolDesk.close} are not answered.
 */
export class ToolDesk {
  readonly #handler: FunctionCallingHandler;
  readonly #answer: (responses: FunctionResponse[]) => Promise<void>;
  readonly #onFailed: (name: string, error: unknown) => void;
  readonly #cancelled = new Set<string>();
  #isClosed = false;

  constructor(options: {
    readonly handler: FunctionCallingHandler;
    readonly answer: (responses: FunctionResponse[]) => Promise<void>;
    readonly onFailed: (name: string, error: unknown) => void;
  }) {
    this.#handler = options.handler;
    this.#answer = options.answer;
    this.#onFailed = options.onFailed;
  }

  /** Runs the calls of one message and answers them. Never rejects. */
  async run(calls: readonly FunctionCall[]): Promise<void> {
    const answers = await Promise.all(calls.map((call) => this.#one(call)));
    const wanted = answers.filter(({ id }) => id === undefined || !this.#cancelled.delete(id));
    if (this.#isClosed || wanted.length === 0) return;
    try {
      await this.#answer(wanted);
    } catch (error) {
      for (const { name } of wanted) this.#onFailed(name, error);
    }
  }

  /** These calls need no answer any more. */
  cancel(ids: readonly string[]): void {
    for (const id of ids) this.#cancelled.add(id);
  }

  /** Nothing is answered from here on. */
  close(): void {
    this.#isClosed = true;
  }

  async #one(call: FunctionCall): Promise<FunctionResponse> {
    const { id, name } = call;
    const own = id === undefined ? { name } : { id, name };
    try {
      const answer: unknown = await this.#handler([call]);
      if (!isResponse(answer)) throw new TypeError('The handler gave no function response.');
      return { ...answer, ...own };
    } catch (error) {
      this.#onFailed(name, error);
      return { ...own, response: { error: error instanceof Error ? error.message : String(error) } };
    }
  }
}

function isResponse(answer: unknown): answer is FunctionResponse {
  if (typeof answer !== 'object' || answer === null || !('response' in answer)) return false;
  return typeof answer.response === 'object' && answer.response !== null;
}
