/**
 * What a rule asks for, as questions about a turn. Pure.
 * @module
 */
import { INPUT_SAMPLE_RATE_HZ, isObject, type JsonObject, modelId } from '@livegate/protocol';
import type { AnswerContext, UserTurn } from './answer.ts';
import { boundedPattern } from './bounded-pattern.ts';
import type { NumberMatch, TextMatch, ToolResultMatch, UserCause, When } from './scenario.ts';

/** A turn with what is known around it. */
export interface ScenarioMoment {
  readonly turn: UserTurn;
  readonly context: AnswerContext;
  readonly state: string;
}

/** True where what is asked for is so. */
export type Condition = (moment: ScenarioMoment) => boolean;

/** Where every conversation begins. */
export const START_STATE = 'start';

/**
 * Text that is the same, holds the same, or fits a pattern. Throws a SyntaxError for a pattern that is none; a look at a
 * text throws as {@link boundedPattern} says.
 */
export function textIs(match: TextMatch): (text: string) => boolean {
  const asked = typeof match === 'string' ? { is: match } : match;
  const { caseSensitive = false } = asked as { readonly caseSensitive?: boolean };
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase()).normalize('NFC').trim();
  if ('matches' in asked) return boundedPattern(asked.matches, caseSensitive ? 'u' : 'iu');
  if ('contains' in asked) {
    const part = fold(asked.contains);
    return (text) => fold(text).includes(part);
  }
  const whole = fold(asked.is);
  return (text) => fold(text) === whole;
}

/** A number that is the same or in bounds. */
function numberIs(match: NumberMatch): (value: number) => boolean {
  if (typeof match === 'number') return (value) => value === match;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = match;
  return (value) => value >= atLeast && value <= atMost;
}

/** True where `value` holds all that `asked` does: objects may hold more, lists may not. */
export function holds(value: unknown, asked: unknown): boolean {
  if (Array.isArray(asked))
    return (
      Array.isArray(value) &&
      value.length === asked.length &&
      asked.every((each, index) => holds(value[index], each))
    );
  if (isObject(asked))
    return isObject(value) && Object.entries(asked).every(([key, each]) => holds(value[key], each));
  return value === asked;
}

/** What each field of `when` asks. */
export const CONDITIONS = {
  text: (match: TextMatch) => {
    const is = textIs(match);
    return ({ turn }) => turn.text !== undefined && is(turn.text);
  },
  audioSeconds: (match: NumberMatch) => {
    const is = numberIs(match);
    return ({ turn }) => turn.audio !== undefined && is(turn.audio.length / INPUT_SAMPLE_RATE_HZ);
  },
  turn: (match: NumberMatch) => {
    const is = numberIs(match);
    return ({ turn }) => is(turn.index + 1);
  },
  videoFrames: (match: NumberMatch) => {
    const is = numberIs(match);
    return ({ turn }) => is(turn.videoFrames);
  },
  toolResult: (matches: readonly ToolResultMatch[]) => {
    return ({ turn }) => matches.every((match) => hasResult(turn, match));
  },
  cause: (causes: readonly UserCause[]) => {
    return ({ turn }) => (causes as readonly string[]).includes(turn.cause);
  },
  sessionStart: (which: NonNullable<When['sessionStart']>) => {
    return ({ turn, context }) =>
      turn.cause === 'session-start' &&
      (which === 'any' || which === (context.resumedFrom === undefined ? 'new' : 'resumed'));
  },
  model: (match: TextMatch) => {
    const is = textIs(match);
    return ({ context }) => is(modelId(context.setup.model));
  },
  systemInstruction: (match: TextMatch) => {
    const is = textIs(match);
    return ({ context }) => {
      const parts = context.setup.systemInstruction?.parts ?? [];
      return is(parts.map((part) => part.text ?? '').join('\n'));
    };
  },
  setup: (asked: JsonObject) => {
    return ({ context }) => holds(context.setup, asked);
  },
  state: (states: readonly string[]) => {
    return ({ state }) => states.includes(state);
  },
} as const satisfies { readonly [K in keyof When]-?: (match: never) => Condition };

/**
 * All conditions of a rule as one. What `when` does not name is not asked, but for two causes that a rule must ask
 * for: a rule for what the user says would otherwise answer its own tool's response, and speak before the user does.
 */
export function allOf(
  conditions: Readonly<Partial<Record<keyof When, Condition>>>,
  causes: readonly UserCause[] = [],
): Condition {
  const asked = Object.values(conditions);
  const takesResponses = conditions.toolResult !== undefined || causes.includes('tool-response');
  return (moment) => {
    const { cause } = moment.turn;
    if (cause === 'tool-response' && !takesResponses) return false;
    if (cause === 'session-start' && conditions.sessionStart === undefined) return false;
    return asked.every((condition) => condition(moment));
  };
}

function hasResult(turn: UserTurn, { name, response }: ToolResultMatch): boolean {
  return (turn.functionResponses ?? []).some(
    (each) =>
      (name === undefined || each.name === name) &&
      (response === undefined || holds(each.response ?? {}, response)),
  );
}
