/**
 * Runs the functions that the model calls, beside the audio.
 * @module
 */
import type { FunctionResponseScheduling } from '@livegate/protocol';
import type { FunctionCall, FunctionResponse } from './content-types.ts';
import { AIError } from './errors.ts';

/** Runs one call; the page's own. */
export type FunctionCallingHandler = (functionCalls: FunctionCall[]) => Promise<FunctionResponse>;

/** What a {@link LiveTool} is told beside its arguments. */
export interface LiveToolCall {
  readonly id: string | undefined;
  readonly name: string;
  /** Aborted when nobody waits for the answer any more: cancelled by the model, out of time, or the talk is over. */
  readonly signal: AbortSignal;
}

/** One function of the page that the model may call. */
export interface LiveTool {
  /** Gives the result, an object that JSON can hold, no array. What it throws is told to the model as `{ error }`. */
  run(args: object, call: LiveToolCall): object | Promise<object>;
  /** After so long the model is told that there is no answer, and the signal is aborted. In ms; 30,000 if unset. */
  readonly timeoutMs?: number;
  /**
   * For functions declared `NON_BLOCKING`: the model talks on, and the answer is sent as soon as it is there. Says what
   * the model does with it: `INTERRUPT` (tells at once), `WHEN_IDLE`, `SILENT` (keeps it for later).
   */
  readonly scheduling?: FunctionResponseScheduling;
}

/** What happens to a call: never its arguments, its result or what it failed of. */
export interface ToolCallEvent {
  readonly id: string | undefined;
  readonly name: string;
  /** `failed`: it threw, took too long or does not exist. `cancelled`: by the model, or the talk is over. */
  readonly state: 'began' | 'ended' | 'failed' | 'cancelled';
  /** Since it began. */
  readonly ms: number;
}

/** Functions by name. */
export type LiveTools = Readonly<Record<string, LiveTool>>;

const TIMEOUT_MS = 30_000;
/** Answers that are kept, for calls that come again after a drop: their function is not run a second time. */
const REMEMBERED = 100;

/** What a {@link ToolDesk} takes. */
export interface ToolDeskOptions {
  readonly handler?: FunctionCallingHandler | undefined;
  readonly tools?: LiveTools | undefined;
  readonly answer: (responses: FunctionResponse[]) => Promise<void>;
  readonly onCall: (event: ToolCallEvent) => void;
  readonly onFailed: (name: string, error: unknown) => void;
  /** In ms. */
  readonly now: () => number;
  readonly after: (ms: number, wake: () => void) => () => void;
}

interface Running {
  readonly abort: AbortController;
  /** `undefined`: no answer is wanted. */
  readonly answer: Promise<FunctionResponse | undefined>;
}

/**
 * Answers every call of a message under its own id: those that the model waits for in one message, others as soon as
 * they are done. The handler gets the calls one by one, because it can give but one answer; the calls of a message run
 * side by side, and once for each id. A function that fails, takes too long, does not exist or gives what JSON cannot
 * hold makes an answer that says so: the model waits for one and must get one. Cancelled calls and results that come after
 * {@link ToolDesk.close} are not answered.
 */
export class ToolDesk {
  readonly #options: ToolDeskOptions;
  readonly #known = new Map<string, Running>();
  readonly #running = new Set<Running>();
  #isClosed = false;

  constructor(options: ToolDeskOptions) {
    this.#options = options;
  }

