/**
 * What a timeline tells of the functions that the model calls: names, times and how each ended, whoever runs them.
 * @module
 */
import {
  type ClientMessage,
  isObject,
  type ServerMessage,
  TOOL_NAME_CHARACTERS,
  type ToolCallDetail,
} from '@livegate/protocol';
import { responsesIn } from './activity.ts';

interface Call {
  readonly name: string;
  readonly began: number;
}

/** Watches the calls of one session. Times by its clock, in ms. */
export class ToolWatch {
  /** Calls without an answer, by id (by name where the service gives none). */
  readonly #calls = new Map<string, Call>();

  /** Takes a message of the server. Answers the calls that it cancels. */
  hear({ toolCall, toolCallCancellation }: ServerMessage, at: number): readonly ToolCallDetail[] {
    for (const { id, name } of toolCall?.functionCalls ?? [])
      if (!this.#calls.has(id ?? name)) this.#calls.set(id ?? name, { name, began: at });
    return this.cancel(toolCallCancellation?.ids ?? [], at);
  }

  /** Takes a message of the app. Answers the calls that it answers. */
  say(message: ClientMessage, at: number): readonly ToolCallDetail[] {
    const last = responsesIn(message).filter(({ willContinue }) => !willContinue);
    return last.flatMap(({ id, name, response }) =>
      this.#end(id ?? name, {
        at,
        outcome: isObject(response) && 'error' in response ? 'failed' : 'answered',
      }),
    );
  }

  /** Nobody waits for these any more. */
  cancel(ids: readonly string[], at: number): readonly ToolCallDetail[] {
    return ids.flatMap((id) => this.#end(id, { at, outcome: 'cancelled' }));
  }

  /** Nobody waits for any. */
  cancelAll(at: number): readonly ToolCallDetail[] {
    return this.cancel([...this.#calls.keys()], at);
  }

  #end(
    id: string,
    { at, outcome }: { readonly at: number; readonly outcome: ToolCallDetail['outcome'] },
  ): readonly ToolCallDetail[] {
    const call = this.#calls.get(id);
    if (!call) return [];
    this.#calls.delete(id);
    return [
      {
        name: call.name.slice(0, TOOL_NAME_CHARACTERS),
        ms: Math.max(0, Math.round(at - call.began)),
        outcome,
      },
    ];
  }
}
