/**
 * From a message of the wire to what `receive()` yields.
 * @module
 */
import { durationSeconds, type ServerMessage } from '@livegate/protocol';
import type { LiveServerContent, LiveServerMessage, LiveServerToolCallCancellation } from './live-types.ts';

/** How a message may be dropped by a consumer that does not keep up: audio first, control never. */
export type Weight = 'audio' | 'content' | 'control';

/** What is yielded beside the plain thing. */
export interface YieldOptions {
  /** The app asked for resumption itself, so that it gets updates and notices too. */
  readonly control: boolean;
  /** The transcript of what the model says stands in for its audio, as text. */
  readonly transcript: boolean;
}

/** What a message yields, in firebase/ai's order of kinds; a frame with two kinds yields both. */
export function yieldsOf(
  message: ServerMessage,
  { control, transcript }: YieldOptions,
): readonly LiveServerMessage[] {
  const yields: LiveServerMessage[] = [];
  // The codec has checked the fields; unknown ones ride along, as they do with firebase/ai.
  if (message.serverContent) {
    const content = { type: 'serverContent', ...message.serverContent } as LiveServerContent;
    yields.push(transcript ? asText(content) : content);
  }
  if (message.toolCall) {
    const functionCalls = message.toolCall.functionCalls ?? [];
    yields.push({
      type: 'toolCall',
      ...message.toolCall,
      functionCalls: functionCalls.map((call) => ({ ...call, args: call.args ?? {} })),
    });
  }
  if (message.toolCallCancellation) yields.push(cancellation(message.toolCallCancellation.ids ?? []));
  if (!control) return yields;
  if (message.goAway)
    yields.push({ type: 'goingAwayNotice', timeLeft: durationSeconds(message.goAway.timeLeft) });
  if (message.sessionResumptionUpdate)
    yields.push({ type: 'sessionResumptionUpdate', ...message.sessionResumptionUpdate });
  return yields;
}

/** The same turn with the transcript's piece as its text, and without the audio. */
function asText(content: LiveServerContent): LiveServerContent {
  const { modelTurn, ...rest } = content;
  const text = content.outputTranscription?.text;
  const kept = (modelTurn?.parts ?? []).filter(
    ({ inlineData }) => !inlineData?.mimeType.startsWith('audio/'),
  );
  const parts = text === undefined || text === '' ? kept : [...kept, { text }];
  return parts.length === 0 ? rest : { ...rest, modelTurn: { role: 'model', parts } };
}

/** A cancellation under both names: the service says `ids`, firebase/ai's type says `functionIds`. */
export function cancellation(ids: readonly string[]): LiveServerToolCallCancellation & { ids: string[] } {
  return { type: 'toolCallCancellation', functionIds: [...ids], ids: [...ids] };
}

/** How heavy a message weighs when something must go. */
export function weightOf(message: LiveServerMessage): Weight {
  if (message.type !== 'serverContent') return 'control';
  const { modelTurn, turnComplete, interrupted, inputTranscription, outputTranscription, ...rest } = message;
  if (turnComplete || interrupted || 'generationComplete' in rest) return 'control';
  const isAudio = modelTurn?.parts?.some(({ inlineData }) => inlineData?.mimeType.startsWith('audio/'));
  return isAudio && !inputTranscription && !outputTranscription ? 'audio' : 'content';
}
