/**
 * The function calls of one conversation and what became of each.
 * @module
 */
import type { FunctionCall, FunctionResponse } from '@livegate/protocol';
import type { ToolRequest } from './answer.ts';

/** What responses did: which count, whether every call has its answer, and an id that was never called. */
export interface ResponsesTaken {
  readonly taken: readonly FunctionResponse[];
  readonly isComplete: boolean;
  readonly unknownId?: string;
  readonly warnings: readonly string[];
}

/** Makes call ids and matches responses to them. */
export class ToolCalls {
  readonly #prefix: string;
  readonly #calls = new Map<string, { readonly name: string; state: 'open' | 'answered' | 'cancelled' }>();

  /** `prefix` keeps the ids of different connections apart. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Gives every request an id and waits for its response. */
  open(requests: readonly ToolRequest[]): readonly FunctionCall[] {
    return requests.map(({ name, args = {}, id }) => {
      const call = { id: id ?? `${this.#prefix}-call-${this.#calls.size + 1}`, name, args };
      this.#calls.set(call.id, { name, state: 'open' });
      return call;
    });
  }

  /**
   * Takes responses. One without an id answers the first open call of its name. A response to a call that was
   * cancelled or answered before is left out with a warning: it may have been under way.
   */
  take(responses: readonly FunctionResponse[]): ResponsesTaken {
    const taken: FunctionResponse[] = [];
    const warnings: string[] = [];
    for (const response of responses) {
      const id = response.id ?? this.#openCallOf(response.name);
      const call = id === undefined ? undefined : this.#calls.get(id);
      if (id === undefined || call === undefined)
        return { taken, isComplete: false, unknownId: id ?? '', warnings };
      if (call.state === 'open') {
        call.state = 'answered';
        taken.push({ ...response, id });
      } else warnings.push(`A function response came for a call that was ${call.state} before.`);
    }
    return { taken, isComplete: this.#openIds().length === 0, warnings };
  }

  /** Cancels what is open; gives its ids. */
  cancel(): readonly string[] {
    const ids = this.#openIds();
    for (const id of ids) {
      const call = this.#calls.get(id);
      if (call) call.state = 'cancelled';
    }
    return ids;
  }

  #openCallOf(name: string): string | undefined {
    return this.#openIds().find((id) => this.#calls.get(id)?.name === name);
  }

  #openIds(): readonly string[] {
    return [...this.#calls].filter(([, { state }]) => state === 'open').map(([id]) => id);
  }
}