  /** Runs the calls of one message and answers them. Never rejects. */
  async run(calls: readonly FunctionCall[]): Promise<void> {
    const awaited = calls.filter(({ name }) => this.#tool(name)?.scheduling === undefined);
    const others = calls.filter((call) => !awaited.includes(call));
    await Promise.all([awaited, ...others.map((call) => [call])].map((each) => this.#together(each)));
  }

  /** These calls need no answer any more. */
  cancel(ids: readonly string[]): void {
    for (const id of ids) this.#known.get(id)?.abort.abort();
  }

  /** Nothing is answered from here on. */
  close(): void {
    this.#isClosed = true;
    for (const { abort } of this.#running) abort.abort();
  }

  async #together(calls: readonly FunctionCall[]): Promise<void> {
    const answers = await Promise.all(calls.map((call) => this.#once(call).answer));
    const wanted = answers.filter((answer) => answer !== undefined);
    if (this.#isClosed || wanted.length === 0) return;
    try {
      await this.#options.answer(wanted);
    } catch (error) {
      for (const { name } of wanted) this.#options.onFailed(name, error);
    }
  }

  #once(call: FunctionCall): Running {
    const known = call.id === undefined ? undefined : this.#known.get(call.id);
    if (known && !known.abort.signal.aborted) return known;
    const abort = new AbortController();
    const running: Running = { abort, answer: this.#one(call, abort) };
    this.#running.add(running);
    void running.answer.finally(() => this.#running.delete(running));
    if (call.id !== undefined) {
      this.#known.set(call.id, running);
      const [oldest] = this.#known.keys();
      if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    }
    return running;
  }

  async #one(call: FunctionCall, abort: AbortController): Promise<FunctionResponse | undefined> {
    const { id, name } = call;
    const scheduling = this.#tool(name)?.scheduling;
    const own = { ...(id !== undefined && { id }), name, ...(scheduling && { scheduling }) };
    const { signal } = abort;
    const { now, onCall } = this.#options;
    const began = now();
    const tell = (state: ToolCallEvent['state']): void => onCall({ id, name, state, ms: now() - began });
    tell('began');
    const cancelled = new Promise<undefined>((resolve) =>
      signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    );
    const late = Promise.withResolvers<never>();
    const timeoutMs = this.#tool(name) && (this.#tool(name)?.timeoutMs ?? TIMEOUT_MS);
    const stopTimer =
      timeoutMs === undefined
        ? undefined
        : this.#options.after(timeoutMs, () =>
            late.reject(new AIError('error', `The function ${name} gave no answer in ${timeoutMs} ms.`)),
          );
    try {
      const answer = await Promise.race([this.#result(call, signal), cancelled, late.promise]);
      const isWanted = answer && !signal.aborted;
      tell(isWanted ? 'ended' : 'cancelled');
      return isWanted ? { ...answer, ...own } : undefined;
    } catch (error) {
      tell(signal.aborted ? 'cancelled' : 'failed');
      if (signal.aborted) return undefined;
      this.#options.onFailed(name, error);
      return { ...own, response: { error: wordsOf(error) } };
    } finally {
      stopTimer?.();
      // Whatever still runs of it runs for nobody. After the answer is made: it is not cancelled.
      if (timeoutMs !== undefined) queueMicrotask(() => this.#abandon(call, abort));
    }
  }

  /** Aborts the signal of a call that is over, and keeps its answer known. */
  #abandon({ id }: FunctionCall, abort: AbortController): void {
    const known = id === undefined ? undefined : this.#known.get(id);
    if (known?.abort === abort && id !== undefined && !abort.signal.aborted)
      this.#known.set(id, { abort: new AbortController(), answer: known.answer });
    abort.abort();
  }

  async #result(call: FunctionCall, signal: AbortSignal): Promise<FunctionResponse> {
    const { id, name, args } = call;
    const tool = this.#tool(name);
    if (tool) {
      const response = asSent(await tool.run(args, { id, name, signal }));
      if (!isObject(response)) throw new TypeError(`The function ${name} gave no object.`);
      return { name, response };
    }
    const { handler } = this.#options;
    if (!handler) throw new Error(`There is no function ${name}.`);
    const answer = asSent(await handler([call]));
    if (!isResponse(answer)) throw new TypeError('The handler gave no function response.');
    return answer;
  }

  #tool(name: string): LiveTool | undefined {
    const { tools } = this.#options;
    return tools && Object.hasOwn(tools, name) ? tools[name] : undefined;
  }
}

/** What JSON makes of a result: here it can still become an error of its own call. Throws `TypeError`. */
function asSent(result: unknown): unknown {
  const text: string | undefined = JSON.stringify(result);
  return text === undefined ? undefined : JSON.parse(text);
}

/** A function may throw anything. */
function wordsOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'The function failed.';
  }
}

/** An object as the protocol's `Struct` is one: a list is none. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isResponse(answer: unknown): answer is FunctionResponse {
  return isObject(answer) && 'response' in answer && isObject(answer.response);
}
