/**
 * What is going on in the conversation, as far as the wire tells: is the model talking, do tools run, which
 * state could be resumed. Pure: an activity and a message make the next activity.
 * @module
 */
import type { ClientMessage, FunctionResponse, ServerMessage } from '@livegate/protocol';

/** The conversation at one moment. */
export interface Activity {
  /** The model has begun a turn and not ended it. */
  readonly modelTurn: boolean;
  /** Calls without an answer, by id (by name where the service gives none). */
  readonly tools: ReadonlySet<string>;
  /** The calls that the resumable state waits for, answered since or not. */
  readonly knownTools: ReadonlySet<string>;
  /** The last handle that could be resumed. A secret. */
  readonly handle: string | undefined;
  /** Something happened that `handle` does not hold. */
  readonly stale: boolean;
}

/** Before anything was said. */
export const NO_ACTIVITY: Activity = {
  modelTurn: false,
  tools: new Set(),
  knownTools: new Set(),
  handle: undefined,
  stale: false,
};

/** True for a message that begins or goes on with an answer. */
export function isAnswer(message: ServerMessage): boolean {
  const content = message.serverContent;
  return (
    message.toolCall !== undefined ||
    content?.outputTranscription !== undefined ||
    (content?.modelTurn?.parts?.length ?? 0) > 0
  );
}

/** The activity after a message of the server. */
export function afterServerMessage(activity: Activity, message: ServerMessage): Activity {
  let { modelTurn, tools, knownTools, handle, stale } = activity;
  if (isAnswer(message)) {
    modelTurn = true;
    stale = true;
  }
  const calls = message.toolCall?.functionCalls ?? [];
  if (calls.length > 0) tools = new Set([...tools, ...calls.map(({ id, name }) => id ?? name)]);
  const cancelled = message.toolCallCancellation?.ids ?? [];
  if (cancelled.length > 0) tools = new Set([...tools].filter((id) => !cancelled.includes(id)));
  if (message.serverContent?.turnComplete) {
    modelTurn = false;
    stale = true;
  }
  const update = message.sessionResumptionUpdate;
  if (update?.newHandle && update.resumable !== false) {
    handle = update.newHandle;
    stale = modelTurn;
    knownTools = tools;
  }
  return { modelTurn, tools, knownTools, handle, stale };
}

/** The activity after a message of ours. */
export function afterClientMessage(activity: Activity, message: ClientMessage): Activity {
  const responses = responsesIn(message);
  if (responses.length > 0) {
    const answered = responses.filter(({ willContinue }) => !willContinue).map(({ id, name }) => id ?? name);
    const tools = new Set([...activity.tools].filter((id) => !answered.includes(id)));
    // The model goes on with its turn once it has the answer, unless it is to keep it to itself.
    const spoken = responses.some(({ scheduling }) => scheduling !== 'SILENT');
    return { ...activity, tools, modelTurn: activity.modelTurn || spoken, stale: true };
  }
  if ('clientContent' in message || 'contextUpdate' in message) return { ...activity, stale: true };
  return activity;
}

/** Answers to function calls, whichever way they go out. */
export function responsesIn(message: ClientMessage): readonly FunctionResponse[] {
  if ('toolResponse' in message) return message.toolResponse.functionResponses ?? [];
  if (!('clientContent' in message)) return [];
  const parts = message.clientContent.turns?.flatMap((turn) => turn.parts ?? []) ?? [];
  return parts.flatMap(({ functionResponse }) => functionResponse ?? []);
}

/** The activity on a new connection that took up `handle`, or started afresh without. */
export function afterMove(activity: Activity, handle: string | undefined): Activity {
  const tools =
    handle === undefined
      ? new Set<string>()
      : new Set([...activity.tools].filter((id) => activity.knownTools.has(id)));
  // The same state is resumed at the next drop, with the calls that have been answered since.
  const knownTools = handle === undefined ? tools : activity.knownTools;
  return { modelTurn: false, tools, knownTools, handle, stale: false };
}

/** Calls that the state behind the handle does not know: their answers would be unknown to the model. */
export function orphanedTools(activity: Activity, resumed: boolean): readonly string[] {
  return [...activity.tools].filter((id) => !resumed || !activity.knownTools.has(id));
}
